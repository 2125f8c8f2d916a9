using System.Text;
using System.Text.Json;

namespace Huifang.Fire.Fuzz;

/// <summary>One request as somebody sends it. Who she is comes as her cookies or her key when it is written out, so a kept request is good for any session.</summary>
public sealed record FuzzRequest(string As, string Method, string Target, List<(string Name, string Value)> Headers, byte[] Body)
{
    /// <summary>The token of a page of ours goes with it.</summary>
    public bool WithToken { get; init; } = true;

    /// <summary>The body goes in chunks instead of with its length.</summary>
    public bool Chunked { get; init; }

    /// <summary>Which route it was made for: what findings are counted by.</summary>
    public string Route { get; init; } = "";

    public bool IsForPrograms => Target.StartsWith("/v1", StringComparison.Ordinal);

    /// <summary>The bytes on the wire.</summary>
    public byte[] Write(Asker asker)
    {
        var head = new StringBuilder().Append(Method).Append(' ').Append(Target).Append(" HTTP/1.1\r\nHost: 127.0.0.1\r\n");
        if (asker.Cookies.Length > 0) head.Append("Cookie: ").Append(asker.Cookies).Append("\r\n");
        if (asker.Key is { } key) head.Append("X-Api-Key: ").Append(key).Append("\r\n");
        if (WithToken && asker.Token.Length > 0) head.Append("X-HF-Form: ").Append(asker.Token).Append("\r\n");
        foreach (var (name, value) in Headers) head.Append(name).Append(": ").Append(value).Append("\r\n");
        if (Chunked) return [.. Bytes(head.Append("Transfer-Encoding: chunked\r\n\r\n")), .. Encoding.ASCII.GetBytes($"{Body.Length:x}\r\n"), .. Body, .. Body.Length > 0 ? "\r\n0\r\n\r\n"u8 : "\r\n"u8];
        if (Body.Length > 0 || Method is "POST" or "PUT" or "PATCH") head.Append("Content-Length: ").Append(Body.Length).Append("\r\n");
        return [.. Bytes(head.Append("\r\n")), .. Body];
    }

    // Headers may hold anything up to 255; what is beyond becomes UTF-8, as browsers send it.
    private static byte[] Bytes(StringBuilder head) => Encoding.UTF8.GetBytes(head.ToString());

    public string ToLine() => JsonSerializer.Serialize(new Kept(As, Method, Target, [.. Headers.Select(header => new[] { header.Name, header.Value })], Convert.ToBase64String(Body), WithToken, Chunked, Route));

    public static FuzzRequest FromLine(string line)
    {
        var kept = JsonSerializer.Deserialize<Kept>(line)!;
        return new(kept.As, kept.Method, kept.Target, [.. kept.Headers.Select(header => (header[0], header[1]))], Convert.FromBase64String(kept.Body)) { WithToken = kept.WithToken, Chunked = kept.Chunked, Route = kept.Route };
    }

    /// <summary>For people: enough to send it again by hand.</summary>
    public override string ToString() => $"{Method} {Target[..Math.Min(Target.Length, 160)]} as {As}, {string.Join("; ", Headers.Select(header => $"{header.Name}: {header.Value[..Math.Min(60, header.Value.Length)]}"))}, body {Encoding.UTF8.GetString(Body)[..Math.Min(200, Encoding.UTF8.GetString(Body).Length)].ReplaceLineEndings("⏎")}";

    private sealed record Kept(string As, string Method, string Target, string[][] Headers, string Body, bool WithToken, bool Chunked, string Route);
}

/// <summary>Somebody who asks: what proves who she is.</summary>
public sealed record Asker(string Name)
{
    public string Cookies { get; set; } = "";
    public string? Key { get; set; }

    /// <summary>The token of a page that she looked at.</summary>
    public string Token { get; set; } = "";
}
