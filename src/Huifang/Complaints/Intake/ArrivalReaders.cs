using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Huifang.Money;

namespace Huifang.Complaints;

/// <summary>What a reader made of something that arrived.</summary>
public abstract record ArrivalReading
{
    private ArrivalReading() { }

    public sealed record Read(ComplaintDraft Draft) : ArrivalReading;

    /// <summary>No complaint by its nature, such as a mail system's notice. It stays on record with the reason and is not acknowledged.</summary>
    public sealed record Aside(string Reason) : ArrivalReading;

    /// <param name="Reason">In a few words without anything from the content.</param>
    public sealed record Unreadable(string Reason) : ArrivalReading;
}

/// <summary>Understands one kind of content. It reads the raw bytes alone, so that what was stored before a crash is read the same after it.</summary>
public interface IArrivalReader
{
    bool Reads(string contentType);

    ArrivalReading Read(Arrival arrival, byte[] raw);
}

/// <summary>Our own forms and the API: one JSON object.</summary>
public sealed class JsonArrivalReader : IArrivalReader
{
    public const string ContentType = "application/vnd.huifang.complaint+json";

    public bool Reads(string contentType) => contentType.StartsWith(ContentType, StringComparison.Ordinal) || contentType.StartsWith("application/json", StringComparison.Ordinal);

    public ArrivalReading Read(Arrival arrival, byte[] raw)
    {
        try
        {
            using var json = JsonDocument.Parse(raw, new JsonDocumentOptions { MaxDepth = 16 });
            if (json.RootElement.ValueKind != JsonValueKind.Object) return new ArrivalReading.Unreadable("not a JSON object");
            return Read(arrival, json.RootElement);
        }
        catch (Exception wrong) when (wrong is JsonException or FormatException or InvalidOperationException or OverflowException) { return new ArrivalReading.Unreadable("not JSON that we understand"); }
    }

    /// <summary>The form as it is stored.</summary>
    public static byte[] Write(ComplaintDraft draft) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        words = draft.Words, subject = draft.Subject, wants = draft.Wants, category = draft.Category, topic = draft.Subcategory, product = draft.Product, amount = draft.Amount, currency = draft.Currency,
        transaction = draft.TransactionId, language = draft.Language, customer = draft.CustomerId, name = draft.Name, email = draft.Email, phone = draft.Phone, country = draft.Country, receivedAt = draft.ReceivedAt,
        facts = draft.Facts.Select(fact => fact.ToString()), theirNumber = draft.TheirNumber, pack = draft.Pack,
        files = draft.Files.Select(file => new { name = file.Name, type = file.MediaType, content = file.Content }),
    });

    private static ArrivalReading Read(Arrival arrival, JsonElement json)
    {
        if (Text(json, "words") is not { } words || string.IsNullOrWhiteSpace(words)) return new ArrivalReading.Unreadable("no words");
        var currency = Text(json, "currency");
        long? amount = json.TryGetProperty("amount", out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt64() : null;
        if (amount < 0 || (amount is not null && (currency is null || !Currency.IsKnown(currency)))) return new ArrivalReading.Unreadable("an amount without a currency that we know");
        var draft = new ComplaintDraft(arrival.Door, words)
        {
            Subject = Text(json, "subject"), Wants = Text(json, "wants"), Category = Text(json, "category"), Subcategory = Text(json, "topic"), Product = Text(json, "product"), Amount = amount, Currency = amount is null ? null : currency,
            TransactionId = Text(json, "transaction"), Language = Text(json, "language"), CustomerId = Text(json, "customer"), Name = Text(json, "name"), Email = Text(json, "email"), Phone = Text(json, "phone"), Country = Text(json, "country"),
            TheirNumber = Text(json, "theirNumber"), Pack = Text(json, "pack"),
            ReceivedAt = json.TryGetProperty("receivedAt", out var at) && at.ValueKind == JsonValueKind.String ? at.GetDateTimeOffset() : null,
            Facts = [.. Items(json, "facts").Select(fact => Enum.TryParse<CaseFact>(fact.GetString(), out var known) ? known : (CaseFact?)null).OfType<CaseFact>()],
            Files = [.. Items(json, "files").Select(file => new DraftFile(Text(file, "name") ?? "file", Text(file, "type") ?? "application/octet-stream", file.GetProperty("content").GetBytesFromBase64()))],
        };
        return draft.ReceivedAt > arrival.ReceivedAt.AddMinutes(5) || draft.ReceivedAt < arrival.ReceivedAt.AddYears(-6) ? new ArrivalReading.Unreadable("received in the future or long ago") : new ArrivalReading.Read(draft);
    }

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;

    private static IEnumerable<JsonElement> Items(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : [];
}

/// <summary>Plain text: all of it is words.</summary>
public sealed class TextArrivalReader : IArrivalReader
{
    public bool Reads(string contentType) => contentType.StartsWith("text/plain", StringComparison.Ordinal);

    public ArrivalReading Read(Arrival arrival, byte[] raw)
    {
        try
        {
            var words = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(raw).Trim('\uFEFF').Trim();
            return words.Length == 0 ? new ArrivalReading.Unreadable("empty") : new ArrivalReading.Read(new ComplaintDraft(arrival.Door, words));
        }
        catch (DecoderFallbackException) { return new ArrivalReading.Unreadable("not UTF-8"); }
    }
}
