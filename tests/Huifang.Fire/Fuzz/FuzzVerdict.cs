using System.Text.Json;

namespace Huifang.Fire.Fuzz;

/// <summary>What is wrong with an answer; the same thing at the same route is one finding however often it happens.</summary>
public sealed record Finding(string Kind, string Route, string What);

/// <summary>What every answer must be, whatever was asked.</summary>
public static class FuzzVerdict
{
    private static readonly string[] Traces = ["   at Huifang.", "   at System.", "   at Microsoft.", ".cs:line", "SqliteException", "NpgsqlException", "PostgresException", "System.InvalidOperationException", "System.NullReferenceException", "SQLite Error"];

    public static Finding? Of(FuzzRequest request, RawAnswer answer, FuzzSite site, string? thrown)
    {
        if (answer.Status >= 500) return new("5xx", request.Route, $"{answer.Status} {thrown ?? "nobody knows why"}");
        var text = answer.Text;
        if (Traces.FirstOrDefault(trace => text.Contains(trace, StringComparison.Ordinal)) is { } shown && !Sent(request, shown)) return new("leak", request.Route, $"{answer.Status} shows {shown.Trim()}");
        if (text.Contains(site.Folder, StringComparison.Ordinal)) return new("leak", request.Route, $"{answer.Status} shows where the data lies");
        if (site.Secrets.FirstOrDefault(secret => text.Contains(secret, StringComparison.Ordinal)) is not null) return new("leak", request.Route, $"{answer.Status} shows a key");
        return request.IsForPrograms && answer.Status >= 400 && request.Method != "HEAD" && !IsOfTheWire(answer) ? Problem(request, answer) : null;
    }

    /// <summary>Refused before there was a request: what came was not HTTP. There is nobody yet who could write a document.</summary>
    public static bool IsOfTheWire(RawAnswer answer) => answer.Status is 400 or 405 or 408 or 411 or 413 or 414 or 431 or 501 or 505 && answer.Body.Length == 0 && answer.Closed;

    private static Finding? Problem(FuzzRequest request, RawAnswer answer)
    {
        if (answer.Header("Content-Type")?.StartsWith("application/problem+json", StringComparison.Ordinal) != true) return new("no problem document", request.Route, $"{answer.Status} as {answer.Header("Content-Type") ?? "nothing"}");
        try
        {
            using var document = JsonDocument.Parse(answer.Body);
            var status = document.RootElement.TryGetProperty("status", out var said) && said.TryGetInt32(out var number) ? number : 0;
            if (status != answer.Status) return new("no problem document", request.Route, $"{answer.Status} says status {status}");
            return document.RootElement.TryGetProperty("title", out var title) && title.GetString() is { Length: > 0 } ? null : new("no problem document", request.Route, $"{answer.Status} has no title");
        }
        catch (JsonException) { return new("no problem document", request.Route, $"{answer.Status} is no JSON"); }
    }

    private static bool Sent(FuzzRequest request, string text) => request.Target.Contains(text, StringComparison.Ordinal) || System.Text.Encoding.UTF8.GetString(request.Body).Contains(text, StringComparison.Ordinal);
}
