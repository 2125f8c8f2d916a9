using Huifang.Storage;

namespace Huifang.Complaints;

/// <summary>Starts, stops, extends and meets the clocks of complaints. Every change recomputes by the pack and is explained by it.</summary>
public sealed class ClockDesk(ComplaintParts parts)
{
    public Task<List<RunningClock>> Of(Tx tx, string complaintId) => ClockTable.Of(tx, complaintId);

    public Task<List<StopRow>> Stops(Tx tx, string complaintId) => ClockTable.Stops(tx, complaintId);

    /// <summary>The deadline of a clock, computed again with every day's reason.</summary>
    public async Task<Deadline?> Explain(Tx tx, Complaint complaint, RunningClock clock)
    {
        var pack = parts.Packs.Find(clock.Pack, clock.PackVersion) ?? parts.PackOf(complaint);
        if (pack.Clock(clock.Clock) is not { } rule) return null;
        return DeadlineRules.Compute(pack, rule, clock.FromAt, await StopsOf(tx, complaint.Id), clock.MetAt ?? parts.Now);
    }

    /// <summary>The clocks that begin with an event. Those that run already for this round stay as they are.</summary>
    internal async Task<IReadOnlyList<RunningClock>> Begin(Tx tx, Complaint complaint, ClockStart start, DateTimeOffset at)
    {
        var pack = parts.PackOf(complaint);
        var clocks = Make(complaint, pack, DeadlineRules.Begin(pack, start, at, complaint.CaseFacts), await Round(tx, complaint, start));
        await ClockTable.Insert(tx, clocks);
        await Due(tx, complaint.Id);
        return clocks;
    }

    internal IReadOnlyList<RunningClock> Make(Complaint complaint, ComplaintPack pack, IEnumerable<Deadline> deadlines, int round) =>
        [.. deadlines.Select(deadline => new RunningClock(parts.NewId(), complaint.Id, deadline.Rule.Id, round, deadline.Rule.Kind, pack.Id, pack.Version, deadline.Rule.IsOwn, deadline.Rule.IsBinding,
            deadline.From, deadline.DueAt, deadline.DueDate, deadline.IsProvisional, ClockState.Running) { NextAt = deadline.Rule.IsBinding ? Next(deadline, 0, parts.Now) : null })];

    // Words to the customer start the clock of the next words anew, however often.
    private static async Task<int> Round(Tx tx, Complaint complaint, ClockStart start) =>
        start is ClockStart.Received ? complaint.Reopened
        : start is ClockStart.Updated ? (await ClockTable.Of(tx, complaint.Id)).Where(clock => clock.Kind == ClockKind.Update).Select(clock => clock.Round + 1).DefaultIfEmpty(0).Max()
        : complaint.Reopened;

    /// <summary>What was demanded has happened, in time or late.</summary>
    internal async Task Meet(Tx tx, string complaintId, params ClockKind[] kinds)
    {
        await ClockTable.Meet(tx, complaintId, [.. kinds.Select(kind => kind.ToString())], parts.Now);
        await Due(tx, complaintId);
    }

    /// <summary>The matter went another way: nothing runs any more.</summary>
    internal async Task End(Tx tx, string complaintId)
    {
        await ClockTable.Resume(tx, complaintId, parts.Now, ComplaintParts.House);
        await ClockTable.ReplaceAll(tx, complaintId);
        await Due(tx, complaintId);
    }

    /// <summary>Stops the clocks that may stop, for a reason that the pack allows.</summary>
    public async Task<Handled> Stop(Tx tx, string complaintId, string reason, string words, string by)
    {
        if (await ComplaintTable.Find(tx, complaintId) is not { } complaint) return ComplaintRefusal.NoSuchComplaint;
        if (!ComplaintRules.IsWorking(complaint.State)) return ComplaintRefusal.NotNow;
        if (string.IsNullOrWhiteSpace(words)) return ComplaintRefusal.ReasonMissing;
        var pack = parts.PackOf(complaint);
        var may = (await ClockTable.Running(tx, [complaintId])).Where(clock => clock.State == ClockState.Running && pack.Clock(clock.Clock) is { CanStop: true }).ToList();
        if (pack.Stops.All(stop => stop.Reason != reason) || may.All(clock => clock.Own)) return ComplaintRefusal.StopNotAllowed;
        if (!await ClockTable.Stop(tx, new(parts.NewId(), complaintId, reason, parts.Now, null, by, null))) return ComplaintRefusal.NotNow;
        await tx.Run("update complaint_clocks set state = 'Stopped', next_at = null where id in @ids", new { ids = may.Select(clock => clock.Id).ToArray() });
        await parts.Tell(tx, complaint, "complaint.stopped", by, new { reason }, words, shown: true);
        await Due(tx, complaintId);
        return complaint;
    }

    /// <summary>The clocks run again, later by the days at whose end they stood.</summary>
    public async Task<Handled> Resume(Tx tx, string complaintId, string by)
    {
        if (await ComplaintTable.Find(tx, complaintId) is not { } complaint) return ComplaintRefusal.NoSuchComplaint;
        if (!await ClockTable.Resume(tx, complaintId, parts.Now, by)) return ComplaintRefusal.NotNow;
        var stops = await StopsOf(tx, complaintId);
        foreach (var clock in (await ClockTable.Running(tx, [complaintId])).Where(clock => clock.State == ClockState.Stopped))
        {
            var pack = parts.Packs.Find(clock.Pack, clock.PackVersion) ?? parts.PackOf(complaint);
            if (pack.Clock(clock.Clock) is not { } rule) continue;
            var deadline = DeadlineRules.Compute(pack, rule, clock.FromAt, stops, parts.Now);
            await ClockTable.Move(tx, clock.Id, deadline, clock.PackVersion, Next(deadline, clock.Warned, parts.Now), ClockState.Running);
        }
        await parts.Tell(tx, complaint, "complaint.resumed", by, null, null, shown: true);
        await Due(tx, complaintId);
        return complaint;
    }

    /// <summary>
    /// Takes the longer time that the pack allows. It never comes by itself: a person says why, the customer is told, and where the pack demands it a second person approves.
    /// </summary>
    public async Task<Handled> Extend(Tx tx, string complaintId, string extension, string reason, string by, string? approvedBy)
    {
        if (await ComplaintTable.Find(tx, complaintId) is not { } complaint) return ComplaintRefusal.NoSuchComplaint;
        if (!ComplaintRules.IsWorking(complaint.State)) return ComplaintRefusal.NotNow;
        if (string.IsNullOrWhiteSpace(reason)) return ComplaintRefusal.ReasonMissing;
        var pack = parts.PackOf(complaint);
        var running = (await ClockTable.Running(tx, [complaintId])).FirstOrDefault(clock => DeadlineRules.ExtensionsOf(pack, clock.Clock, complaint.CaseFacts).Any(one => one.Id == extension));
        if (running is null) return ComplaintRefusal.NoSuchExtension;
        var rule = pack.Clock(extension)!;
        if (rule.Duties.HasFlag(ExtensionDuty.Approval) && approvedBy is null) return ComplaintRefusal.NeedsSecondPerson;
        if (approvedBy == by) return ComplaintRefusal.SamePerson;
        // Of two who extend it at once the second finds the clock replaced.
        if (!await ClockTable.ReplaceOne(tx, running.Id)) return ComplaintRefusal.NotNow;
        var deadline = DeadlineRules.Compute(pack, rule, running.FromAt, await StopsOf(tx, complaintId), parts.Now);
        await ClockTable.Insert(tx, Make(complaint, pack, [deadline], complaint.Reopened));
        await Meet(tx, complaintId, ClockKind.InterimReply);
        await parts.Tell(tx, complaint, "complaint.extended", by, new { from = running.Clock, to = extension, before = running.DueAt, dueAt = deadline.DueAt, approvedBy }, reason, shown: true);
        return complaint;
    }

    /// <summary>Computes running clocks anew: a year was announced, or a pack has a newer version. Stricter holds at once; looser is only told to a person.</summary>
    internal async Task<(bool Moved, Deadline Deadline)?> Recompute(Tx tx, RunningClock clock, ComplaintPack pack)
    {
        if (await ComplaintTable.Find(tx, clock.ComplaintId) is not { } complaint || pack.Clock(clock.Clock) is not { } rule) return null;
        var deadline = DeadlineRules.Compute(pack, rule, clock.FromAt, await StopsOf(tx, clock.ComplaintId), parts.Now);
        if (deadline.DueAt == clock.DueAt && deadline.IsProvisional == clock.Provisional) return null;
        // A provisional deadline was as early as it could be: that it moves later when the year is announced was said from the beginning.
        var allowed = ComplaintRules.MayMoveSilently(clock.DueAt, deadline.DueAt) || (clock.Provisional && pack.Version == clock.PackVersion);
        if (!allowed) return (false, deadline);
        await ClockTable.Move(tx, clock.Id, deadline, pack.Version, clock.State == ClockState.Running ? Next(deadline, clock.Warned, parts.Now) : null, clock.State);
        await parts.Tell(tx, complaint, "complaint.clock-moved", ComplaintParts.House, new { clock = clock.Clock, before = clock.DueAt, dueAt = deadline.DueAt, pack = pack.ToString() });
        await Due(tx, clock.ComplaintId);
        return (true, deadline);
    }

    /// <summary>A person lets a looser deadline of a newer pack hold for an open complaint.</summary>
    public async Task<Handled> Loosen(Tx tx, string complaintId, string clockId, string reason, string by)
    {
        if (await ComplaintTable.Find(tx, complaintId) is not { } complaint) return ComplaintRefusal.NoSuchComplaint;
        if (string.IsNullOrWhiteSpace(reason)) return ComplaintRefusal.ReasonMissing;
        if ((await ClockTable.Running(tx, [complaintId])).FirstOrDefault(one => one.Id == clockId) is not { } clock || parts.Packs.Find(complaint.Pack) is not { } pack || pack.Clock(clock.Clock) is not { } rule) return ComplaintRefusal.NotNow;
        var deadline = DeadlineRules.Compute(pack, rule, clock.FromAt, await StopsOf(tx, complaintId), parts.Now);
        await ClockTable.Move(tx, clock.Id, deadline, pack.Version, clock.State == ClockState.Running ? Next(deadline, clock.Warned, parts.Now) : null, clock.State);
        await parts.Tell(tx, complaint, "complaint.clock-moved", by, new { clock = clock.Clock, before = clock.DueAt, dueAt = deadline.DueAt, pack = pack.ToString() }, reason);
        await Due(tx, complaintId);
        return complaint;
    }

    /// <summary>The next instant at which somebody is to be told, or the end.</summary>
    internal static DateTimeOffset Next(Deadline deadline, int warned, DateTimeOffset now)
    {
        for (var i = warned; i < ComplaintRules.WarningShares.Length; i++)
            if (deadline.WarnAt(ComplaintRules.WarningShares[i]) is var at && at > now && at < deadline.DueAt) return at;
        return deadline.DueAt.AddMilliseconds(1);
    }

    internal async Task<IReadOnlyList<ClockStop>> StopsOf(Tx tx, string complaintId) =>
        [.. (await ClockTable.Stops(tx, complaintId)).Select(stop => new ClockStop(stop.FromAt, stop.ToAt, stop.Reason))];

    /// <summary>The complaint's row carries the nearest deadline, so that the board needs no join.</summary>
    private static async Task Due(Tx tx, string complaintId)
    {
        var running = await ClockTable.Running(tx, [complaintId]);
        await ComplaintTable.Due(tx, complaintId, running.Where(clock => clock is { Binding: true, State: ClockState.Running }).Select(clock => (DateTimeOffset?)clock.DueAt).Min());
    }
}
