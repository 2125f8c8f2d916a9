using Huifang.Accounts;
using Huifang.Consents;
using Huifang.Customers;
using Huifang.Feedback;
using Huifang.Planning;
using Huifang.Storage;

namespace Huifang.Demo;

/// <summary>Fills an empty house: staff with shifts, customers with consents, and what they said.</summary>
public sealed class DemoSeed(Store store, AccountDesk accounts, CustomerDesk customers, ConsentDesk consents, DemoPlan plan)
{
    public Task<bool> IsNeeded() => store.Read(async tx => await tx.One<long>("select count(*) from staff") == 0);

    public async Task<IReadOnlyList<StaffSecrets>> People(DateTimeOffset begin, CancellationToken stop)
    {
        var secrets = new List<StaffSecrets>();
        foreach (var person in DemoStaff.All) secrets.Add(await store.Write(tx => accounts.Add(tx, person.Staff), stop));
        await plan.Shifts(begin, days: 45, stop);
        foreach (var part in DemoCustomers.Make(begin).Chunk(1000)) await store.Write(tx => customers.Save(tx, part, "import:demo"), stop);
        foreach (var part in DemoCustomers.Consents(begin).Chunk(5000)) await store.Write(tx => consents.Record(tx, part), stop);
        return secrets;
    }
}

/// <summary>The demo agents' working days.</summary>
public sealed class DemoPlan(Store store, PlanningDesk planning, FeedbackDesk feedback)
{
    /// <summary>Eight hours with lunch; two in three of them also on Saturday and Sunday.</summary>
    public async Task Shifts(DateTimeOffset begin, int days, CancellationToken stop)
    {
        var agents = DemoStaff.All.Where(p => p.TakesCalls).ToList();
        await store.Write(async tx => { foreach (var a in agents) await planning.SaveAgent(tx, new Agent(a.Staff.Id, a.Staff.Name, DemoStaff.Zone, a.Languages, a.Skills), "demo"); }, stop);
        var first = DateOnly.FromDateTime(begin.UtcDateTime);
        for (var day = 0; day < days; day++)
        {
            var date = first.AddDays(day);
            await store.Write(async tx =>
            {
                for (var i = 0; i < agents.Count; i++)
                {
                    if (date.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday && (i + day) % 3 == 0) continue;
                    var start = agents[i].ShiftStart;
                    await planning.SetRows(tx, agents[i].Staff.Id, date, [(TimeKind.Shift, new(start, 0), new(start + 8, 0)), (TimeKind.Break, new(start + 3, 30), new(start + 4, 30)), .. Beside(date, i, start)], "demo");
                }
            }, stop);
        }
    }

    /// <summary>A team meeting on Mondays, training now and then, and somebody is on leave for a day each week.</summary>
    private static IEnumerable<(TimeKind, TimeOnly, TimeOnly)> Beside(DateOnly date, int agent, int start)
    {
        if (date.DayOfWeek == DayOfWeek.Monday && start <= 10) yield return (TimeKind.Meeting, new(10, 0), new(10, 30));
        if (date.DayNumber % 12 == agent && date.DayOfWeek != DayOfWeek.Monday) yield return (TimeKind.Training, new(start + 5, 0), new(start + 6, 30));
        if (date.DayOfWeek == DayOfWeek.Thursday && date.DayNumber / 7 % 12 == agent) yield return (TimeKind.Off, new(start, 0), new(start + 8, 0));
    }

    public async Task Words(DateTimeOffset now, CancellationToken stop)
    {
        foreach (var part in DemoTexts.Imported(now).Chunk(200)) await store.Write(tx => feedback.Keep(tx, part, "import:demo"), stop);
    }
}
