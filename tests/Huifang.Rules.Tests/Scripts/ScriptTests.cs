using Huifang.Languages;
using Huifang.Scripts;

namespace Huifang.Rules.Tests.Scripts;

public sealed class ScriptTests
{
    private static Localized T(string text) => new(text, text, text);

    private static Question Ask(string id, QuestionKind kind = QuestionKind.YesNo, bool required = true, bool aside = false, params Branch[] branches) =>
        new(id, kind, required, aside, T(id), null, kind == QuestionKind.Choice ? [new("a", T("a")), new("b", T("b"))] : [], 1, 5, false, 10, branches);

    private static Script Of(params Question[] questions) =>
        new("trial", 1, T("trial"), 8, [T("goal")], [new Section("one", T("one"), questions)], []);

    public static TheoryData<string> ShippedKeys => new(ShippedScripts.All.Select(script => script.Key));

    [Theory, MemberData(nameof(ShippedKeys))]
    public void A_shipped_script_has_nothing_to_find_fault_with(string key) =>
        Assert.Empty(ScriptRules.Check(ShippedScripts.Find(key)!));

    [Theory, MemberData(nameof(ShippedKeys))]
    public void A_script_written_and_read_again_is_the_same(string key)
    {
        var written = ScriptReader.Write(ShippedScripts.Find(key)!);
        Assert.Equal(written, ScriptReader.Write(ScriptReader.Read(written)));
    }

    /// <summary>Random answers, always allowed ones: the walk ends, every required question on its way has an answer, and it never asks twice.</summary>
    [Theory, MemberData(nameof(ShippedKeys))]
    public void Every_way_through_a_shipped_script_comes_to_its_end(string key)
    {
        const int Seed = 7;
        var random = new Random(Seed);
        var ends = new HashSet<string>();
        for (var round = 0; round < 300; round++)
        {
            var walk = ScriptWalk.Begin(ShippedScripts.Find(key)!);
            for (var steps = 0; walk.Open is { Question: var open }; steps++)
            {
                Assert.True(steps < ScriptReader.QuestionsMax, $"seed {Seed}, round {round}");
                var answer = open.Answers.Count > 0 ? new Answer(open.Id, open.Answers[random.Next(open.Answers.Count)], null) : new Answer(open.Id, null, "原话");
                if (!open.Required && random.Next(2) == 0) answer = Answer.Skip(open.Id);
                (walk, var refusal) = walk.With(answer);
                Assert.Null(refusal);
            }
            Assert.Empty(walk.Owed);
            Assert.Equal(walk.Way.Count, walk.Way.Select(step => step.Question.Id).Distinct().Count());
            ends.Add(walk.Way[^1].Question.Id);
        }
        Assert.Equal(["goodbye"], ends);
    }

    [Fact]
    public void An_answer_leads_to_its_aside_and_back_to_the_main_line()
    {
        var walk = ScriptWalk.Begin(Of(Ask("problem", branches: [new(["yes"], ["what"], null)]), Ask("what", QuestionKind.Text, aside: true), Ask("trust")));
        Assert.Equal(["problem", "trust"], walk.Way.Select(step => step.Question.Id));
        (walk, _) = walk.With(new("problem", "yes", null));
        Assert.Equal(["problem", "what", "trust"], walk.Way.Select(step => step.Question.Id));
        Assert.Equal(("what", "problem"), (walk.Open!.Question.Id, walk.Open.Because));
    }

    [Fact]
    public void A_changed_answer_sets_its_asides_aside_without_losing_the_words()
    {
        var walk = ScriptWalk.Begin(Of(Ask("problem", branches: [new(["yes"], ["what"], null)]), Ask("what", QuestionKind.Text, aside: true), Ask("trust")));
        (walk, _) = walk.With(new("problem", "yes", null));
        (walk, _) = walk.With(new("what", null, "转账转了两次"));
        (walk, _) = walk.With(new("problem", "no", null));
        Assert.DoesNotContain(walk.Answers, answer => answer.QuestionId == "what");
        (walk, _) = walk.With(new("problem", "yes", null));
        Assert.Contains(walk.Answers, answer => answer.Words == "转账转了两次");
    }

    [Fact]
    public void A_talk_resumes_at_the_same_question_whatever_order_its_answers_come_back_in()
    {
        var script = ShippedScripts.Find(ShippedScripts.WithdrawalFailed)!;
        var walk = ScriptWalk.Begin(script);
        foreach (var (id, value) in new[] { ("hello", "said"), ("time", "yes"), ("recording", "yes"), ("overall", "3"), ("which-step", "too-long") })
            (walk, _) = walk.With(new(id, value, null));
        Assert.Equal("would-help", walk.Open!.Question.Id);
        Assert.Equal("would-help", ScriptWalk.Resume(script, walk.Answers.Reverse()).Open!.Question.Id);
        Assert.Equal("which-step", walk.Back().Open!.Question.Id);
    }

    [Fact]
    public void A_customer_without_time_is_asked_when_and_then_let_go()
    {
        var walk = ScriptWalk.Begin(ShippedScripts.Find(ShippedScripts.Standard)!);
        (walk, _) = walk.With(new("hello", "said", null));
        (walk, _) = walk.With(new("time", "no", null));
        Assert.Equal(["hello", "time", "another-time", "goodbye"], walk.Way.Select(step => step.Question.Id));
    }

    [Theory]
    [InlineData("nowhere", "yes", null, AnswerRefusal.NoSuchQuestion)]
    [InlineData("later", "yes", null, AnswerRefusal.NotOnTheWay)]
    [InlineData("first", "maybe", null, AnswerRefusal.NoSuchAnswer)]
    [InlineData("first", null, "words alone", AnswerRefusal.NoSuchAnswer)]
    [InlineData("first", null, null, AnswerRefusal.Required)]
    public void What_does_not_answer_the_question_is_refused_with_its_reason(string id, string? value, string? words, AnswerRefusal reason)
    {
        var walk = ScriptWalk.Begin(Of(Ask("first", branches: [new(["yes"], ["later"], null)]), Ask("later", aside: true)));
        var (same, refusal) = walk.With(new(id, value, words));
        Assert.Equal(reason, refusal);
        Assert.Same(walk, same);
    }

    public static TheoryData<string, string, ScriptFault> Broken => new()
    {
        { "a branch that leads nowhere", "sections/0/questions/0/branches/0/ask", ScriptFault.LeadsNowhere },
        { "an aside that leads to itself", "sections/0/questions/1", ScriptFault.Loop },
        { "a branch back", "sections/0/questions/1/branches/0/go", ScriptFault.Loop },
        { "an aside that nobody asks", "sections/0/questions/1", ScriptFault.Unreachable },
        { "a question that all ways pass by", "sections/0/questions/1", ScriptFault.Unreachable },
        { "an answer that is not offered", "sections/0/questions/0/branches/0/when", ScriptFault.NoSuchAnswer },
        { "a missing language", "sections/0/questions/0/text/en", ScriptFault.MissingLanguage },
        { "a name twice", "sections/0/questions/1/id", ScriptFault.IdTwice },
        { "a question for the code", "sections/0/questions/0/text", ScriptFault.AsksForSecret },
        { "an unknown word in braces", "sections/0/questions/0/text/zh-Hans", ScriptFault.UnknownPlaceholder },
        { "a placeholder in one language only", "sections/0/questions/0/text/en", ScriptFault.PlaceholderMissing },
        { "more than its minutes", "minutesMax", ScriptFault.TooLong },
        { "one choice", "sections/0/questions/0/choices", ScriptFault.TooFewChoices },
    };

    [Theory, MemberData(nameof(Broken))]
    public void A_fault_is_found_where_it_is(string what, string path, ScriptFault fault)
    {
        var script = what switch
        {
            "a branch that leads nowhere" => Of(Ask("a", branches: [new(["yes"], ["gone"], null)])),
            "an aside that leads to itself" => Of(Ask("a", branches: [new(["yes"], ["b"], null)]), Ask("b", aside: true, branches: [new(["yes"], ["b"], null)])),
            "a branch back" => Of(Ask("a"), Ask("b", branches: [new(["no"], [], "a")])),
            "an aside that nobody asks" => Of(Ask("a"), Ask("b", aside: true)),
            "a question that all ways pass by" => Of(Ask("a", branches: [new(["yes", "no"], [], "c")]), Ask("b"), Ask("c")),
            "an answer that is not offered" => Of(Ask("a", branches: [new(["maybe"], [], "b")]), Ask("b")),
            "a missing language" => Of(Ask("a") with { Text = new("甲", "甲", " ") }),
            "a name twice" => Of(Ask("a"), Ask("a")),
            "a question for the code" => Of(Ask("a") with { Text = new("您的验证码是多少？", "您的驗證碼是多少？", "What is your verification code?") }),
            "an unknown word in braces" => Of(Ask("a") with { Text = T("您好 {balance}") }),
            "a placeholder in one language only" => Of(Ask("a") with { Text = new("我是{agent}", "我是{agent}", "Hello") }),
            "more than its minutes" => Of(Ask("a") with { Seconds = 300 }, Ask("b") with { Seconds = 300 }),
            _ => Of(Ask("a", QuestionKind.Choice) with { Choices = [new("a", T("a"))] }),
        };
        Assert.Contains(ScriptRules.Check(script), finding => finding.Path == path && finding.Fault == fault);
    }

    [Theory]
    [InlineData("{", "")]
    [InlineData("""{"key":"k","title":["a","b"]}""", "title")]
    [InlineData("""{"key":"k","title":["a","b","c"],"sections":[{"id":"s","name":["a","b","c"],"questions":[{"id":"q","kind":"Poem","text":["a","b","c"]}]}]}""", "sections/0/questions/0/kind")]
    public void What_cannot_be_read_says_where(string json, string path) =>
        Assert.StartsWith(path, Assert.Throws<ScriptUnreadable>(() => ScriptReader.Read(json)).Path);
}
