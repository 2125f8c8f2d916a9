using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Huifang.Fire;

/// <summary>What was asked for on the command line: names with two dashes, each with a value.</summary>
public sealed class Options
{
    private readonly Dictionary<string, string> _given = new(StringComparer.Ordinal);
    private readonly string _what;

    public Options(string what, IEnumerable<string> args)
    {
        _what = what;
        foreach (var pair in args.Chunk(2))
        {
            if (pair.Length < 2 || !pair[0].StartsWith("--", StringComparison.Ordinal)) throw new ArgumentException($"{pair[0]} needs a name with two dashes and a value.");
            _given[pair[0][2..]] = pair[1];
        }
        Seed = Number("seed", Random.Shared.Next());
        _given["seed"] = Seed.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Everything that is left to chance follows from it, but for what the machine and its scheduler do.</summary>
    public int Seed { get; }

    public string Again => $"{_what} {string.Join(' ', _given.Where(one => one.Key != "json").Select(one => $"--{one.Key} {one.Value}"))}";
    public string Text(string name, string otherwise) => _given.GetValueOrDefault(name, otherwise);
    public int Number(string name, int otherwise) => _given.TryGetValue(name, out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
    public string? Json => _given.GetValueOrDefault("json");

    /// <summary>Which databases are put under fire: one of them, or both in turn.</summary>
    public IReadOnlyList<string> Databases => Text("database", "both") switch { "both" => ["sqlite", "postgres"], var one => [one] };
}

/// <summary>What a proof counted and what it found broken.</summary>
public sealed class Figures
{
    private readonly Dictionary<string, object> _figures = [];
    private readonly long _started = Stopwatch.GetTimestamp();

    /// <summary>Each thing that broke, in a sentence with what is needed to find it.</summary>
    public List<string> Broken { get; } = [];

    public void Set(string name, object value) => _figures[name] = value;
    public void Add(string name, long more) => _figures[name] = (_figures.TryGetValue(name, out var before) ? (long)before : 0L) + more;

    /// <summary>Half and 99 in 100 of what was measured, in milliseconds.</summary>
    public void Spread(string name, IEnumerable<TimeSpan> measured)
    {
        var sorted = measured.Select(one => one.TotalMilliseconds).Order().ToList();
        if (sorted.Count == 0) return;
        Set($"{name} p50 ms", Math.Round(sorted[sorted.Count / 2]));
        Set($"{name} p99 ms", Math.Round(sorted[Math.Min(sorted.Count - 1, (int)(sorted.Count * 0.99))]));
    }

    /// <summary>Says what broke and the last line; the exit code.</summary>
    public int Tell(Options options)
    {
        Set("minutes", Math.Round(Stopwatch.GetElapsedTime(_started).TotalMinutes, 1));
        foreach (var broken in Broken.Take(50)) Console.WriteLine($"BROKEN {broken}");
        if (Broken.Count > 0) Console.WriteLine($"again with: bin/prove {options.Again}");
        if (options.Json is { } file) File.WriteAllText(file, JsonSerializer.Serialize(new { command = $"bin/prove {options.Again}", figures = _figures, broken = Broken }, new JsonSerializerOptions { WriteIndented = true }));
        Console.WriteLine(string.Join(", ", _figures.Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Key} {one.Value:#,0.##}"))) + $"; {Broken.Count} broken");
        return Broken.Count == 0 ? 0 : 1;
    }
}
