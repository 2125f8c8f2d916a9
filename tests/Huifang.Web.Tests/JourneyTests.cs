using System.Net.Http.Json;
using System.Text;
using Huifang.Accounts;
using Huifang.Booking;
using Huifang.Calls;
using Huifang.Checks;
using Huifang.Feedback;
using Huifang.FollowUps;
using Huifang.Messages;
using Huifang.Scripts;

namespace Huifang.Web.Tests;

/// <summary>The whole walk over the real interfaces: from a wallet event to a finished, learned-from follow-up, in two languages.</summary>
public sealed class JourneyTests
{
    [Theory]
    [InlineData("zh-CN", "Asia/Shanghai", "CN", "+8613812349876", "每次都不知道最晚几点到账。")]
    [InlineData("en", "Asia/Singapore", "SG", "+6591234567", "I never know when the money arrives.")]
    public async Task Two_failed_withdrawals_become_a_kept_promise_and_feedback(string language, string zone, string country, string phone, string words)
    {
        await using var site = await Site.Open();
        var key = await site.Write(tx => site.Get<ApiKeyDesk>().Make(tx, "wallet", [.. Scope.All]));
        using var wallet = new HttpClient { BaseAddress = new Uri(site.Address) };
        wallet.DefaultRequestHeaders.Add("X-Api-Key", key);

        // The wallet tells who she is, what she agreed to, and that her withdrawal failed twice.
        (await wallet.PutAsJsonAsync("/v1/customers/j-1", new { name = "安然", language, timeZone = zone, country, phones = new[] { new { value = phone, verified = true } }, devices = new[] { new { value = "device-j1", verified = true } } })).EnsureSuccessStatusCode();
        var consents = from channel in new[] { "Voice", "Phone", "Sms", "InApp" } select new { customer = "j-1", purpose = "Service", channel, given = true, at = Site.Morning.AddDays(-30), wording = "2026-11" };
        (await wallet.PostAsJsonAsync("/v1/consents", consents)).EnsureSuccessStatusCode();
        var events = string.Join(',', new[] { 3, 1 }.Select(hours => $$"""{"specversion":"1.0","id":"j-{{hours}}","source":"wallet","type":"withdrawal.failed","subject":"j-1","time":"{{Site.Morning.AddHours(-hours):O}}","data":{"amount":430000,"currency":"CNY","payee":"secret"} }"""));
        using var batch = new StringContent($"[{events}]", Encoding.UTF8, "application/cloudevents-batch+json");
        var told = await wallet.PostAsync("/v1/events", batch);
        Assert.Equal(2, (await told.Content.ReadAsStringAsync()).Split("\"accepted\"").Length - 1);
        await site.Settle();
        site.Clock.Set(Site.Morning.AddMinutes(40));
        await site.Settle();

        // She is invited; in Singapore a text carries no link. She takes the first time that is offered.
        var followUp = Assert.Single(await site.Read(tx => site.Get<FollowUpDesk>().OfCustomer(tx, "j-1")));
        Assert.Equal(("withdrawal-failed", FollowUpState.Invited), (followUp.RuleKey, followUp.State));
        var invitation = (await site.Read(tx => site.Get<MessageBoard>().OfFollowUp(tx, followUp.Id))).First(m => m.Body is not null);
        if (country == "SG" && invitation.Message.Channel == Contacts.Channel.Sms) Assert.DoesNotContain("http", invitation.Body!.Text, StringComparison.Ordinal);
        var offer = (await site.Read(tx => site.Get<BookingBoard>().Look(tx, followUp.Id)))!.Offers[0];
        Assert.IsType<BookingAnswer.Booked>(await site.Write(tx => site.Get<BookingDesk>().Book(tx, followUp.Id, offer.Id, "customer")));
        await site.Settle();

        // At the promised time her agent gets this one and no other.
        site.Clock.Set(offer.From.AddMinutes(-1));
        var agent = offer.AgentId;
        var call = (await site.Write(tx => site.Get<CallQueue>().Take(tx, new AgentReach(agent, ["zh-Hans", "zh-Hant", "en"], ["general"])))).Value!;
        Assert.Equal(followUp.Id, call.FollowUpId);
        await Verify(site, call, agent);
        await Talk(site, call, agent, words + " 6222 0212 3456 7890 128");
        site.Clock.Set(offer.From.AddMinutes(6));
        Assert.True((await site.Write(tx => site.Get<WrapUp>().Finish(tx, call.Id, agent, new WrapUpDraft(CallOutcome.Satisfied, [])))).Ok);
        await site.Settle();

        Assert.Equal(FollowUpState.Finished, (await site.Read(tx => site.Get<FollowUpDesk>().Find(tx, followUp.Id)))!.State);
        Assert.Equal(1, await site.Read(tx => tx.One<long>("select count(*) from journal where kind = 'promise.kept' and customer_id = 'j-1'")));
        var said = await site.Read(tx => site.Get<FeedbackDesk>().Page(tx, new FeedbackFilter(CustomerId: "j-1")));
        Assert.Contains(said, item => item.Words.Contains(words, StringComparison.Ordinal));
        Assert.DoesNotContain(said, item => item.Words.Contains("7890", StringComparison.Ordinal));
        Assert.Empty((await site.Get<LedgerCheck>().Run()).Violations);
    }

    private static async Task Verify(Site site, Call call, string agent)
    {
        await site.Write(tx => new Demo.DemoPhones(site.Get<CallVerifier>(), site.Get<DeviceDesk>()).PickUp(tx, call, agent));
        Assert.Equal(Level.V2, (await site.Read(tx => site.Get<CallDesk>().Find(tx, call.Id)))!.Level);
    }

    private static async Task Talk(Site site, Call call, string agent, string words)
    {
        for (var asked = 0; asked < 40; asked++)
        {
            var open = (await site.Read(tx => site.Get<CallDesk>().InHand(tx, call))).Walk.Open?.Question;
            if (open is null) return;
            var answer = open.Kind switch
            {
                QuestionKind.Say => new Answer(open.Id, Question.Said, null),
                QuestionKind.Rating => new Answer(open.Id, "2", null),
                QuestionKind.YesNo => new Answer(open.Id, open.Id is "time" ? Question.Yes : Question.No, null),
                QuestionKind.Choice => new Answer(open.Id, open.Choices[^1].Id, null),
                _ => new Answer(open.Id, null, words),
            };
            Assert.True((await site.Write(tx => site.Get<CallDesk>().Answer(tx, call.Id, agent, answer))).Ok);
        }
        Assert.Fail("The script does not come to an end.");
    }
}
