using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Huifang.Fire.Parsers;

/// <summary>
/// <c>bin/prove parsers --executions N</c>: everything that reads what strangers write, in this process. Good examples are changed blindly, byte by byte and piece by
/// piece; a reader may say that it can't read, in the way it says so in its description, but it may not throw anything else, take longer than a second, or read the
/// same bytes in two ways. What once broke a reader is in the corpus and comes first for ever.
/// </summary>
public static class ParserProof
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);
    private const int PiecesMost = 6, BytesMost = 20_000, TwiceOneIn = 50;

    public static async Task<Figures> Run(Options options)
    {
        var (figures, readers) = (new Figures(), Readers.All);
        foreach (var (reader, bytes) in await Corpus.Read(options.Text("corpus", Corpus.Home)))
            if (readers.FirstOrDefault(one => one.Name == reader) is { } known) Try(known, bytes, figures, "corpus", twice: true);
        figures.Set("from the corpus", Corpus.Count);
        var executions = options.Number("executions", 200_000);
        var jobs = Math.Max(1, options.Number("jobs", Environment.ProcessorCount));
        var (left, found) = (executions, new Lock());
        await Task.WhenAll(Enumerable.Range(0, jobs).Select(job => Task.Run(() =>
        {
            var change = new Change(new Random(options.Seed + job));
            for (var number = 0; Interlocked.Decrement(ref left) >= 0; number++)
            {
                var reader = readers[number % readers.Count];
                var bytes = change.Of(reader, PiecesMost, BytesMost);
                if (Try(reader, bytes, null, "", number % TwiceOneIn == 0) is not { } broken) continue;
                lock (found)
                    if (figures.Broken.Count(one => one.StartsWith(reader.Name, StringComparison.Ordinal)) < 5)
                        figures.Broken.Add($"{broken} {Corpus.Line(reader.Name, bytes)}");
            }
        })));
        figures.Set("readers", readers.Count);
        figures.Set("executions", executions);
        return figures;
    }

    private static string? Try(Reader reader, byte[] bytes, Figures? figures, string from, bool twice)
    {
        var began = Stopwatch.GetTimestamp();
        string? broken = null;
        try
        {
            var said = reader.Read(bytes);
            if (twice && reader.Read(bytes) != said) broken = $"{reader.Name} {from} reads the same bytes in two ways:";
        }
        catch (Exception thrown) when (reader.Refuses.IsInstanceOfType(thrown)) { }
        catch (Exception thrown) { broken = $"{reader.Name} {from} threw {thrown.GetType().Name}: {thrown.Message} {thrown.StackTrace?.Split('\n').Skip(1).FirstOrDefault(line => line.Contains("Huifang", StringComparison.Ordinal))?.Trim()}"; }
        if (broken is null && Stopwatch.GetElapsedTime(began) > Longest)
        {
            // Once more, because the machine may have been busy with something else.
            began = Stopwatch.GetTimestamp();
            try { _ = reader.Read(bytes); } catch (Exception thrown) when (reader.Refuses.IsInstanceOfType(thrown)) { }
            if (Stopwatch.GetElapsedTime(began) > Longest) broken = $"{reader.Name} {from} took {Stopwatch.GetElapsedTime(began).TotalSeconds:N1} s for {bytes.Length} bytes:";
        }
        if (broken is not null) figures?.Broken.Add(broken);
        return broken;
    }
}

/// <summary>What once broke a reader, a JSON object a line.</summary>
internal static class Corpus
{
    public const string Home = "tests/Huifang.Fire/Parsers/corpus.jsonl";

    public static int Count { get; private set; }

    public static async Task<List<(string Reader, byte[] Bytes)>> Read(string file)
    {
        var found = new List<(string, byte[])>();
        if (File.Exists(file))
            foreach (var line in await File.ReadAllLinesAsync(file))
            {
                using var one = JsonDocument.Parse(line);
                found.Add((one.RootElement.GetProperty("reader").GetString()!, one.RootElement.GetProperty("bytes").GetBytesFromBase64()));
            }
        Count = found.Count;
        return found;
    }

    public static string Line(string reader, byte[] bytes) => JsonSerializer.Serialize(new { reader, bytes });
}

/// <summary>Changes good examples, and its own earlier changes, without knowing what they mean.</summary>
internal sealed class Change(Random random)
{
    private static readonly byte[][] Pieces =
    [
        .. new[]
        {
            "\0", "\r\n", "\n\n", "\"", "\\", "{", "}", "[", "]", ":", ",", ";", "=", "--", "%", "?=", "=?utf-8?B?", "=?gb18030?Q?", "\\u0000", "\\ud800", "null", "true", "-1", "0", "1e999", "99999999999999999999", "2026-02-30T25:61:61Z", "9999-12-31T23:59:59.9999999Z",
            "Content-Type: multipart/mixed; boundary=x", "Content-Transfer-Encoding: base64", "charset=utf-7", "BEGIN:VEVENT", "END:VEVENT", "RRULE:FREQ=DAILY;COUNT=999999999;INTERVAL=0", "DURATION:P99999999W", "TZID=Nowhere/Land:", "+86", "＋８６", "退订", "１", "\u202e", "\u200b", "\ufeff", "e\u0301", "İ", "𝟙", "周",
        }.Select(Encoding.UTF8.GetBytes),
        [0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0x81, 0x30],
    ];

    private readonly Dictionary<string, List<byte[]>> seen = [];

    public byte[] Of(Reader reader, int piecesMost, int bytesMost)
    {
        if (!seen.TryGetValue(reader.Name, out var pool)) seen[reader.Name] = pool = [.. reader.Examples];
        var bytes = new List<byte>(pool[random.Next(pool.Count)]);
        for (var times = random.Next(1, piecesMost + 1); times > 0; times--) Once(bytes, pool);
        if (bytes.Count > bytesMost) bytes.RemoveRange(bytesMost, bytes.Count - bytesMost);
        byte[] changed = [.. bytes];
        // Changes are changed again; blind, but further and further away from what is good.
        if (random.Next(20) == 0) { if (pool.Count < 200) pool.Add(changed); else pool[random.Next(reader.Examples.Count, 200)] = changed; }
        return changed;
    }

    private void Once(List<byte> bytes, List<byte[]> pool)
    {
        var at = random.Next(bytes.Count + 1);
        var length = Math.Min(bytes.Count - at, random.Next(1, 40));
        switch (random.Next(8))
        {
            case 0 when bytes.Count > 0: bytes[Math.Min(at, bytes.Count - 1)] ^= (byte)(1 << random.Next(8)); break;
            case 1 when bytes.Count > 0: bytes[Math.Min(at, bytes.Count - 1)] = (byte)random.Next(256); break;
            case 2: bytes.RemoveRange(at, length); break;
            case 3: bytes.InsertRange(at, bytes.GetRange(at, length)); break;
            case 4: for (var piece = bytes.GetRange(at, length); piece.Count > 0 && random.Next(30) > 0;) bytes.InsertRange(at, piece); break;
            case 5: bytes.RemoveRange(at, bytes.Count - at); break;
            case 6 when pool[random.Next(pool.Count)] is { Length: > 0 } other: bytes.InsertRange(at, other[random.Next(other.Length)..]); break;
            default: bytes.InsertRange(at, Pieces[random.Next(Pieces.Length)]); break;
        }
    }
}
