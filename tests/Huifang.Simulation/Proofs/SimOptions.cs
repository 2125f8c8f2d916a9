using System.Globalization;
using Huifang.Simulation.Worlds;

namespace Huifang.Simulation.Proofs;

/// <summary>What the command line asks for.</summary>
internal sealed record SimOptions
{
    public long First { get; init; } = 1;
    public long Last { get; init; } = 200;
    public int Jobs { get; init; } = 1;
    public int Customers { get; init; } = 200;
    public int Days { get; init; } = 30;
    public int? Active { get; init; }
    public Troubles Troubles { get; init; } = Troubles.All;

    /// <summary>Only what failed once and is kept for ever.</summary>
    public bool Regressions { get; init; }

    /// <summary>Print the ledger's hash of every seed.</summary>
    public bool Hashes { get; init; }

    /// <summary>Print the journal of every seed, for whoever looks for the cause.</summary>
    public bool Trace { get; init; }

    public Plan PlanOf(long seed) => new(seed, Customers, Days, Troubles, Active);

    /// <summary>Null when it cannot be understood.</summary>
    public static SimOptions? Parse(ReadOnlySpan<string> args)
    {
        var options = new SimOptions();
        for (var i = 0; i < args.Length; i++)
        {
            string? value = i + 1 < args.Length ? args[i + 1] : null;
            switch (args[i])
            {
                case "--regressions": options = options with { Regressions = true }; continue;
                case "--trace": options = options with { Trace = true }; continue;
                case "--hashes": options = options with { Hashes = true }; continue;
                case "--seeds" when value?.Split("..") is [var first, var last] && Number(first) is { } from && Number(last) is { } to && to >= from: options = options with { First = from, Last = to }; break;
                case "--jobs" when Number(value) is > 0 and <= 64 and var jobs: options = options with { Jobs = (int)jobs }; break;
                case "--customers" when Number(value) is > 0 and <= Machine.Template.Customers and var customers: options = options with { Customers = (int)customers }; break;
                case "--days" when Number(value) is > 0 and <= 30 and var days: options = options with { Days = (int)days }; break;
                case "--active" when Number(value) is > 0 and <= 200 and var active: options = options with { Active = (int)active }; break;
                case "--without" when Off(value) is { } off: options = options with { Troubles = Troubles.All & ~off }; break;
                default: return null;
            }
            i++;
        }
        return options;
    }

    private static long? Number(string? text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static Troubles? Off(string? text) => Enum.TryParse<Troubles>(text, ignoreCase: true, out var off) ? off : null;
}
