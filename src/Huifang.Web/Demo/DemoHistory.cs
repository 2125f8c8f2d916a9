using Huifang.Accounts;
using Huifang.Work;

namespace Huifang.Demo;

/// <summary>Lives through the last thirty days in a minute or so: the same desks and workers, on a clock that is put forward.</summary>
public sealed class DemoHistory(DemoSeed seed, DemoPlan plan, DemoLife life, DemoTrust trust, DemoComplaints complaints, DemoFeedback feedback, DemoCampaign campaign, DemoClock clock, IEnumerable<IWork> works)
{
    public const int Days = 30;

    private static readonly TimeSpan Planned = TimeSpan.FromHours(30);

    public async Task<IReadOnlyList<StaffSecrets>> Live(Action<double, string> progress, CancellationToken stop)
    {
        var now = TimeProvider.System.GetUtcNow();
        var begin = now.AddDays(-Days);
        clock.Set(begin);
        try
        {
            progress(0, "people");
            var secrets = await seed.People(begin, stop);
            var past = works.Where(w => w is not DemoWork).ToList();
            // The desk runs on plans for the last days only: a month of minutes would be forty thousand plans that nobody looks at.
            var unplanned = past.Where(w => w is not Planning.Planner).ToList();
            progress(0, "complaints");
            await complaints.Year(begin, stop);
            clock.Set(begin);
            progress(0, "feedback");
            await feedback.Before(begin, now, stop);
            for (var at = begin; at < now;)
            {
                stop.ThrowIfCancellationRequested();
                // Quarter hours while somebody works, hours at night.
                var step = TimeZoneInfo.ConvertTime(at, TimeZoneInfo.FindSystemTimeZoneById(DemoStaff.Zone)).Hour is >= 9 and < 21 ? TimeSpan.FromMinutes(15) : TimeSpan.FromHours(1);
                var next = at + step < now ? at + step : now;
                clock.Set(next);
                if (next.UtcDateTime.Hour == 3 && at.UtcDateTime.Hour != 3) {
                    await complaints.Day(next, stop);
                    clock.Set(next);
                    await feedback.Day(next, stop);
                }
                await life.Tell(at, next, stop);
                await life.Act(now - next > Planned ? unplanned : past, next, alone: true, stop);
                at = next;
                progress((at - begin) / (now - begin), at.ToString("MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture));
            }
            await campaign.Owe(now, stop);
            foreach (var work in past.Where(w => w is Planning.Planner or Journal.Reactor)) await work.Round(stop);
            await life.Garble(now.AddMinutes(-41), stop);
            await complaints.Nasty(stop);
            clock.Set(now);
            await feedback.Today(now, stop);
            await plan.Words(now, stop);
            await trust.Happen(now, stop);
            return secrets;
        }
        finally { clock.Release(); }
    }
}
