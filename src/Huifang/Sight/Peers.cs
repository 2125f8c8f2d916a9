using System.Collections.Concurrent;
using Huifang.Storage;

namespace Huifang.Sight;

/// <summary>What colleagues usually see, over the last seven days. Counted anew every ten minutes: a look must not cost a walk over everybody's looks.</summary>
public sealed class Peers
{
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Past = TimeSpan.FromDays(7);

    private readonly ConcurrentDictionary<string, (DateTimeOffset At, double PerHour, double Unmaskings)> _kept = new(StringComparer.Ordinal);

    public async Task<(double PerHour, double Unmaskings)> Of(Tx tx, string staffId, DateTimeOffset now)
    {
        if (_kept.TryGetValue(staffId, out var kept) && now - kept.At < Kept && now >= kept.At) return (kept.PerHour, kept.Unmaskings);
        var hours = (await LookTable.HoursOfAll(tx, now - Past)).Where(one => one.StaffId != staffId).Select(one => (int)one.Customers).ToList();
        var days = (await LookTable.DaysOfAll(tx, now - Past)).Where(one => one.StaffId != staffId).Select(one => (int)one.Unmaskings).ToList();
        var found = (SightRules.Median(hours), SightRules.Median(days));
        _kept[staffId] = (now, found.Item1, found.Item2);
        return found;
    }
}
