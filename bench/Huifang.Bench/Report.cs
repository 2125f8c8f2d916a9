using System.Globalization;
using System.Text.Json;

namespace Huifang.Bench;

/// <summary>Which bench, how large, and where the figures go.</summary>
internal sealed record BenchOptions(string Name, string? Json, int Rows)
{
    public static BenchOptions? Parse(string[] args)
    {
        if (args.Length == 0) return null;
        string? Value(string name) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;
        return new(args[0], Value("--json"), int.TryParse(Value("--rows"), CultureInfo.InvariantCulture, out var rows) ? rows : 0);
    }
}

/// <summary>Prints figures beside what they are measured against, in the same run.</summary>
internal sealed class Report(string? file) : IDisposable
{
    private readonly StreamWriter? _json = file is null ? null : new StreamWriter(file, append: true);

    public void Add(string metric, double value, string unit, string? peer = null, double? peerValue = null, int runs = 1)
    {
        double? ratio = peerValue is null or 0 ? null : value / peerValue;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{metric,-52} {value,14:N1} {unit,-12}{(peer is null ? "" : $"{peer}: {peerValue:N1} ({ratio:N2} ×)")}"));
        _json?.WriteLine(JsonSerializer.Serialize(new { metric, value, unit, peer, peer_value = peerValue, ratio, runs }));
    }

    public void Dispose() => _json?.Dispose();
}

/// <summary>A folder for one bench that goes away with it.</summary>
internal sealed class Scratch : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("huifang-bench-").FullName;
    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
