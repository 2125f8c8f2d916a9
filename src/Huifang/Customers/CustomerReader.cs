using System.Globalization;
using System.Text.Json;
using Huifang.Consents;
using Huifang.Contacts;
using Huifang.Languages;
using Huifang.Phones;

namespace Huifang.Customers;

/// <summary>What was wrong with a customer or consent that was sent: which field, which word for the reason, and what was there.</summary>
public sealed record Fault(string Field, string Reason);

/// <summary>
/// Reads customers and consents from JSON objects; a CSV row is one too, with dots in its column names. Nothing is guessed: a phone must
/// be a possible number, a zone must exist, a language must be one of ours.
/// </summary>
public static class CustomerReader
{
    private const int AttributesMax = 50;

    public static (CustomerDraft? Draft, Fault? Fault) Read(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object) return (null, new("", "not-an-object"));
        try
        {
            var id = Text(json, "id", 64) ?? throw new Wrong("id", "missing");
            var languageTag = Text(json, "language", 35) ?? Language.Simplified;
            var country = Text(json, "country", 2)?.ToUpperInvariant();
            if (country is not null && !(country.Length == 2 && country.All(char.IsAsciiLetterUpper))) throw new Wrong("country", "not-a-country");
            return (new CustomerDraft(id, Text(json, "name", 100), Language.For(languageTag) ?? throw new Wrong("language", "unknown-language"), Zone(json), country)
            {
                Segments = Words(json, "segments"),
                Attributes = Attributes(json),
                Points = [.. Points(json, country)],
                Since = Instant(json, "since"),
            }, null);
        }
        catch (Wrong wrong) { return (null, wrong.Fault); }
    }

    /// <summary>Reads one consent: customer, purpose, channel, given, at, wording, and how it was said.</summary>
    public static (Consent? Consent, Fault? Fault) ReadConsent(JsonElement json, string by, DateTimeOffset now)
    {
        if (json.ValueKind != JsonValueKind.Object) return (null, new("", "not-an-object"));
        try
        {
            var at = Instant(json, "at") ?? throw new Wrong("at", "missing");
            if (at > now.AddDays(1)) throw new Wrong("at", "in-the-future");
            return (new Consent(Text(json, "customer", 64) ?? throw new Wrong("customer", "missing"), Name<Purpose>(json, "purpose"), Name<Channel>(json, "channel"), Flag(json, "given") ?? throw new Wrong("given", "missing"),
                at, by, Text(json, "how", 40) ?? "import", Text(json, "wording", 100) ?? throw new Wrong("wording", "missing")), null);
        }
        catch (Wrong wrong) { return (null, wrong.Fault); }
    }

    private static string? Zone(JsonElement json)
    {
        var zone = Text(json, "timeZone", 64) ?? Text(json, "time_zone", 64);
        if (zone is not null && !(TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found) && found.HasIanaId)) throw new Wrong("timeZone", "unknown-zone");
        return zone;
    }

    private static IEnumerable<PointDraft> Points(JsonElement json, string? country)
    {
        foreach (var (name, kind) in new[] { ("phones", PointKind.Phone), ("emails", PointKind.Email), ("devices", PointKind.App) })
        {
            if (!json.TryGetProperty(name, out var list)) continue;
            if (list.ValueKind != JsonValueKind.Array) throw new Wrong(name, "not-a-list");
            if (list.GetArrayLength() > 10) throw new Wrong(name, "too-many");
            foreach (var item in list.EnumerateArray()) yield return Point(item, name, kind, country);
        }
        // The flat form of a CSV file: one of each.
        foreach (var (name, kind) in new[] { ("phone", PointKind.Phone), ("email", PointKind.Email), ("device", PointKind.App) })
            if (Text(json, name, 254) is { } value) yield return new(kind, Valid(value, name, kind, country), Flag(json, $"{name}Verified") ?? false);
    }

    private static PointDraft Point(JsonElement item, string name, PointKind kind, string? country) => item.ValueKind switch
    {
        JsonValueKind.String => new(kind, Valid(item.GetString()!, name, kind, country), false),
        JsonValueKind.Object => new(kind, Valid(Text(item, "value", 254) ?? throw new Wrong($"{name}.value", "missing"), name, kind, country), Flag(item, "verified") ?? false),
        _ => throw new Wrong(name, "not-text"),
    };

    private static string Valid(string value, string field, PointKind kind, string? country) => kind switch
    {
        PointKind.Phone => Phone(value, field, country),
        PointKind.Email => IsAddress(value) ? value : throw new Wrong(field, "not-an-address"),
        _ => value.Length <= 200 ? value : throw new Wrong(field, "too-long"),
    };

    private static string Phone(string value, string field, string? country) =>
        PhoneRules.Find(value, country)?.E164 ?? throw new Wrong(field, "not-a-phone");

    private static bool IsAddress(string value) =>
        value.Length is > 5 and <= 254 && value.IndexOf('@') is > 0 and <= 64 && System.Net.Mail.MailAddress.TryCreate(value, out var address) && address.Address == value && address.Host.Contains('.', StringComparison.Ordinal);

    private static IReadOnlyDictionary<string, string> Attributes(JsonElement json)
    {
        if (!json.TryGetProperty("attributes", out var all) || all.ValueKind == JsonValueKind.Null) return new Dictionary<string, string>();
        if (all.ValueKind != JsonValueKind.Object) throw new Wrong("attributes", "not-an-object");
        var read = all.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.ValueKind == JsonValueKind.String ? p.Value.GetString()! : p.Value.GetRawText(), StringComparer.Ordinal);
        return read.Count <= AttributesMax ? read : throw new Wrong("attributes", "too-many");
    }

    private static string[] Words(JsonElement json, string name)
    {
        if (!json.TryGetProperty(name, out var list) || list.ValueKind == JsonValueKind.Null) return [];
        if (list.ValueKind == JsonValueKind.String) return list.GetString()!.Split((char[])[';', ' ', '|'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (list.ValueKind != JsonValueKind.Array) throw new Wrong(name, "not-a-list");
        return [.. list.EnumerateArray().Select(w => w.ValueKind == JsonValueKind.String && w.GetString() is { Length: > 0 and <= 40 } word ? word.ToLowerInvariant() : throw new Wrong(name, "not-text"))];
    }

    private static T Name<T>(JsonElement json, string field) where T : struct, Enum =>
        Text(json, field, 20) is not { } text ? throw new Wrong(field, "missing") : Enum.TryParse<T>(text, ignoreCase: true, out var value) && Enum.IsDefined(value) && !char.IsAsciiDigit(text[0]) ? value : throw new Wrong(field, "unknown-name");

    private static bool? Flag(JsonElement json, string field) => !json.TryGetProperty(field, out var value) ? null : value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String => value.GetString()!.ToLowerInvariant() switch { "true" or "1" or "yes" or "y" => true, "false" or "0" or "no" or "n" => false, "" => null, _ => throw new Wrong(field, "not-yes-or-no") },
        _ => throw new Wrong(field, "not-yes-or-no"),
    };

    private static DateTimeOffset? Instant(JsonElement json, string field) =>
        Text(json, field, 40) is not { Length: > 0 } text ? null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) && at.Year is >= 1990 and <= 2200 ? at.ToUniversalTime() : throw new Wrong(field, "not-a-time");

    private static string? Text(JsonElement json, string field, int most)
    {
        if (!json.TryGetProperty(field, out var value) || value.ValueKind == JsonValueKind.Null) return null;
        if (value.ValueKind != JsonValueKind.String) throw new Wrong(field, "not-text");
        var text = value.GetString()!.Trim();
        if (text.Length > most) throw new Wrong(field, "too-long");
        if (text.Any(char.IsControl)) throw new Wrong(field, "bad-characters");
        return text.Length == 0 ? null : text;
    }

    private sealed class Wrong(string field, string reason) : Exception
    {
        public Fault Fault { get; } = new(field, reason);
    }
}
