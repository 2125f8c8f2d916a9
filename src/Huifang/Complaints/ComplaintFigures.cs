using Huifang.Storage;

namespace Huifang.Complaints;

/// <summary>What can be said in public about the complaints of a stretch of time. Nothing in it points at a person: small groups are left out.</summary>
public sealed record PublicFigures(DateOnly From, DateOnly Until, long Received, long Answered, double AnsweredShare, double WithinOneDay, double WithinThreeDays, double WithinFifteenDays, double MedianDays, double UpheldShare, double ReopenedShare, IReadOnlyList<(string Category, long Count)> ByCategory, DateTimeOffset At);

/// <summary>One month for the plots.</summary>
public sealed record MonthFigures(DateOnly Month, long Received, long Answered, long Breached);

/// <summary>The supervisors' figures.</summary>
public sealed record SupervisorFigures(IReadOnlyList<MonthFigures> Months, IReadOnlyList<(string Key, long Count)> Causes, IReadOnlyList<(string Key, long Count)> Products, IReadOnlyList<(string Key, long Count)> Categories, IReadOnlyList<(string Bucket, long Count)> Ageing, IReadOnlyList<(string Pack, long Clocks, long Met)> Kept);

/// <summary>One line of the register.</summary>
public sealed record RegisterLine(Complaint Complaint, double? WorkingDays, long? RedressMinor, string? RedressCurrency, bool Missed);

/// <summary>Statistics as regulators ask for them and as supervisors need them. Read from the complaints alone; kept for ten minutes.</summary>
public sealed class ComplaintFigures(ComplaintParts parts)
{
    /// <summary>A category with fewer than this is not named in public.</summary>
    public const int PublicMin = 5;

    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(10);
    private PublicFigures? _public;

    /// <summary>The last twelve months for the transparency page.</summary>
    public async Task<PublicFigures> Public(Tx tx)
    {
        if (_public is { } known && parts.Now >= known.At && parts.Now - known.At < Fresh) return known;
        var until = DateOnly.FromDateTime(parts.Now.UtcDateTime);
        return _public = await Of(tx, until.AddYears(-1), until);
    }

    /// <summary>Complaints received from a day to before another.</summary>
    public async Task<PublicFigures> Of(Tx tx, DateOnly from, DateOnly until)
    {
        var lines = await Speeds(tx, from, until);
        var answered = lines.Where(line => line.AnsweredAt is not null).ToList();
        var days = answered.ConvertAll(WorkingDays);
        days.Sort();
        var judged = answered.Where(line => line.Outcome is not null).ToList();
        return new(from, until, lines.Count, answered.Count, Share(answered.Count, lines.Count), Share(days.Count(day => day <= 1), answered.Count), Share(days.Count(day => day <= 3), answered.Count),
            Share(answered.Count(line => line.AnsweredAt!.Value - line.ReceivedAt <= TimeSpan.FromDays(15)), answered.Count), days.Count == 0 ? 0 : Math.Round(days[days.Count / 2], 1),
            Share(judged.Count(line => line.Outcome is "Upheld" or "PartlyUpheld"), judged.Count), Share(lines.Count(line => line.Reopened > 0), lines.Count),
            [.. lines.GroupBy(line => line.Category ?? "other").Select(group => (group.Key, (long)group.Count())).Where(group => group.Item2 >= PublicMin).OrderByDescending(group => group.Item2)], parts.Now);
    }

    public async Task<SupervisorFigures> Supervisors(Tx tx)
    {
        var since = parts.Now.AddDays(-365);
        var lines = await Speeds(tx, DateOnly.FromDateTime(since.UtcDateTime), DateOnly.FromDateTime(parts.Now.UtcDateTime).AddDays(1));
        var missed = (await tx.Query<DateTimeOffset>("select due_at from complaint_clocks where state = 'Missed' and own = 0 and due_at >= @since", new { since })).CountBy(Month).ToDictionary();
        var months = Enumerable.Range(0, 12).Select(back => Month(parts.Now).AddMonths(back - 11)).Select(month => new MonthFigures(month, lines.Count(line => Month(line.ReceivedAt) == month), lines.Count(line => line.AnsweredAt is { } at && Month(at) == month), missed.GetValueOrDefault(month))).ToList();
        var open = lines.Where(line => line.State is "Received" or "Assessed" or "Investigating").ToList();
        string[] buckets = ["0-3", "4-7", "8-15", "16-30", "31+"];
        return new(months, By(lines.Where(line => line.RootCause is not null), line => line.RootCause!), By(lines.Where(line => line.Product is not null), line => line.Product!), By(lines.Where(line => line.Category is not null), line => line.Category!),
            [.. buckets.Select(bucket => (bucket, (long)open.Count(line => Bucket(line) == bucket)))],
            [.. (await tx.Query<(string, long, long)>("select pack, count(*), coalesce(sum(case when state = 'Met' then 1 else 0 end), 0) from complaint_clocks where kind = 'FinalResponse' and state in ('Met', 'Missed') and from_at >= @since group by pack order by pack", new { since }))]);
    }

    /// <summary>The register, a page at a time, in the order of receipt.</summary>
    public async Task<IReadOnlyList<RegisterLine>> Register(Tx tx, DateOnly from, DateOnly until, long after, int most)
    {
        var rows = await tx.Query<Complaint>($"select {ComplaintTable.Columns} from complaints where received_at >= @from and received_at < @until and no > @after order by no limit {most}", new { from = At(from), until = At(until), after });
        var ids = rows.Select(row => row.Id).ToArray();
        if (ids.Length == 0) return [];
        var money = (await tx.Query<(string Id, long Amount, string Currency)>("select complaint_id, cast(sum(amount) as bigint), min(currency) from complaint_redress where complaint_id in @ids and state = 'Given' and amount is not null group by complaint_id", new { ids })).ToDictionary(row => row.Id);
        var missed = (await tx.Query<string>("select distinct complaint_id from complaint_clocks where complaint_id in @ids and state = 'Missed' and kind = 'FinalResponse'", new { ids })).ToHashSet(StringComparer.Ordinal);
        return rows.ConvertAll(row => new RegisterLine(row, row.AnsweredAt is { } answered ? WorkingDays(parts.PackOf(row), row.ReceivedAt, answered) : null,
            money.TryGetValue(row.Id, out var given) ? given.Amount : null, money.TryGetValue(row.Id, out var unit) ? unit.Currency : null, missed.Contains(row.Id)));
    }

    private Task<List<SpeedRow>> Speeds(Tx tx, DateOnly from, DateOnly until) => tx.Query<SpeedRow>(
        "select pack, pack_version as packversion, received_at as receivedat, answered_at as answeredat, state, outcome, root_cause as rootcause, category, product, reopened from complaints where received_at >= @from and received_at < @until and state <> 'Merged'",
        new { from = At(from), until = At(until) });

    private double WorkingDays(SpeedRow line) => WorkingDays(parts.Packs.Find(line.Pack, line.PackVersion) ?? parts.Packs.Find(line.Pack)!, line.ReceivedAt, line.AnsweredAt!.Value);

    private static double WorkingDays(ComplaintPack pack, DateTimeOffset from, DateTimeOffset to) => pack.Time.Between(from, to) / (pack.Time.Closes - pack.Time.Opens);

    private string Bucket(SpeedRow line) => (parts.Now - line.ReceivedAt).TotalDays switch { < 4 => "0-3", < 8 => "4-7", < 16 => "8-15", < 31 => "16-30", _ => "31+" };

    private static IReadOnlyList<(string, long)> By(IEnumerable<SpeedRow> lines, Func<SpeedRow, string> key) => [.. lines.CountBy(key).Select(pair => (pair.Key, (long)pair.Value)).OrderByDescending(pair => pair.Item2).Take(12)];

    private static double Share(long part, long whole) => whole == 0 ? 0 : Math.Round(100.0 * part / whole, 2);

    private static DateOnly Month(DateTimeOffset at) => new(at.Year, at.Month, 1);

    private static DateTimeOffset At(DateOnly date) => new(date.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);

    private sealed record SpeedRow(string Pack, string PackVersion, DateTimeOffset ReceivedAt, DateTimeOffset? AnsweredAt, string State, string? Outcome, string? RootCause, string? Category, string? Product, int Reopened)
    {
        private SpeedRow() : this("", "", default, null, "", null, null, null, null, 0) { }
    }
}
