using Huifang.Complaints;
using Huifang.Messages;
using static Huifang.Tests.Complaints.ComplaintScene;

namespace Huifang.Tests.Complaints;

public sealed class ComplaintTests
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))] // R1 R2
    public async Task A_complaint_has_a_number_an_owner_and_every_clock_at_once(string database)
    {
        await using var house = await Office(database);
        await house.Customer();
        var complaint = await house.File(Draft());
        Assert.Equal($"2026-1124-{complaint.No:D4}", complaint.Number);
        Assert.Equal((ComplaintState.Received, "cn", "withdrawal", true), (complaint.State, complaint.Pack, complaint.Category, complaint.Verified));
        Assert.Contains(complaint.OwnerId, new[] { Song, Jiang, Shen, Ye });
        var clocks = await house.Clocks(complaint);
        Assert.Equal(new DateOnly(2026, 12, 9), clocks.Single(clock => clock.Clock == "final").DueDate);
        Assert.Equal(ClockState.Met, clocks.Single(clock => clock.Clock == "acknowledge").State);
        Assert.DoesNotContain(clocks, clock => clock.Clock is "final-complex" or "report-leak");
        // The nearest deadline stands on the row: first contact within eight working hours.
        Assert.Equal(clocks.Single(clock => clock.Clock == "first-contact").DueAt, complaint.DueAt);
        await house.Settle();
        var message = await house.Read(tx => tx.One<string>("select state from messages where template = 'complaint-received'"));
        Assert.Equal(nameof(MessageState.Sent), message);
        Assert.NotNull(await house.Read(tx => house.Get<ComplaintDesk>().FindByNumber(tx, complaint.Number)));
        Assert.Null(await house.Read(tx => house.Get<ComplaintDesk>().FindByNumber(tx, $"2026-1125-{complaint.No:D4}")));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))] // R4
    public async Task An_answer_leaves_only_when_everything_is_there_and_only_once(string database)
    {
        await using var house = await Office(database);
        await house.Customer();
        var complaint = await house.File(Draft() with { Category = null });
        var (refused, missing) = await house.Write(tx => house.Get<ComplaintClosing>().Answer(tx, complaint.Id, null, null, Song));
        Assert.False(refused.Ok);
        Assert.Equal([ComplaintRefusal.NoOutcome, ComplaintRefusal.NoRootCause, ComplaintRefusal.NoCategory, ComplaintRefusal.NoResolution, ComplaintRefusal.NoLetter], missing);
        await house.Answer(complaint);
        var answered = await house.Now(complaint);
        Assert.Equal((ComplaintState.Answered, ComplaintOutcome.Upheld, RootCause.SystemFault), (answered.State, answered.Outcome, answered.RootCause));
        Assert.Equal(ClockState.Met, (await house.Clocks(complaint)).Single(clock => clock.Clock == "final").State);
        var (second, _) = await house.Write(tx => house.Get<ComplaintClosing>().Answer(tx, complaint.Id, ComplaintOutcome.NotUpheld, RootCause.NotOurs, Jiang));
        Assert.Equal(ComplaintRefusal.NotNow, second.Refusal);
        Assert.Single((await house.Facts(complaint)), kind => kind == "complaint.resolved");
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_letter_with_blanks_of_its_template_does_not_leave(string database)
    {
        await using var house = await Office(database);
        await house.Customer();
        var complaint = await house.File(Draft());
        await house.Do<RedressDesk>((desk, tx) => desk.Propose(tx, complaint.Id, Resolution.Apology, null, null, null, "致歉", Song));
        var values = LetterTemplates.Variables.ToDictionary(name => name, name => name, StringComparer.Ordinal);
        foreach (var (key, language) in LetterTemplates.Keys.SelectMany(key => new[] { "zh-Hans", "zh-Hant", "en" }, (key, language) => (key, language)))
        {
            var blank = LetterTemplates.Fill(key, language, values);
            await house.Do<ComplaintLetters>((desk, tx) => desk.Write(tx, complaint.Id, blank, null, Song));
            var (refused, missing) = await house.Write(tx => house.Get<ComplaintClosing>().Answer(tx, complaint.Id, ComplaintOutcome.Upheld, RootCause.StaffError, Song));
            Assert.False(refused.Ok, $"{key} {language}");
            Assert.Equal([ComplaintRefusal.LetterUnfinished], missing);
            Assert.False(LetterTemplates.HasBlanks(LetterTemplates.FillBlanks(blank, [.. Enumerable.Repeat("她说……就这样", 6)])));
        }
        await house.Do<ComplaintLetters>((desk, tx) => desk.Write(tx, complaint.Id, "对不起……您等了太久。", null, Song));
        Assert.True((await house.Write(tx => house.Get<ComplaintClosing>().Answer(tx, complaint.Id, ComplaintOutcome.Upheld, RootCause.StaffError, Song))).Handled.Ok);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Of_two_who_answer_at_the_same_moment_one_does(string database)
    {
        await using var house = await Office(database);
        await house.Customer();
        var complaint = await house.File(Draft());
        await house.Do<RedressDesk>((desk, tx) => desk.Propose(tx, complaint.Id, Resolution.Apology, null, null, null, "致歉", Song));
        await house.Do<ComplaintLetters>((desk, tx) => desk.Write(tx, complaint.Id, "对不起。", null, Song));
        var both = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => house.Write(tx => house.Get<ComplaintClosing>().Answer(tx, complaint.Id, ComplaintOutcome.Upheld, RootCause.StaffError, i % 2 == 0 ? Song : Jiang))));
        Assert.Single(both, one => one.Handled.Ok);
        Assert.Single((await house.Facts(complaint)), kind => kind == "complaint.resolved");
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))] // R2
    public async Task The_clock_stops_for_an_allowed_reason_and_her_answer_starts_it_again(string database)
    {
        await using var house = await Office(database);
        await house.Customer();
        var complaint = await house.File(Draft());
        Assert.Equal(ComplaintRefusal.StopNotAllowed, (await house.Do<ClockDesk>((desk, tx) => desk.Stop(tx, complaint.Id, "WeAreBusy", "太忙", Song))).Refusal);
        Assert.Equal(ComplaintRefusal.ReasonMissing, (await house.Do<ClockDesk>((desk, tx) => desk.Stop(tx, complaint.Id, "AwaitingCustomer", " ", Song))).Refusal);
        Assert.Null((await house.Do<ClockDesk>((desk, tx) => desk.Stop(tx, complaint.Id, "AwaitingCustomer", "请补银行退回截图", Song))).Refusal);
        Assert.Equal(ComplaintRefusal.StopNotAllowed, (await house.Do<ClockDesk>((desk, tx) => desk.Stop(tx, complaint.Id, "AwaitingCustomer", "再停一次", Song))).Refusal);
        house.Clock.Pass(TimeSpan.FromDays(2));
        Assert.Null((await house.Do<ComplaintDesk>((desk, tx) => desk.Say(tx, complaint.Id, "截图在这里", [new("a.png", "image/png", [1, 2, 3])], "customer"))).Refusal);
        var final = (await house.Clocks(complaint)).Single(clock => clock.Clock == "final");
        Assert.Equal((ClockState.Running, new DateOnly(2026, 12, 10)), (final.State, final.DueDate));
        Assert.Contains(await house.Facts(complaint), kind => kind == "complaint.resumed");
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task More_time_needs_a_reason_and_where_the_pack_says_so_a_second_person(string database)
    {
        await using var house = await Office(database);
        await house.Customer();
        var complaint = await house.File(Draft());
        Task<Handled> Extend(string to, string reason, string? approved) => house.Do<ClockDesk>((desk, tx) => desk.Extend(tx, complaint.Id, to, reason, Song, approved));
        Assert.Equal(ComplaintRefusal.NoSuchExtension, (await Extend("final-special", "要等银行", Shen)).Refusal);
        Assert.Equal(ComplaintRefusal.ReasonMissing, (await Extend("final-complex", "", null)).Refusal);
        Assert.Null((await Extend("final-complex", "要等银行", null)).Refusal);
        Assert.Equal(ComplaintRefusal.NeedsSecondPerson, (await Extend("final-special", "还要等", null)).Refusal);
        Assert.Equal(ComplaintRefusal.SamePerson, (await Extend("final-special", "还要等", Song)).Refusal);
        Assert.Null((await Extend("final-special", "还要等", Shen)).Refusal);
        var clocks = await house.Clocks(complaint);
        Assert.Equal([ClockState.Replaced, ClockState.Replaced, ClockState.Running], new[] { "final", "final-complex", "final-special" }.Select(id => clocks.Single(clock => clock.Clock == id).State));
        Assert.Equal(new DateOnly(2027, 1, 23), clocks.Single(clock => clock.Clock == "final-special").DueDate);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))] // I8
    public async Task Money_above_a_limit_waits_for_a_second_person_and_no_transaction_is_refunded_twice(string database)
    {
        await using var house = await Office(database);
        await house.Customer();
        var complaint = await house.File(Draft());
        Task<Handled> Refund(Complaint of, long amount, string by) => house.Do<RedressDesk>((desk, tx) => desk.Propose(tx, of.Id, Resolution.Refund, amount, "CNY", "w-7731", "手续费", by));
        Assert.Equal(ComplaintRefusal.OverLimit, (await Refund(complaint, 2581, Song)).Refusal);
        Assert.Null((await Refund(complaint, 2580, Song)).Refusal);
        var redress = (await house.Read(tx => house.Get<RedressDesk>().Of(tx, complaint))).Single();
        Assert.Equal(RedressDesk.Proposed, redress.State);
        Assert.Equal(ComplaintRefusal.SamePerson, (await house.Do<RedressDesk>((desk, tx) => desk.Decide(tx, redress.Id, true, Song))).Refusal);
        Assert.Equal(ComplaintRefusal.RefundedAlready, (await Refund(complaint, 1000, Jiang)).Refusal);
        var decided = await Task.WhenAll(house.Do<RedressDesk>((desk, tx) => desk.Decide(tx, redress.Id, true, Jiang)), house.Do<RedressDesk>((desk, tx) => desk.Decide(tx, redress.Id, false, Shen)));
        Assert.Single(decided, one => one.Ok);
        // Another complaint about the same transaction cannot pay it again either.
        var other = await house.File(Draft(words: "另外一件事：客服态度很差，打了四次电话都没人接。") with { TransactionId = null });
        await house.Do<ComplaintDesk>((desk, tx) => desk.LinkTransaction(tx, other.Id, new("w-7731", 2580, "CNY", null, "提现"), Song));
        var again = await Refund(other, 100, Jiang);
        Assert.Equal(decided[0].Ok ? ComplaintRefusal.RefundedAlready : null, again.Refusal);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Small_gifts_add_up_to_a_large_one(string database)
    {
        await using var house = await Office(database);
        await house.Customer();
        var complaint = await house.File(Draft());
        foreach (var (amount, state) in new[] { (1500L, RedressDesk.Given), (500L, RedressDesk.Given), (1L, RedressDesk.Proposed) })
        {
            house.Clock.Pass(TimeSpan.FromMinutes(1));
            await house.Do<RedressDesk>((desk, tx) => desk.Propose(tx, complaint.Id, Resolution.Goodwill, amount, "CNY", null, "致歉", Song));
            Assert.Equal(state, (await house.Read(tx => house.Get<RedressDesk>().Of(tx, complaint)))[^1].State);
        }
        Assert.Equal(ComplaintRefusal.MoneyPending, (await house.Read(tx => house.Get<ComplaintClosing>().Missing(tx, complaint, ComplaintOutcome.Upheld, RootCause.StaffError)))[^1]);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))] // R3
    public async Task Two_that_are_one_keep_the_earlier_deadline_and_all_the_words(string database)
    {
        await using var house = await Office(database);
        await house.Customer();
        var first = await house.File(Draft());
        house.Clock.Pass(TimeSpan.FromHours(3));
        var second = await house.File(Draft(words: "提现还是没有到账，手续费也没有退。到底什么时候能到？") with { TransactionId = "w-7902" });
        Assert.NotEqual(first.Id, second.Id);
        Assert.Contains(await house.Read(tx => house.Get<ComplaintJoining>().Alike(tx, second)), alike => alike.Complaint.Id == first.Id);
        var merged = await house.Do<ComplaintJoining>((desk, tx) => desk.Merge(tx, first.Id, second.Id, Song));
        Assert.Equal(first.Id, merged.Complaint!.Id);
        Assert.Equal((ComplaintState.Merged, first.Id), ((await house.Now(second)).State, (await house.Now(second)).MergedInto));
        Assert.Equal(2, (await house.Facts(first)).Count(kind => kind is "complaint.filed" or "complaint.said"));
        Assert.DoesNotContain(await house.Clocks(second), clock => clock.Runs);
        var tally = (await house.Read(tx => house.Get<ComplaintIntake>().Tally(tx, house.Now.AddDays(-1)))).Single();
        Assert.Equal((2L, 1L, 1L, 0L), (tally.Received, tally.Cases, tally.Joined, tally.Difference));
        var split = await house.Do<ComplaintJoining>((desk, tx) => desk.Split(tx, first.Id, "第二件事：热线说法前后不一", "customer_service", "unresponsive", Song));
        Assert.Equal(first.ReceivedAt, split.Complaint!.ReceivedAt);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_withdrawal_ends_it_the_same_day_and_an_appeal_goes_to_somebody_else(string database)
    {
        await using var house = await Office(database);
        await house.Customer();
        var taken = await house.File(Draft());
        Assert.Null((await house.Do<ComplaintClosing>((desk, tx) => desk.Withdraw(tx, taken.Id, "问题解决了", "customer"))).Refusal);
        Assert.DoesNotContain(await house.Clocks(taken), clock => clock.Runs);

        var complaint = await house.File(Draft(words: "账户被冻结九天，没有说明要补哪些材料，打电话也没有结果。") with { TransactionId = null, Category = "account_access", Subcategory = "locked_or_frozen" });
        await house.Answer(complaint, complaint.OwnerId);
        house.Clock.Pass(TimeSpan.FromDays(3));
        var appealed = await house.Do<ComplaintClosing>((desk, tx) => desk.Appeal(tx, complaint.Id, "没有说到冻结的原因", "customer"));
        Assert.Null(appealed.Refusal);
        Assert.NotEqual(complaint.OwnerId, appealed.Complaint!.OwnerId);
        Assert.Equal((ComplaintState.Received, 1), (appealed.Complaint.State, appealed.Complaint.Reopened));
        Assert.Equal(new DateOnly(2026, 12, 12), (await house.Clocks(complaint)).Single(clock => clock is { Clock: "final", Round: 1 }).DueDate);
        await house.Answer(complaint, appealed.Complaint.OwnerId);
        house.Clock.Pass(TimeSpan.FromDays(31));
        await house.Settle();
        Assert.Equal(ComplaintState.Closed, (await house.Now(complaint)).State);
        Assert.Equal(ComplaintRefusal.TooLateToAppeal, (await house.Do<ComplaintClosing>((desk, tx) => desk.Appeal(tx, complaint.Id, null, "customer"))).Refusal);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))] // I7
    public async Task Whoever_leaves_hands_over_what_she_had(string database)
    {
        await using var house = await Office(database);
        await house.Customer();
        var complaint = await house.File(Draft());
        await house.Write(tx => tx.Run("update staff set disabled_at = @now where id = @owner", new { now = house.Now, owner = complaint.OwnerId }));
        var keeper = house.All<Huifang.Work.IWork>().OfType<ComplaintOwners>().Single();
        await Task.WhenAll(keeper.Round(default), keeper.Round(default));
        var now = await house.Now(complaint);
        Assert.NotEqual(complaint.OwnerId, now.OwnerId);
        Assert.Contains(now.OwnerId, new[] { Song, Jiang, Shen, Ye });
        Assert.Equal(2, (await house.Facts(complaint)).Count(kind => kind == "complaint.assigned"));
    }
}
