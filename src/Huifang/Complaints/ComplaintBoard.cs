using Huifang.Accounts;
using Huifang.Customers;
using Huifang.Storage;

namespace Huifang.Complaints;

/// <summary>Who must move next.</summary>
public enum StuckOn { Owner, Customer, SecondPerson, Department, Letter, Answered, Nobody }

/// <summary>One line of the board.</summary>
/// <param name="Used">The share of the nearest deadline's working time that is gone, 0–1.</param>
/// <param name="Risk">The chance to miss it; see <see cref="ComplaintRules.Risk"/>.</param>
public sealed record BoardRow(Complaint Complaint, string Subject, string? CustomerName, string OwnerName, RunningClock? Clock, double Used, double Risk, TimeSpan Left, StuckOn Stuck, string? Department);

/// <summary>The numbers over the board.</summary>
public sealed record BoardNumbers(long Open, long Breached, long DueToday, long AtRisk, long ReceivedToday, double? WithinOneDay, double? Reopened, DateTimeOffset At);

/// <summary>The complaints that need somebody, ordered by the chance to miss a deadline and not by the date.</summary>
public sealed class ComplaintBoard(ComplaintParts parts, CustomerDesk customers, AccountDesk accounts)
{
    public const int PageSize = 50;

    /// <summary>The nearest deadlines are looked at for their risk; what is further away cannot be at more.</summary>
    private const int Candidates = 400;

    private BoardNumbers? _numbers;

    public async Task<IReadOnlyList<BoardRow>> Open(Tx tx, ComplaintFilter filter, int page)
    {
        var rows = await ComplaintTable.Page(tx, filter with { Open = true }, "case when due_at is null then 1 else 0 end, due_at, no", page == 0 ? 0 : page * PageSize, page == 0 ? Candidates : PageSize);
        var lines = await Lines(tx, rows);
        return [.. lines.OrderByDescending(row => row.Risk).ThenBy(row => row.Complaint.DueAt ?? DateTimeOffset.MaxValue).Take(PageSize)];
    }

    /// <summary>Those that are over, the latest first.</summary>
    public async Task<IReadOnlyList<BoardRow>> Past(Tx tx, ComplaintFilter filter, int page) => await Lines(tx, await ComplaintTable.Page(tx, filter with { Open = false }, "received_at desc, no desc", page * PageSize, PageSize));

    public Task<long> Count(Tx tx, ComplaintFilter filter) => ComplaintTable.Count(tx, filter);

    public async Task<IReadOnlyList<BoardRow>> Of(Tx tx, IReadOnlyList<Complaint> complaints) => await Lines(tx, complaints);

    private async Task<List<BoardRow>> Lines(Tx tx, IReadOnlyList<Complaint> complaints)
    {
        if (complaints.Count == 0) return [];
        var ids = complaints.Select(one => one.Id).ToArray();
        var running = (await ClockTable.Running(tx, ids)).ToLookup(clock => clock.ComplaintId);
        var tasks = (await tx.Query<(string Id, string Department)>("select complaint_id, min(department) from complaint_tasks where complaint_id in @ids and done_at is null group by complaint_id", new { ids })).ToDictionary(row => row.Id, row => row.Department);
        var money = (await tx.Query<string>("select complaint_id from complaint_redress where complaint_id in @ids and state = 'Proposed'", new { ids })).ToHashSet(StringComparer.Ordinal);
        var letters = (await tx.Query<string>("select complaint_id from complaint_letters where complaint_id in @ids and sent_at is null", new { ids })).ToHashSet(StringComparer.Ordinal);
        var drafts = complaints.Select(one => Line(one, [.. running[one.Id]], tasks.GetValueOrDefault(one.Id), money.Contains(one.Id), letters.Contains(one.Id))).ToList();
        // Names and subjects are opened only for the lines that are shown.
        var shown = drafts.OrderByDescending(row => row.Risk).ThenBy(row => row.Complaint.DueAt ?? DateTimeOffset.MaxValue).Take(PageSize).Select(row => row.Complaint).ToList();
        var people = await customers.Load(tx, shown.Select(one => one.CustomerId));
        var keys = await parts.Vault.KeysOf(tx, [.. people.Keys]);
        var subjects = await ComplaintTable.Subjects(tx, [.. shown.Select(one => one.Id)]);
        var names = await accounts.Names(tx);
        return drafts.ConvertAll(row => row with
        {
            Subject = subjects.TryGetValue(row.Complaint.Id, out var sealed_) && keys.TryGetValue(row.Complaint.CustomerId, out var key) ? key.Open(sealed_) ?? "—" : "—",
            CustomerName = people.GetValueOrDefault(row.Complaint.CustomerId)?.Name, OwnerName = names.GetValueOrDefault(row.Complaint.OwnerId, row.Complaint.OwnerId),
        });
    }

    private BoardRow Line(Complaint complaint, List<RunningClock> running, string? department, bool money, bool letter)
    {
        var clock = running.Where(one => one.Binding && one.State == ClockState.Running).MinBy(one => one.DueAt) ?? running.Where(one => one.Binding).MinBy(one => one.DueAt);
        var (used, left) = clock is null ? (0, TimeSpan.Zero) : Used(complaint, clock);
        var missed = clock is null && ComplaintRules.IsWorking(complaint.State);
        var stuck = complaint.State == ComplaintState.Answered ? StuckOn.Answered : !complaint.IsOpen ? StuckOn.Nobody
            : running.Any(one => one.State == ClockState.Stopped) ? StuckOn.Customer : money ? StuckOn.SecondPerson : department is not null ? StuckOn.Department : letter ? StuckOn.Letter : StuckOn.Owner;
        var risk = !ComplaintRules.IsWorking(complaint.State) ? 0 : missed || complaint.Escalation == 3 ? 1 : ComplaintRules.Risk(used, complaint.State, department is null ? 0 : 1, complaint.Severity);
        return new(complaint, "", null, "", clock, used, risk, left, stuck, department);
    }

    private (double Used, TimeSpan Left) Used(Complaint complaint, RunningClock clock)
    {
        var time = (parts.Packs.Find(clock.Pack, clock.PackVersion) ?? parts.PackOf(complaint)).Time;
        var whole = time.Between(clock.FromAt, clock.DueAt);
        var left = time.Between(parts.Now, clock.DueAt);
        return clock.DueAt < parts.Now ? (1, clock.DueAt - parts.Now) : (whole == TimeSpan.Zero ? (parts.Now - clock.FromAt) / (clock.DueAt - clock.FromAt) : 1 - left / whole, left == TimeSpan.Zero ? clock.DueAt - parts.Now : left);
    }

    /// <summary>The numbers, at most a minute old: they are looked at by everybody and change slowly.</summary>
    public async Task<BoardNumbers> Numbers(Tx tx, DateTimeOffset today)
    {
        var now = parts.Now;
        if (_numbers is { } known && now >= known.At && now - known.At < TimeSpan.FromMinutes(1)) return known;
        var (open, breached, due, risk) = await tx.One<(long, long, long, long)>(
            $"""
            select count(*), coalesce(sum(case when escalation = 3 or due_at < @now then 1 else 0 end), 0), coalesce(sum(case when due_at >= @now and due_at < @tomorrow then 1 else 0 end), 0),
              coalesce(sum(case when escalation in (1, 2) then 1 else 0 end), 0)
            from complaints where state in ('Received', 'Assessed', 'Investigating')
            """, new { now, tomorrow = today.AddDays(1) });
        var received = await tx.One<long>("select count(*) from complaints where received_at >= @today", new { today });
        var (answered, quick) = await tx.One<(long, long)>("select count(*), coalesce(sum(case when answered_at - received_at <= 86400000 then 1 else 0 end), 0) from complaints where received_at >= @since and answered_at is not null", new { since = now.AddDays(-30) });
        var (all, again) = await tx.One<(long, long)>("select count(*), coalesce(sum(case when reopened > 0 then 1 else 0 end), 0) from complaints where received_at >= @since", new { since = now.AddDays(-30) });
        return _numbers = new(open, breached, due, risk, received, answered == 0 ? null : 100.0 * quick / answered, all == 0 ? null : 100.0 * again / all, now);
    }
}
