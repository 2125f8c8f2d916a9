using System.Collections.Frozen;

namespace Huifang.Complaints;

/// <summary>How much one person may give alone, in minor units by currency. Above it a second person decides; a currency that is not listed always needs one.</summary>
public static class RedressPolicy
{
    private static readonly FrozenDictionary<string, long> AloneMax = new Dictionary<string, long>(StringComparer.Ordinal)
    {
        ["CNY"] = 2_000, ["HKD"] = 2_500, ["TWD"] = 10_000, ["SGD"] = 500, ["GBP"] = 300, ["USD"] = 400, ["EUR"] = 300,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Above this nobody may give anything as a complaint; it is a claim for the insurer or the court.</summary>
    public const long Max = 10_000_000_00;

    public static long AloneUpTo(string currency) => AloneMax.GetValueOrDefault(currency);

    public static bool NeedsSecond(long amount, string currency) => amount > AloneUpTo(currency);
}
