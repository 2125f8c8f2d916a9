using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace Huifang.Web.Tests.Insights;

/// <summary><c>huifang insight</c> as an analyst runs it: its own process, files in, JSON out, everything else on standard error.</summary>
public sealed class InsightCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("huifang-insight-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_model_is_taught_measured_and_asked_on_files()
    {
        var train = Lines("train.jsonl.gz", Lessons(40));
        var taught = Run("train", "--data", train, "--label", "topic", "--model", Path_("m"));
        Assert.Equal(0, taught.Code);
        var said = Assert.Single(taught.Json);
        Assert.Equal((120, 3), (said.GetProperty("texts").GetInt32(), said.GetProperty("labels").GetInt32()));
        Assert.Equal(new FileInfo(Path_("m")).Length, said.GetProperty("bytes").GetInt64());
        // How far it is stands on standard error, so that what comes out can be piped on.
        Assert.Contains("reading", taught.Error, StringComparison.Ordinal);
        Assert.Contains("100", taught.Error, StringComparison.Ordinal);

        var judged = Assert.Single(Run("evaluate", "--data", Lines("test.jsonl", Lessons(5)), "--label", "topic", "--model", Path_("m"), "--json").Json);
        Assert.Equal(15, judged.GetProperty("texts").GetInt32());
        Assert.True(judged.GetProperty("accuracy").GetDouble() > 0.9);
        Assert.True(judged.GetProperty("accuracy_from").GetDouble() < judged.GetProperty("accuracy_to").GetDouble());
        Assert.Equal(["card", "rate", "withdrawal"], judged.GetProperty("labels").EnumerateArray().Select(label => label.GetProperty("label").GetString()));
        Assert.All(judged.GetProperty("labels").EnumerateArray(), label => Assert.True(label.TryGetProperty("recall_from", out _) && label.TryGetProperty("precision", out _)));
        Assert.Contains("accuracy", Run("evaluate", "--data", Path_("test.jsonl"), "--label", "topic", "--model", Path_("m")).Output, StringComparison.Ordinal);

        var asked = Run("classify", "--model", Path_("m"), "--data", Lines("ask.jsonl", ["""{"id":"a","text":"where is my card"}""", """{"id":7,"text":"提现还没到账"}""", """{"id":"none"}"""])).Json;
        Assert.Equal(["a", "7"], asked.Select(answer => answer.GetProperty("id").GetString()));
        Assert.Equal(["card", "withdrawal"], asked.Select(answer => answer.GetProperty("topic").GetString()));
        Assert.Equal(["en", "zh-Hans"], asked.Select(answer => answer.GetProperty("language").GetString()));
        Assert.All(asked, answer => Assert.InRange(answer.GetProperty("topic_top").EnumerateArray().Sum(one => one.GetProperty("probability").GetDouble()), 0.99, 1.01));

        // What it was never taught stands out, and lies together.
        string[] heap = [.. Lessons(40), .. Enumerable.Range(0, 6).Select(i => $$"""{"id":"new{{i}}","text":"the singing tree in the branch, day {{i}}"}""")];
        var news = Run("unknown", "--model", Path_("m"), "--data", Lines("heap.jsonl", heap), "--json").Json;
        Assert.Equal(126, news.Count);
        var trees = news.Where(line => line.GetProperty("id").GetString()?.StartsWith("new", StringComparison.Ordinal) is true).ToList();
        Assert.All(trees, line => Assert.True(line.GetProperty("new").GetBoolean()));
        Assert.Single(trees.Select(line => line.GetProperty("cluster").GetInt32()).Distinct());
        Assert.Contains("tree", trees[0].GetProperty("label").GetString(), StringComparison.Ordinal);
        Assert.True(trees.Min(line => line.GetProperty("score").GetDouble()) > news.Except(trees).Average(line => line.GetProperty("score").GetDouble()));
        Assert.Contains("tree", Run("unknown", "--model", Path_("m"), "--data", Path_("heap.jsonl")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_that_cannot_be_read_are_named_by_number_and_the_rest_is_read()
    {
        var taught = Run("train", "--data", Lines("train.jsonl", ["no json", .. Lessons(10), "[1]", "", """{"topic":"card"}"""]), "--label", "topic", "--model", Path_("m"));
        Assert.Equal(0, taught.Code);
        Assert.Contains("train.jsonl:1 is no JSON", taught.Error, StringComparison.Ordinal);
        Assert.Contains("train.jsonl:32 is no object", taught.Error, StringComparison.Ordinal);
        Assert.Equal(30, Assert.Single(taught.Json).GetProperty("texts").GetInt32());
    }

    [Theory]
    [InlineData("There is no file", "train", "--data", "nowhere.jsonl", "--label", "topic", "--model", "m")]
    [InlineData("No line has a text and a \"topic\"", "train", "--data", "empty.jsonl", "--label", "topic", "--model", "m")]
    [InlineData("No line has a text and a \"colour\"", "train", "--data", "some.jsonl", "--label", "colour", "--model", "m")]
    [InlineData("is no model", "evaluate", "--data", "some.jsonl", "--label", "topic", "--model", "some.jsonl")]
    [InlineData("is no model", "classify", "--data", "some.jsonl", "--model", "nothing.model")]
    [InlineData("is no model", "unknown", "--data", "some.jsonl", "--model", "some.jsonl")]
    [InlineData("No line has a date", "trends", "--stream", "some.jsonl")]
    [InlineData("pairs that mean the same", "pairs", "--data", "some.jsonl", "--learn", "some.jsonl")]
    [InlineData("These are no weights", "pairs", "--data", "some.jsonl", "--model", "some.jsonl")]
    public void What_is_wrong_is_said_in_a_sentence(string sentence, params string[] arguments)
    {
        Lines("empty.jsonl", []);
        Lines("some.jsonl", Lessons(2));
        var (code, output, error) = Run([.. arguments.Select(argument => argument.Contains('.') || argument == "m" ? Path_(argument) : argument)]);
        Assert.NotEqual(0, code);
        Assert.Contains(sentence, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.Empty(output);
    }

    [Fact]
    public void Secrets_are_told_by_kind_and_place_and_what_was_asked_before_counts()
    {
        string[] talk =
        [
            """{"id":"t1","conv":"c","text":"What are the last four digits of your card?"}""", """{"id":"t2","conv":"c","text":"4417"}""",
            """{"id":"t3","text":"😀 call me on 13812345678"}""", """{"id":"t4","text":"order 4417 came"}""",
        ];
        var found = Run("redact", "--data", Lines("talk.jsonl", talk), "--json").Json;
        Assert.Equal(["t1", "t2", "t3", "t4"], found.Select(line => line.GetProperty("id").GetString()));
        Assert.Equal([0, 1, 1, 0], found.Select(line => line.GetProperty("spans").GetArrayLength()));
        // Places count code points: the face is one.
        var phone = found[2].GetProperty("spans")[0];
        Assert.Equal(("PHONE", 13, 24), (phone.GetProperty("type").GetString(), phone.GetProperty("start").GetInt32(), phone.GetProperty("end").GetInt32()));
        Assert.DoesNotContain("13812345678", found[2].GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Equal("order 4417 came", Run("redact", "--data", Path_("talk.jsonl")).Output.TrimEnd().Split('\n')[3]);
    }

    [Fact]
    public void A_rise_is_told_with_its_day_topic_and_test()
    {
        var days = from day in Enumerable.Range(0, 80) from i in Enumerable.Range(0, 6 + (day >= 70 ? 8 : 0)) select $$"""{"date":"{{new DateOnly(2026, 1, 5).AddDays(day):yyyy-MM-dd}}","label":"{{(i < 6 ? $"usual{i}" : "withdrawal")}}"}""";
        var alarm = Assert.Single(Run("trends", "--stream", Lines("stream.jsonl.gz", days), "--json").Json);
        Assert.Equal(("withdrawal", "volume"), (alarm.GetProperty("topic").GetString(), alarm.GetProperty("kind").GetString()));
        Assert.InRange(DateOnly.Parse(alarm.GetProperty("day").GetString()!, System.Globalization.CultureInfo.InvariantCulture), new DateOnly(2026, 3, 16), new DateOnly(2026, 3, 17));
        Assert.Contains("likelihood ratio", alarm.GetProperty("test").GetString(), StringComparison.Ordinal);
        Assert.True(alarm.GetProperty("p").GetDouble() < 1e-3 && alarm.GetProperty("observed").GetDouble() > alarm.GetProperty("expected").GetDouble());
    }

    [Fact]
    public void Pairs_are_scored_and_weights_are_learned_kept_and_read_again()
    {
        var pairs = Enumerable.Range(0, 60).Select(i => i % 2 == 0
            ? $$"""{"id":{{i}},"a":"怎么修改手机号{{i}}","b":"手机号{{i}}怎么修改","label":1}"""
            : $$"""{"id":{{i}},"a":"怎么修改手机号{{i}}","b":"怎么还款{{i}}","label":0}""");
        var learned = Run("pairs", "--data", Lines("pairs.jsonl", pairs), "--learn", Path_("pairs.jsonl"), "--model", Path_("w"), "--json").Json;
        Assert.Equal(60, learned.Count);
        Assert.True(learned.Where((_, i) => i % 2 == 0).Average(line => line.GetProperty("score").GetDouble()) > 0.5 + learned.Where((_, i) => i % 2 == 1).Average(line => line.GetProperty("score").GetDouble()));
        Assert.Equal(learned.Select(line => line.GetRawText()), Run("pairs", "--data", Path_("pairs.jsonl"), "--model", Path_("w"), "--json").Json.Select(line => line.GetRawText()));
        string[] asked = ["""{"id":"a","text":"怎么修改手机号"}""", """{"id":"b","text":"怎么还款"}""", """{"id":"c","text":"手机号怎么修改呢"}"""];
        var nearest = Run("nearest", "--data", Lines("asked.jsonl", asked), "--model", Path_("w"), "--top", "1", "--json").Json;
        Assert.Equal(["a", "b", "c"], nearest.Select(line => line.GetProperty("id").GetString()));
        Assert.Equal(("c", "a"), (nearest[0].GetProperty("nearest")[0].GetProperty("id").GetString(), nearest[2].GetProperty("nearest")[0].GetProperty("id").GetString()));
        Assert.All(Run("pairs", "--data", Path_("pairs.jsonl"), "--json").Json, line => Assert.InRange(line.GetProperty("score").GetDouble(), 0, 1));
    }

    /// <summary>What people and machines may put into a file: nothing of it ends the run, and every line that is one is answered.</summary>
    [Fact]
    public void Bad_input_is_read_as_far_as_it_can_be()
    {
        Assert.Equal(0, Run("train", "--data", Lines("train.jsonl", Lessons(10)), "--label", "topic", "--model", Path_("m")).Code);
        string[] texts = [new string('提', 1_000_000), "🎉🎉🎉", "where is 我的 cartão карта カード", "ca\u200Brd\u202E drac\u2066", "", " ", "=HYPERLINK(\"http://evil.example\")", "\uD83D alone"];
        // A line with bytes that are no UTF-8, and the mark that some editors put first.
        byte[] broken = [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes("{\"text\":\"card "), 0xFF, 0xFE, .. "\"}\n"u8];
        File.WriteAllBytes(Path_("bad.jsonl"), [.. broken, .. Encoding.UTF8.GetBytes(string.Join('\n', texts.Select(text => JsonSerializer.Serialize(new { text }))))]);
        var answers = Run("classify", "--model", Path_("m"), "--data", Path_("bad.jsonl"));
        Assert.Equal((0, 9), (answers.Code, answers.Json.Count));
        Assert.All([2, 5, 6], place => Assert.True(answers.Json[place].GetProperty("abstained").GetBoolean()));
        Assert.Equal(9, Run("redact", "--data", Path_("bad.jsonl"), "--json").Json.Count);
        Assert.Equal(9, Run("unknown", "--model", Path_("m"), "--data", Path_("bad.jsonl"), "--json").Json.Count);
    }

    private static IEnumerable<string> Lessons(int each) => Enumerable.Range(0, each).SelectMany(i => (string[])
    [
        $$"""{"id":"c{{i}}","text":"my card has not arrived, try {{i}}","topic":"card"}""",
        $$"""{"id":"w{{i}}","text":"提现一直没有到账，第 {{i}} 次","topic":"withdrawal"}""",
        $$"""{"id":"r{{i}}","text":"the exchange rate is wrong for {{i}} dollars","topic":"rate"}""",
    ]);

    private string Path_(string name) => Path.Combine(_folder, name);

    private string Lines(string name, IEnumerable<string> lines)
    {
        using var file = File.Create(Path_(name));
        using Stream stream = name.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionLevel.Fastest) : file;
        stream.Write(Encoding.UTF8.GetBytes(string.Join('\n', lines)));
        return Path_(name);
    }

    private static Answer Run(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Huifang.Web.dll"), "insight", .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true, StandardOutputEncoding = Encoding.UTF8 })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new(process.ExitCode, output, error.Result);
    }

    private sealed record Answer(int Code, string Output, string Error)
    {
        public List<JsonElement> Json => [.. Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))];
    }
}
