using Huifang.Languages;
using Huifang.Storage;
using Huifang.Surveys;

namespace Huifang.Demo;

/// <summary>One survey that runs for a month: customers find it in their portal, most see it, some answer.</summary>
public sealed class DemoSurveys(Store store, SurveyDesk desk)
{
    private readonly Random _random = new(DemoCustomers.Seed + 41);
    private string? _survey;

    private static readonly SurveyDefinition AfterWithdrawal = new(new("提现之后", "提現之後", "After a withdrawal"),
    [
        new("effort", SurveyKind.Ces, new("这次提现，办起来费不费力？", "這次提現，辦起來費不費力？", "How easy was it to withdraw?"), true),
        new("step", SurveyKind.Choice, new("哪一步最费力？", "哪一步最費力？", "Which step was the hardest?"), false)
        {
            When = new("effort", ["1", "2", "3"]),
            Choices = [new("wait", new("等到账", "等到帳", "Waiting for the money")), new("words", new("看不懂提示", "看不懂提示", "The wording")), new("card", new("填卡号", "填卡號", "Entering the card")), new("fear", new("怕钱丢了", "怕錢不見了", "Fear of losing it"))],
        },
        new("recommend", SurveyKind.Nps, new("您会把我们推荐给朋友吗？", "您會把我們推薦給朋友嗎？", "Would you recommend us to a friend?"), false),
        new("change", SurveyKind.Text, new("最希望我们先改哪一件事？", "最希望我們先改哪一件事？", "What should we change first?"), false),
    ]);

    public Task Begin(CancellationToken stop) => store.Write(async tx =>
    {
        _survey = await desk.Make(tx, "s-cheng");
        await desk.SaveDraft(tx, _survey, AfterWithdrawal);
        await desk.Publish(tx, _survey, "s-cheng");
    }, stop);

    /// <summary>A day's visitors of the portal.</summary>
    public async Task Day(CancellationToken stop)
    {
        if (_survey is null) return;
        for (var i = 0; i < 9; i++)
        {
            var customer = DemoCustomers.IdOf(200 + _random.Next(3000));
            await store.Write(async tx =>
            {
                if (await desk.Asking.InPortal(tx, customer) is not { } ask || _random.NextDouble() > .8 || await desk.Show(tx, ask) is null || _random.NextDouble() > .62) return;
                var effort = 2 + _random.Next(4);
                List<SurveyAnswer> answers = [new("effort", "", $"{effort}", null), new("step", "", new[] { "wait", "wait", "words", "card", "fear" }[_random.Next(5)], null), new("recommend", "", $"{Math.Min(10, effort * 2 + _random.Next(2))}", null)];
                if (_random.NextDouble() < .5) answers.Add(new("change", "", null, DemoTexts.Say(Language.Simplified, _random)));
                await desk.Answer(tx, ask.Id, answers);
            }, stop);
        }
    }
}
