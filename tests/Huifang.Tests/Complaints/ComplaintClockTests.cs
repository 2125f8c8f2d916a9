using System.Text.Json;
using Huifang.Complaints;
using Huifang.Data;
using Huifang.Feedback;
using Huifang.FollowUps;
using Huifang.Storage;
using Microsoft.Extensions.DependencyInjection;
using static Huifang.Tests.Complaints.ComplaintScene;

namespace Huifang.Tests.Complaints;

public sealed class ComplaintClockTests
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))] // R2
    public async Task Warnings_come_in_working_hours_then_the_ladder_then_the_breach_each_once(string database)
    {
        await using var house = await Office(database);
        await house.Customer();
        var complaint = await house.File(Draft());
        var warnedAt = new List<DateTimeOffset>();
        for (var hour = 0; hour < 24 * 16; hour++)
        {
            house.Clock.Pass(TimeSpan.FromHours(1));
            var before = (await house.Facts(complaint)).Count(kind => kind == "complaint.warned");
            await Turn(house);
            if ((await house.Facts(complaint)).Count(kind => kind == "complaint.warned") > before) warnedAt.Add(house.Now.ToOffset(TimeSpan.FromHours(8)));
        }
        Assert.All(warnedAt, at => Assert.True(at.Hour is >= 9 and <= 19 && at.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday), $"{at:ddd HH:mm}"));
        var facts = await house.Facts(complaint);
        // First contact, progress and the answer ran out; nobody did anything.
        Assert.Equal(3, facts.Count(kind => kind == "complaint.breached"));
        Assert.InRange(facts.Count(kind => kind == "complaint.warned"), 7, 9);
        var now = await house.Now(complaint);
        Assert.Equal((3, ComplaintState.Received), (now.Escalation, now.State));
        Assert.All((await house.Clocks(complaint)).Where(clock => clock.Clock is "final" or "progress" or "first-contact"), clock => Assert.Equal(ClockState.Missed, clock.State));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_stricter_pack_holds_at_once_and_a_looser_one_waits_for_a_person(string database)
    {
        var packs = new List<ComplaintPack>([.. ComplaintPackShelf.Shipped.Packs]);
        await using var house = await Office(database, services => services.AddSingleton(new ComplaintPackShelf([.. packs, Version("2027.1", 20, "2026-11-26"), Version("2027.2", 10, "2026-11-28")])));
        await house.Customer();
        var complaint = await house.File(Draft());
        Assert.Equal("2026.11", complaint.PackVersion);
        await Turn(house);
        house.Clock.Pass(TimeSpan.FromHours(2));
        await Turn(house);
        // The newest version is stricter: ten days hold at once, and the page says why.
        var final = (await house.Clocks(complaint)).Single(clock => clock.Clock == "final");
        Assert.Equal(("2027.2", new DateOnly(2026, 12, 4)), (final.PackVersion, final.DueDate));
        Assert.Contains(await house.Facts(complaint), kind => kind == "complaint.clock-moved");

        await using var other = await Office(database, services => services.AddSingleton(new ComplaintPackShelf([.. packs, Version("2027.1", 20, "2026-11-26")])));
        await other.Customer();
        var waits = await other.File(Draft());
        await Turn(other);
        other.Clock.Pass(TimeSpan.FromHours(2));
        await Turn(other);
        other.Clock.Pass(TimeSpan.FromHours(2));
        await Turn(other);
        var still = (await other.Clocks(waits)).Single(clock => clock.Clock == "final");
        Assert.Equal(("2026.11", new DateOnly(2026, 12, 9)), (still.PackVersion, still.DueDate));
        Assert.Single(await other.Facts(waits), kind => kind == "complaint.looser");
        Assert.Null((await other.Do<ClockDesk>((desk, tx) => desk.Loosen(tx, waits.Id, still.Id, "新规允许，合规已看", Shen))).Refusal);
        Assert.Equal(new DateOnly(2026, 12, 14), (await other.Clocks(waits)).Single(clock => clock.Clock == "final").DueDate);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))] // R5 T2
    public async Task An_unhappy_answer_afterwards_opens_it_again_by_itself_and_says_so(string database)
    {
        await using var house = await Office(database);
        await house.Customer();
        var complaint = await house.File(Draft());
        await house.Answer(complaint);
        house.Clock.Pass(TimeSpan.FromMinutes(5));
        await house.Settle();
        var followUp = Assert.Single(await house.Read(tx => house.Get<FollowUpDesk>().OfCustomer(tx, "c-zhou")), one => one.RuleKey == ComplaintReactions.Rule);
        Assert.True(followUp.DueAt >= (await house.Now(complaint)).AnsweredAt!.Value.AddDays(1));
        await house.Write(tx => house.Get<FeedbackDesk>().Keep(tx, [new FeedbackItem("survey", followUp.Id, "c-zhou", house.Now, "zh-Hans", "还是没有到账", 1) { FollowUpId = followUp.Id }], "customer"));
        await house.Settle();
        var reopened = await house.Now(complaint);
        Assert.Equal((ComplaintState.Received, 1, complaint.OwnerId), (reopened.State, reopened.Reopened, reopened.OwnerId));
        Assert.Single(await house.Read(tx => tx.Query<string>("select state from messages where template = 'complaint-reopened'")));
        Assert.Equal(ClockState.Running, (await house.Clocks(complaint)).Single(clock => clock is { Clock: "final", Round: 1 }).State);
        // Nobody calls to ask what she has said already.
        Assert.DoesNotContain(await house.Read(tx => house.Get<FollowUpDesk>().OfCustomer(tx, "c-zhou")), one => one.IsOpen);
        // A second unhappy word about an open complaint changes nothing.
        await house.Write(tx => house.Get<FeedbackDesk>().Keep(tx, [new FeedbackItem("survey", $"{followUp.Id}-2", "c-zhou", house.Now, "zh-Hans", "", 1) { FollowUpId = followUp.Id }], "customer"));
        await house.Settle();
        Assert.Equal(1, (await house.Now(complaint)).Reopened);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_customer_who_says_that_it_is_solved_is_not_called(string database)
    {
        await using var house = await Office(database);
        await house.Customer();
        var complaint = await house.File(Draft());
        await house.Answer(complaint);
        await house.Settle();
        Assert.Null((await house.Do<ComplaintClosing>((desk, tx) => desk.Close(tx, complaint.Id, "customer", "satisfied"))).Refusal);
        await house.Settle();
        Assert.DoesNotContain(await house.Read(tx => house.Get<FollowUpDesk>().OfCustomer(tx, "c-zhou")), one => one.IsOpen);
    }

    private static async Task Turn(House house)
    {
        foreach (var work in house.All<Huifang.Work.IWork>().Where(work => work is ComplaintClock)) while (await work.Round(CancellationToken.None)) { }
    }

    /// <summary>The Chinese pack with another number of days.</summary>
    private static ComplaintPack Version(string version, int days, string from)
    {
        var text = ShippedData.Json(ShippedData.Names("complaints.packs").Single(name => name.EndsWith(".cn.json", StringComparison.Ordinal))).GetRawText()
            .Replace("\"version\": \"2026.11\"", $"\"version\": \"{version}\"", StringComparison.Ordinal).Replace("\"inForceFrom\": \"2020-11-01\"", $"\"inForceFrom\": \"{from}\"", StringComparison.Ordinal)
            .Replace("\"amount\": 15,", $"\"amount\": {days},", StringComparison.Ordinal);
        return ComplaintPackShelf.Read(JsonDocument.Parse(text).RootElement);
    }
}
