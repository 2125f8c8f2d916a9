using Huifang.Customers;
using Huifang.FollowUps;
using Huifang.Storage;
using Huifang.Work;

namespace Huifang.Demo;

/// <summary>Keeps the demo's time running: every few seconds, what happened since the last look.</summary>
public sealed class DemoWork(DemoLife life, DemoQueue queue, TimeProvider time) : IWork
{
    private DateTimeOffset _told = time.GetUtcNow();

    public string Name => "demo life";
    public TimeSpan Every => TimeSpan.FromSeconds(5);

    public async Task<bool> Round(CancellationToken stop)
    {
        var now = time.GetUtcNow();
        if (now <= _told) return false;
        await life.Tell(_told, now, stop);
        _told = now;
        await life.Act([], now, alone: false, stop);
        await queue.Fill(now, stop);
        return false;
    }
}

/// <summary>Sees to it that whoever tries the desk finds somebody to call, at any hour: a customer for whom it is day.</summary>
public sealed class DemoQueue(Store store, CustomerDesk customers, FollowUpDesk followUps, HandDesk hand)
{
    private const int WaitingMin = 3;
    private readonly Random _random = new(DemoCustomers.Seed + 4);

    public async Task Fill(DateTimeOffset now, CancellationToken stop)
    {
        var waiting = await store.Read(tx => tx.One<long>("select count(*) from follow_ups where state = 'Waiting' and ready = 1 and skill = 'general' and language in ('zh-Hans', 'en')"), stop);
        for (var tries = 0; waiting < WaitingMin && tries < 40; tries++)
        {
            var id = DemoCustomers.IdOf(_random.Next(DemoCustomers.Count));
            var asked = await store.Write(async tx =>
            {
                if (await customers.Find(tx, id) is not { TimeZone: { } zone, Language: "zh-Hans" or "en" } || TimeZoneInfo.ConvertTime(now, TimeZoneInfo.FindSystemTimeZoneById(zone)).Hour is < 9 or > 18) return false;
                if ((await followUps.OpenOf(tx, [id])).Count > 0) return false;
                var made = await hand.Arrange(tx, new HandWish(id, "withdrawal-failed", "demo", HandDesk.ByHand), "s-jiang");
                return made is { IsOpen: true } && made.DueAt <= now && await followUps.Wait(tx, made, now, "no-slot");
            }, stop);
            if (asked) waiting++;
        }
    }
}
