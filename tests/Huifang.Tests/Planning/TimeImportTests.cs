using Huifang.Planning;

namespace Huifang.Tests.Planning;

public sealed class TimeImportTests // P1
{
    private static readonly DateOnly Today = new(2026, 11, 24);

    private static async Task<Agent> Lin(House house)
    {
        var lin = new Agent("a-lin", "a-lin", "Asia/Shanghai", ["zh-Hans"], ["general"]);
        await house.Write(tx => house.Get<Huifang.Accounts.AccountDesk>().Add(tx, new("a-lin", "lin", "林静", [Huifang.Accounts.Role.Agent], "zh-Hans")));
        await house.Write(tx => house.Get<PlanningDesk>().SaveAgent(tx, lin, "test"));
        return lin;
    }

    private static ToldTimes Told(Agent agent, params string[] rows) => ToldTimeRules.Read(rows.Select((row, i) => row.Split(',') is var cells ? new ToldRow(i + 2, row, cells[0], cells[1], cells[2], cells[3]) : null!), new Dictionary<string, Agent> { ["lin"] = agent });

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_file_writes_the_days_it_can_and_keeps_the_rows_it_cannot(string database)
    {
        await using var house = await House.Open(database);
        var lin = await Lin(house);
        var told = Told(lin, "lin,shift,2026-11-24 09:00,2026-11-24 18:00", "lin,break,2026-11-24 12:00,2026-11-24 13:00",
            "lin,shift,2026-11-25 09:00,2026-11-25 18:00", "lin,shift,2026-11-25 17:00,2026-11-25 20:00", "lin,dance,2026-11-26 09:00,2026-11-26 18:00", "lin,shift,2026-11-26 22:00,2026-11-27 02:00", "lin,break,2026-11-27 00:00,2026-11-27 00:30");
        var import = await house.Write(tx => house.Get<TimeImports>().Take(tx, "week.csv", told, "sup"));
        Assert.Equal((2, 6, 3), (import.Days, import.Rows, import.Bad.Count));
        Assert.Equal([DayRefusal.OverlappingShifts, DayRefusal.OverlappingShifts, DayRefusal.UnknownKind], import.Bad.Select(row => row.Reason));
        Assert.Equal(2 * 8 + 7, (await house.Read(tx => house.Get<SlotDesk>().Between(tx, House.Morning.AddDays(-1), House.Morning.AddDays(5)))).Count);

        var kept = await house.Read(tx => house.Get<TimeImports>().Kept(tx));
        Assert.Equal(3, kept.Count);
        Assert.Contains(kept, row => row.Words == "lin,dance,2026-11-26 09:00,2026-11-26 18:00");
        Assert.True(await house.Write(tx => house.Get<TimeImports>().Settle(tx, kept[0].Id, "sup")));
        Assert.False(await house.Write(tx => house.Get<TimeImports>().Settle(tx, kept[0].Id, "sup")));
        Assert.Equal(2, (await house.Read(tx => house.Get<TimeImports>().Kept(tx))).Count);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_file_taken_twice_changes_nothing_and_a_meeting_is_added_to_the_day(string database)
    {
        await using var house = await House.Open(database);
        var lin = await Lin(house);
        for (var twice = 0; twice < 2; twice++) await house.Write(tx => house.Get<TimeImports>().Take(tx, "week.csv", Told(lin, "lin,shift,2026-11-24 09:00,2026-11-24 18:00", "lin,break,2026-11-24 12:00,2026-11-24 13:00"), "sup"));
        await house.Write(tx => house.Get<TimeImports>().Take(tx, "more.csv", Told(lin, "lin,meeting,2026-11-24 10:00,2026-11-24 11:00"), "sup"));
        Assert.Equal([TimeKind.Shift, TimeKind.Meeting, TimeKind.Break], (await house.Read(tx => house.Get<PlanningDesk>().Times(tx, Today, Today))).Select(time => time.Kind));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_shift_that_meets_the_night_before_is_refused(string database)
    {
        await using var house = await House.Open(database);
        await Lin(house);
        var desk = house.Get<PlanningDesk>();
        Assert.IsType<DayAnswer.Written>(await house.Write(tx => desk.SetRows(tx, "a-lin", Today, [(TimeKind.Shift, new(22, 0), new(6, 0))], "sup")));
        var answer = await house.Write(tx => desk.SetRows(tx, "a-lin", Today.AddDays(1), [(TimeKind.Shift, new(5, 0), new(12, 0))], "sup"));
        Assert.Equal(DayRefusal.OverlappingShifts, Assert.IsType<DayAnswer.Refused>(answer).Reason);
    }
}
