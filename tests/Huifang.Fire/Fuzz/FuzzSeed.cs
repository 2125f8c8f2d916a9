using Huifang.Accounts;
using Huifang.Approvals;
using Huifang.Calls;
using Huifang.Complaints;
using Huifang.Consents;
using Huifang.Contacts;
using Huifang.Customers;
using Huifang.Feedback;
using Huifang.FollowUps;
using Huifang.Improvements;
using Huifang.Insights;
using Huifang.Intake;
using Huifang.Languages;
using Huifang.Messages;
using Huifang.Planning;
using Huifang.Sight;
using Huifang.Storage;
using Huifang.Surveys;
using Huifang.Webhooks;

namespace Huifang.Fire.Fuzz;

/// <summary>Something of every kind, made by the house's own desks, so that nothing which is found is the fault of the filling.</summary>
public static class FuzzSeed
{
    private const int Customers = 8;

    public static string Customer(int number) => $"c-{number}";

    public static async Task Fill(FuzzSite site)
    {
        var now = FuzzSite.Morning;
        await site.Store.Write(async tx =>
        {
            foreach (var role in Enum.GetValues<Role>()) await site.Get<AccountDesk>().Add(tx, new Staff($"s-{role}", $"s-{role}".ToLowerInvariant(), $"{role}", [role], Language.English), "correct horse battery");
            foreach (var agent in new[] { "s-Agent", "s-Supervisor" })
            {
                await site.Get<PlanningDesk>().SaveAgent(tx, new Agent(agent, agent, "Asia/Shanghai", [.. Language.All], ["general"]), "test");
                for (var day = 0; day < 4; day++)
                    await site.Get<PlanningDesk>().SetDay(tx, agent, new DateOnly(2026, 11, 24 + day), new AgentDay(default, new(10, 0), new(18, 0), [(TimeKind.Break, new(12, 0), new(13, 30))]), "test");
            }
            for (var i = 0; i < Customers; i++)
            {
                await site.Get<CustomerDesk>().Save(tx, [new CustomerDraft(Customer(i), "Mia Carter", i % 2 == 0 ? Language.English : Language.Simplified, "Asia/Shanghai", "CN")
                {
                    Points = [new(PointKind.App, $"device-{i}", true), new(PointKind.Phone, $"+861380000482{i}", true), new(PointKind.Email, $"c{i}@mail.example", true)], Since = now.AddYears(-2),
                }], "test");
                await site.Get<ConsentDesk>().Give(tx, Customer(i), new[] { Purpose.Service, Purpose.Survey, Purpose.Complaint }.SelectMany(purpose => Enum.GetValues<Channel>().Select(channel => (purpose, channel))), "customer", "portal");
            }
            await site.Get<FollowUpDesk>().Arrange(tx, [.. Enumerable.Range(0, Customers).Select(i => new FollowUp(site.Get<Ids>().New(), Customer(i), "withdrawal-failed", 1, 1000 + i, Purpose.Service, Channel.Voice, "standard", 500,
                i < 3 ? FollowUpState.Waiting : FollowUpState.Arranged, now, now, now.AddHours(56), now.AddDays(5)) { Language = Language.English })]);
        });
        await site.Settle(2);
        await Happen(site, now);
        await site.Settle(2);
    }

    private static async Task Happen(FuzzSite site, DateTimeOffset now)
    {
        await site.Store.Write(async tx =>
        {
            foreach (var agent in new[] { "s-Agent", "s-Supervisor" })
            {
                var call = (await site.Get<CallQueue>().Take(tx, new AgentReach(agent, [.. Language.All], ["general"]))).Value;
                if (call is null) continue;
                await site.Get<CallVerifier>().Arm(tx, call.Id, agent);
                await site.Get<CallVerifier>().Join(tx, call.Id, call.CustomerId);
                await site.Get<CallDesk>().Note(tx, call.Id, agent, "She asked when the money arrives");
                await tx.Run("insert into recordings (id, call_id, customer_id, mime, started_at, keep_until) values (@id, @call, @customer, 'audio/webm', @now, @now)", new { id = site.Get<Ids>().New(), call = call.Id, customer = call.CustomerId, now });
            }
            await site.Get<FeedbackDesk>().Keep(tx, [.. Enumerable.Range(0, 6).Select(i => new FeedbackItem("import:test", $"{i}", Customer(i), now, Language.English, "The withdrawal came back and nobody told me", 1 + i % 5))]);
            foreach (var by in new[] { "s-Supervisor", "s-Administrator" })
                await site.Get<ApprovalDesk>().Ask(tx, "role.change", new { role = "Agent", permission = Accounts.Permission.SeeFigures, before = "", reach = "All" }, "she needs it", new ApprovalParty(by, by[2..], "elsewhere"));
            await site.Get<GlassDesk>().Break(tx, "s-Supervisor", Customer(4), "she called the branch");
            await site.Get<WebhookDesk>().Add(tx, "https://hooks.example.com/care", ["follow-up.*", "promise.broken"], "s-Administrator");
            await site.Get<ImprovementDesk>().Make(tx, Taxonomy.Shipped.Classes[0].Id, "Tell when it arrives", null, "s-Analyst", "s-Analyst");
            var survey = await site.Get<SurveyDesk>().Make(tx, "s-Analyst");
            var three = new Localized("费不费力", "費不費力", "How hard was it");
            await site.Get<SurveyDesk>().SaveDraft(tx, survey, new SurveyDefinition(three, [new("effort", SurveyKind.Ces, three, true), new("words", SurveyKind.Text, three, false)]));
            await site.Get<SurveyDesk>().Publish(tx, survey, "s-Analyst");
            await site.Get<SurveyDesk>().Asking.InPortal(tx, Customer(5));
            await site.Get<ReplyDesk>().Take(tx, new LineArrival("r-1", "+8613800004826", "why do you call", now));
        });
        foreach (var i in new[] { 0, 1, 2 })
            await site.Get<ComplaintIntake>().Bring(new ComplaintDraft(ComplaintDoor.App, $"Withdrawal {i} came back and the fee was kept") { CustomerId = Customer(i), Category = "withdrawal", Language = Language.English, Amount = 2580, Currency = "CNY" }, "portal", $"p-{i}");
        await site.Get<IntakeDesk>().Take([EventReader.Read("{\"specversion\":\"1.0\"}"u8.ToArray(), now), EventReader.Read("not json"u8.ToArray(), now)], "wallet", IntakeDesk.EventContent);
    }
}
