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
    private const int AskedMax = 24;
    private readonly Random _random = new(DemoCustomers.Seed + 4);

    public async Task Fill(DateTimeOffset now, CancellationToken stop)
    {
        var waiting = await store.Read(tx => tx.One<long>("select count(*) from follow_ups where state = 'Waiting' and due_at <= @now and skill = 'general' and language in ('zh-Hans', 'en')", new { now }), stop);
        // Asked for in this hour and not yet called: never more than a handful, whatever the guard says to them.
        var asked = await store.Read(tx => tx.One<long>("select count(*) from follow_ups where rule_key = @ByHand and arranged_at > @since", new { HandDesk.ByHand, since = now.AddHours(-1) }), stop);
        for (var tries = 0; waiting < WaitingMin && asked < AskedMax && tries < 12; tries++)
        {
            var id = DemoCustomers.IdOf(_random.Next(DemoCustomers.Count));
            var arranged = await store.Write(async tx =>
            {
                if (await customers.Find(tx, id) is not { TimeZone: { } zone, Language: "zh-Hans" or "en" } || TimeZoneInfo.ConvertTime(now, TimeZoneInfo.FindSystemTimeZoneById(zone)).Hour is < 9 or > 18) return false;
                if ((await followUps.OpenOf(tx, [id])).Count > 0) return false;
                var made = await hand.Arrange(tx, new HandWish(id, "withdrawal-failed", "demo", HandDesk.ByHand), "s-jiang");
                if (made is null) return false;
                asked++;
                // Held: the guard says not yet, so she is invited like everybody. Else she waits for whoever presses N.
                return made is { IsOpen: true, Reason: null } && await followUps.Wait(tx, made, now, "no-slot");
            }, stop);
            if (arranged) waiting++;
        }
    }
}
