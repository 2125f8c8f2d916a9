using Huifang.Accounts;
using Huifang.Storage;
using Huifang.Work;

namespace Huifang.Complaints;

/// <summary>
/// Watches the clocks of complaints: warns at shares of the working time, takes what is late up the ladder, says a breach at once, computes anew when a year is announced
/// or a pack has a newer version, and closes what nobody objected to.
/// </summary>
public sealed class ComplaintClock(Store store, ComplaintParts parts, ClockDesk clocks, ComplaintClosing closing, AccountDesk accounts) : IWork
{
    private const int Most = 200;

    public string Name => "complaint clock";
    public TimeSpan Every => TimeSpan.FromSeconds(5);

    private DateTimeOffset _recomputed;

    public async Task<bool> Round(CancellationToken stop)
    {
        var now = parts.Now;
        var more = await store.Read(tx => ClockTable.AnyDue(tx, now), stop) && await store.Write(Look, stop);
        if (now - _recomputed < TimeSpan.FromHours(1)) return more;
        _recomputed = now;
        await Recompute(stop);
        // Reading first keeps the one writer free.
        if (await store.Read(async tx => (await ComplaintTable.AnsweredBefore(tx, now - ComplaintClosing.AppealWithin, 1)).Count > 0, stop)) await store.Write(CloseOld, stop);
        return more;
    }

    private async Task<bool> Look(Tx tx)
    {
        var due = await ClockTable.DueForLook(tx, parts.Now, Most);
        foreach (var clock in due) await Look(tx, clock);
        return due.Count == Most;
    }

    private async Task Look(Tx tx, RunningClock clock)
    {
        if (await ComplaintTable.Find(tx, clock.ComplaintId) is not { } complaint) return;
        if (clock.DueAt < parts.Now)
        {
            if (!await ClockTable.Miss(tx, clock.Id)) return;
            await parts.Tell(tx, complaint, "complaint.breached", ComplaintParts.House, new { clock = clock.Clock, kind = clock.Kind.ToString(), dueAt = clock.DueAt, own = clock.Own, owner = complaint.OwnerId });
            // Our own promise goes one step up, the law's goes to the top.
            await Escalate(tx, complaint, clock.Own ? Math.Min(complaint.Escalation + 1, 2) : 3);
            return;
        }
        var warned = clock.Warned + 1;
        var deadline = await clocks.Explain(tx, complaint, clock);
        await ClockTable.Warned(tx, clock.Id, warned, deadline is null ? clock.DueAt.AddMilliseconds(1) : ClockDesk.Next(deadline, warned, parts.Now));
        await parts.Tell(tx, complaint, "complaint.warned", ComplaintParts.House, new { clock = clock.Clock, share = ComplaintRules.WarningShares[Math.Min(warned, ComplaintRules.WarningShares.Length) - 1], dueAt = clock.DueAt, owner = complaint.OwnerId });
        if (warned >= 2 && !clock.Own) await Escalate(tx, complaint, warned - 1);
    }

    /// <summary>The ladder: 1 the team's supervisor knows, 2 compliance knows, 3 it was missed. Each step once.</summary>
    private async Task Escalate(Tx tx, Complaint complaint, int to)
    {
        if (to <= complaint.Escalation || !await ComplaintTable.Escalate(tx, complaint.Id, complaint.Escalation, to, parts.Now)) return;
        var told = (await accounts.All(tx)).Where(staff => staff.DisabledAt is null && staff.Roles.Contains(to >= 2 ? Role.Compliance : Role.Supervisor)).Select(staff => staff.Id).ToList();
        await parts.Tell(tx, complaint, "complaint.escalated", ComplaintParts.House, new { to, told });
    }

    private async Task Recompute(CancellationToken stop)
    {
        foreach (var pack in parts.Packs.Packs.Where(pack => pack == parts.Packs.Find(pack.Id)))
            await Recompute(pack, await store.Read(tx => ClockTable.OfOtherVersion(tx, pack.Id, pack.Version, Most), stop), stop);
        var provisional = await store.Read(tx => ClockTable.Provisional(tx, Most), stop);
        foreach (var group in provisional.GroupBy(clock => (clock.Pack, clock.PackVersion)))
            if (parts.Packs.Find(group.Key.Pack, group.Key.PackVersion) is { } pack) await Recompute(pack, [.. group], stop);
    }

    private async Task Recompute(ComplaintPack pack, List<RunningClock> running, CancellationToken stop)
    {
        if (running.Count == 0) return;
        await store.Write(async tx =>
        {
            foreach (var clock in running)
                if (await clocks.Recompute(tx, clock, pack) is (false, var looser) && await ComplaintTable.Find(tx, clock.ComplaintId) is { } complaint && !await Said(tx, clock, pack))
                    await parts.Tell(tx, complaint, "complaint.looser", ComplaintParts.House, new { clock = clock.Clock, id = clock.Id, dueAt = clock.DueAt, would = looser.DueAt, pack = pack.ToString() });
        }, stop);
    }

    // A person is asked once about each clock and version.
    private static async Task<bool> Said(Tx tx, RunningClock clock, ComplaintPack pack) =>
        (await CaseTable.Story(tx, clock.ComplaintId, shownOnly: false)).Any(entry => entry.Kind == "complaint.looser" && entry.Data.Contains(clock.Id, StringComparison.Ordinal) && entry.Data.Contains(pack.ToString(), StringComparison.Ordinal));

    private async Task CloseOld(Tx tx)
    {
        foreach (var complaint in await ComplaintTable.AnsweredBefore(tx, parts.Now - ComplaintClosing.AppealWithin, Most)) await closing.Close(tx, complaint.Id, ComplaintParts.House, "nobody-objected");
    }
}

/// <summary>Goes on with what arrived and was not read, because the process died in between or a reading failed.</summary>
public sealed class IntakeClerk(Store store, ComplaintParts parts, ComplaintIntake intake) : IWork
{
    private const int Most = 20;

    public string Name => "complaint intake";
    public TimeSpan Every => TimeSpan.FromSeconds(5);

    public async Task<bool> Round(CancellationToken stop)
    {
        var waiting = await store.Read(tx => IntakeTable.Waiting(tx, parts.Now, Most), stop);
        foreach (var arrival in waiting)
            try
            {
                var raw = await store.Read(tx => intake.Raw(tx, arrival.Id), stop) ?? throw new InvalidDataException("The stored bytes do not open with the house's key.");
                await intake.Read(arrival, raw, stop);
            }
            catch (Exception failed) when (failed is not OperationCanceledException)
            {
                // One that fails does not hold up the others; it comes again, ever later, and stands on the reconciliation page.
                await store.Write(tx => IntakeTable.PutOff(tx, arrival.Id, failed.GetType().Name, parts.Now + TimeSpan.FromSeconds(Math.Pow(2, Math.Min(arrival.Tries + 3, 12)))), stop);
            }
        return waiting.Count == Most;
    }
}

/// <summary>Nothing is ever unowned: who leaves hands over what she had, also when nobody thinks of it.</summary>
public sealed class ComplaintOwners(Store store, ComplaintDesk desk) : IWork
{
    public string Name => "complaint owners";
    public TimeSpan Every => TimeSpan.FromMinutes(1);

    public async Task<bool> Round(CancellationToken stop) => await store.Read(desk.AnyUnowned, stop) && await store.Write(tx => desk.TakeOver(tx), stop) == 50;
}
