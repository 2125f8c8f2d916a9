using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Huifang.Fire.Fuzz;

/// <summary>Makes values wrong in the ways in which programs break: too long, too many, of another kind, at the edge of a range, not text at all.</summary>
public sealed class Mutator(Random random)
{
    private static readonly string[] Nasty =
    [
        "", " ", "0", "-1", "1", "2147483647", "2147483648", "-2147483649", "9223372036854775807", "9223372036854775808", "99999999999999999999999", "1e309", "NaN", "-0", "0x10", "1.5", "true", "null", "[]", "{}",
        "2026-11-24", "2026-02-30", "0001-01-01", "9999-12-31", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", "2026-11-24T10:00:00+99:00", "24:00", "-1:00", "1969-12-31T23:59:59Z", "253402300800000", "-62135596800001",
        "'", "\"", "\\", "';--", "' or 1=1 --", "%", "%25", "%00", "..", "../../etc/passwd", "/", "//evil.example/", "\u0000", "a\u0000b", "\r\n", "a\r\nX: y", "\t", "\u0085", "\u2028", "\ufeff", "\uffff", "\ud83d\ude00", "e\u0301\u0301\u0301", "\u202eabc",
        "İıſK", "周慕晴", "退订", "١٢٣", "１２３", "𝟙", "<script>alert(1)</script>", "{{7*7}}", "${x}", "=1+1", "zh-Hans", "xx-XX", "Asia/Nowhere", "UTC", "CNY", "XXX", "+8613812342690", "+", "a@b", "a@b.example", "x-agent", "s-Agent", "Agent", "Administrator",
    ];

    public Random Random => random;
    public bool Chance(double of) => random.NextDouble() < of;
    public T Pick<T>(IReadOnlyList<T> some) => some[random.Next(some.Count)];

    /// <summary>A value of no kind in particular.</summary>
    public string Value() => random.Next(14) switch
    {
        0 => new string('a', Pick([100, 300, 1000, 2001, 5000])),
        1 => string.Concat(Enumerable.Repeat("语", random.Next(1, 400))),
        2 => random.NextInt64(long.MinValue, long.MaxValue).ToString(CultureInfo.InvariantCulture),
        3 => Guid.CreateVersion7().ToString(),
        4 => new string([.. Enumerable.Range(0, random.Next(1, 40)).Select(_ => (char)random.Next(1, 0x2fff))]),
        _ => Pick(Nasty),
    };

    /// <summary>Something near this.</summary>
    public string Near(string value)
    {
        if (value.Length == 0 || Chance(0.3)) return Value();
        var at = random.Next(value.Length);
        return random.Next(8) switch
        {
            0 => value + value,
            1 => value[..at],
            2 => value[at..],
            3 => value.Remove(at, 1),
            4 => value.Insert(at, Pick(Nasty)),
            5 => value[..at] + (char)(value[at] ^ (1 << random.Next(7))) + value[(at + 1)..],
            6 => value.ToUpperInvariant(),
            _ => $" {value} ",
        };
    }

    /// <summary>For an address: every byte that could end it or begin another line is written with a percent sign, but now and then wrongly.</summary>
    public string Escape(string value)
    {
        var text = new StringBuilder();
        foreach (var b in Encoding.UTF8.GetBytes(value.Length > 2500 ? value[..2500] : value))
            if (b is (>= (byte)'a' and <= (byte)'z') or (>= (byte)'A' and <= (byte)'Z') or (>= (byte)'0' and <= (byte)'9') or (byte)'-' or (byte)'_' or (byte)'.' or (byte)'~' || (b is > 32 and < 127 && b is not ((byte)'?' or (byte)'#' or (byte)'/') && Chance(0.02))) text.Append((char)b);
            else text.Append('%').Append(b.ToString("X2", CultureInfo.InvariantCulture));
        if (Chance(0.02)) text.Append(Pick(["%", "%zz", "%ff", "%C0%80", "%ED%A0%80", "%2F", "%5C", "%00"]));
        return text.ToString();
    }

    /// <summary>A JSON document, changed in one to three places.</summary>
    public byte[] Json(string seed)
    {
        var root = JsonNode.Parse(seed);
        for (var times = random.Next(1, 4); times > 0; times--) root = Change(root);
        var text = root?.ToJsonString(Loose) ?? "null";
        if (Chance(0.08)) text = text.Replace("\"", Pick(["'", "", "\\\""]), StringComparison.Ordinal);
        if (Chance(0.05)) text = string.Concat(Enumerable.Repeat("[", 200)) + text;
        if (Chance(0.05) && text.Length > 2) text = text[..^1] + $",\"{Pick(["id", "customer", "words", "x"])}\":{Pick(["1", "\"\\ud800\"", "1e400", "{\"a\":[]}", "\"\\u0000\""])}" + text[^1];
        return Bytes(Encoding.UTF8.GetBytes(text), 0.1);
    }

    private static readonly JsonSerializerOptions Loose = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 256 };

    private JsonNode? Change(JsonNode? root)
    {
        var all = new List<(JsonNode Parent, object Key)>();
        Walk(root, all, 0);
        if (all.Count == 0 || Chance(0.05)) return Another();
        var (parent, key) = Pick(all);
        switch (parent)
        {
            case JsonObject thing when key is string name:
                switch (random.Next(4))
                {
                    case 0: thing.Remove(name); break;
                    case 1: thing[Near(name)] = Another(); break;
                    case 2: thing[name] = thing[name] is JsonValue value && value.TryGetValue<string>(out var text) ? Near(text) : Another(); break;
                    default: thing[name] = Another(); break;
                }
                break;
            case JsonArray list when key is int place:
                if (Chance(0.3)) list.RemoveAt(place);
                else if (Chance(0.3)) list.Add(list[place]?.DeepClone());
                else list[place] = Another();
                break;
        }
        return root;
    }

    private static void Walk(JsonNode? node, List<(JsonNode, object)> into, int depth)
    {
        if (depth > 20) return;
        if (node is JsonObject thing) foreach (var (name, inside) in thing.ToList()) { into.Add((thing, name)); Walk(inside, into, depth + 1); }
        if (node is JsonArray list) for (var i = 0; i < list.Count; i++) { into.Add((list, i)); Walk(list[i], into, depth + 1); }
    }

    private JsonNode? Another() => random.Next(9) switch
    {
        0 => null,
        1 => JsonValue.Create(random.Next(2) == 0),
        2 => JsonValue.Create(Pick([0L, -1, long.MaxValue, long.MinValue, 1])),
        3 => JsonValue.Create(Pick([1.5, 1e300, -1e-300, 0.1])),
        4 => new JsonArray(),
        5 => new JsonObject { [Value()] = Value() },
        6 => new JsonArray([.. Enumerable.Range(0, random.Next(1, 30)).Select(_ => (JsonNode?)JsonValue.Create(Value()))]),
        _ => JsonValue.Create(Value()),
    };

    /// <summary>The same bytes, some of them wrong.</summary>
    public byte[] Bytes(byte[] body, double chance = 1)
    {
        if (body.Length == 0 || !Chance(chance)) return body;
        var changed = body.ToList();
        for (var times = random.Next(1, 6); times > 0 && changed.Count > 0; times--)
        {
            var at = random.Next(changed.Count);
            switch (random.Next(5))
            {
                case 0: changed[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: changed[at] = (byte)random.Next(256); break;
                case 2: changed.RemoveAt(at); break;
                case 3: changed.InsertRange(at, Encoding.UTF8.GetBytes(Pick(Nasty))); break;
                default: changed.RemoveRange(at, Math.Min(random.Next(1, 40), changed.Count - at)); break;
            }
        }
        return [.. changed];
    }
}
