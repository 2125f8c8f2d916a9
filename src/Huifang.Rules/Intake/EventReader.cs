using System.Buffers;
using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Huifang.Money;

namespace Huifang.Intake;

/// <summary>
/// Reads CloudEvents 1.0 (JSON format; structured and batched). Each item is judged by itself. Fields on the list of clear ones stay
/// readable for rules; everything else that a wallet sends may identify a person and goes to the sealed part.
/// Source: CloudEvents 1.0 core and JSON event format.
/// </summary>
public static class EventReader
{
    public const int EventBytesMax = 64 * 1024;
    public const int BatchMax = 10_000;
    private const int ClearTextMax = 64;

    /// <summary>Fields of <c>data</c> that identify nobody: what rules may ask for. Text in them is at most 64 characters.</summary>
    public static readonly FrozenSet<string> ClearFields = new[]
    {
        "amount", "currency", "method", "channel", "feature", "status", "reason", "code", "country", "category", "product", "version", "platform",
        "count", "score", "attempt", "duration", "direction", "network", "asset", "first", "severity", "topic", "case", "complaint", "step", "result", "language", "risk",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Reads a JSON array of events. Where the text itself breaks, everything from there on is one unreadable item.</summary>
    public static List<Reading> ReadBatch(ReadOnlyMemory<byte> body, DateTimeOffset now)
    {
        var readings = new List<Reading>();
        var start = 0;
        try
        {
            var reader = new Utf8JsonReader(body.Span, new JsonReaderOptions { MaxDepth = 32 });
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray) return [new Reading.Unreadable(UnreadableReason.NotJson, "", body)];
            start = (int)reader.BytesConsumed;
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                var from = (int)reader.TokenStartIndex;
                reader.Skip();
                var item = body[from..(int)reader.BytesConsumed];
                start = (int)reader.BytesConsumed;
                readings.Add(readings.Count >= BatchMax ? new Reading.Unreadable(UnreadableReason.TooLarge, "", item) : Read(item, now));
            }
        }
        catch (JsonException) { readings.Add(new Reading.Unreadable(UnreadableReason.NotJson, "", body[start..])); }
        return readings;
    }

    /// <summary>Reads one event in the structured JSON format.</summary>
    public static Reading Read(ReadOnlyMemory<byte> body, DateTimeOffset now)
    {
        if (body.Length > EventBytesMax) return new Reading.Unreadable(UnreadableReason.TooLarge, "", body);
        try
        {
            var draft = new Draft(body, now);
            var reader = new Utf8JsonReader(body.Span, new JsonReaderOptions { MaxDepth = 32 });
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return new Reading.Unreadable(UnreadableReason.NotAnObject, "", body);
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                if (draft.Take(ref reader) is { } wrong) return wrong;
            return reader.Read() ? new Reading.Unreadable(UnreadableReason.NotJson, "", body) : draft.Finish();
        }
        catch (JsonException) { return new Reading.Unreadable(UnreadableReason.NotJson, "", body); }
        catch (InvalidOperationException) { return new Reading.Unreadable(UnreadableReason.BadCharacters, "", body); }
    }

    /// <summary>Reads one event in the binary mode: attributes from <c>ce-</c> headers, the body is its data.</summary>
    public static Reading ReadBinary(Func<string, string?> header, ReadOnlyMemory<byte> body, DateTimeOffset now)
    {
        if (body.Length > EventBytesMax) return new Reading.Unreadable(UnreadableReason.TooLarge, "", body);
        var whole = new ArrayBufferWriter<byte>(body.Length + 256);
        using (var writer = new Utf8JsonWriter(whole))
        {
            writer.WriteStartObject();
            foreach (var name in new[] { "specversion", "id", "source", "type", "subject", "time" })
                if (header($"ce-{name}") is { } value) writer.WriteString(name, Uri.UnescapeDataString(value));
            if (body.Length > 0)
            {
                writer.WritePropertyName("data");
                try { writer.WriteRawValue(body.Span); }
                catch (JsonException) { return new Reading.Unreadable(UnreadableReason.NotJson, "data", body); }
            }
            writer.WriteEndObject();
        }
        return Read(whole.WrittenMemory, now);
    }

    private ref struct Draft(ReadOnlyMemory<byte> body, DateTimeOffset now)
    {
        private string? _id, _source, _type, _subject, _specVersion, _data, _private;
        private DateTimeOffset? _at;

        /// <summary>Takes one attribute; what is not ours is skipped, as the standard asks.</summary>
        public Reading? Take(ref Utf8JsonReader reader)
        {
            if (reader.ValueTextEquals("id"u8)) return Text(ref reader, "id", 128, out _id);
            if (reader.ValueTextEquals("source"u8)) return Text(ref reader, "source", 256, out _source);
            if (reader.ValueTextEquals("type"u8)) return Text(ref reader, "type", 128, out _type);
            if (reader.ValueTextEquals("subject"u8)) return Text(ref reader, "subject", 64, out _subject);
            if (reader.ValueTextEquals("specversion"u8)) return Text(ref reader, "specversion", 8, out _specVersion);
            if (reader.ValueTextEquals("time"u8)) return Time(ref reader);
            if (reader.ValueTextEquals("data_base64"u8)) return Wrong(UnreadableReason.Base64Data, "data_base64");
            if (reader.ValueTextEquals("data"u8)) { reader.Read(); return Data(ref reader); }
            reader.Skip();
            return null;
        }

        public readonly Reading Finish()
        {
            if (_specVersion != "1.0") return Wrong(_specVersion is null ? UnreadableReason.Missing : UnreadableReason.SpecVersion, "specversion");
            if (string.IsNullOrEmpty(_id)) return Wrong(UnreadableReason.Missing, "id");
            if (string.IsNullOrEmpty(_source)) return Wrong(UnreadableReason.Missing, "source");
            if (string.IsNullOrEmpty(_type)) return Wrong(UnreadableReason.Missing, "type");
            if (string.IsNullOrEmpty(_subject)) return Wrong(UnreadableReason.Missing, "subject");
            return new Reading.Event(new WalletEvent(_source, _id, _type, _subject, _at ?? now, _data ?? "{}", _private));
        }

        private readonly Reading.Unreadable Wrong(UnreadableReason reason, string field) => new(reason, field, body) { Id = _id };

        private readonly Reading? Text(ref Utf8JsonReader reader, string name, int most, out string? value)
        {
            value = null;
            reader.Read();
            if (reader.TokenType != JsonTokenType.String) return Wrong(UnreadableReason.NotText, name);
            value = reader.GetString()!;
            if (value.Length > most) return Wrong(UnreadableReason.TooLong, name);
            foreach (var c in value) if (char.IsControl(c)) return Wrong(UnreadableReason.BadCharacters, name);
            return null;
        }

        private Reading? Time(ref Utf8JsonReader reader)
        {
            if (Text(ref reader, "time", 64, out var text) is { } wrong) return wrong;
            if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) || text!.Length < 10 || at.Year is < 2000 or > 2200) return Wrong(UnreadableReason.NotATime, "time");
            // A day allows for clocks and zones that are wrong; more is a mistake that would hide the event from every rule.
            if (at > now.AddDays(1)) return Wrong(UnreadableReason.TimeInFuture, "time");
            _at = at.ToUniversalTime();
            return null;
        }

        private Reading? Data(ref Utf8JsonReader reader)
        {
            if (reader.TokenType == JsonTokenType.Null) return null;
            if (reader.TokenType != JsonTokenType.StartObject) return Wrong(UnreadableReason.NotAnObject, "data");
            Fields clear = new(), secret = new();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = reader.GetString()!;
                reader.Read();
                if (Judge(name, ref reader) is { } wrong) return wrong;
                var from = (int)reader.TokenStartIndex;
                var open = ClearFields.Contains(name) && IsClear(ref reader);
                reader.Skip();
                (open ? ref clear : ref secret).Add(name, body.Span[from..(int)reader.BytesConsumed]);
            }
            (_data, _private) = (clear.Close() ?? "{}", secret.Close());
            return null;
        }

        private readonly Reading? Judge(string name, ref Utf8JsonReader reader) => name switch
        {
            "amount" when reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out _) => Wrong(UnreadableReason.NotMinorUnits, "data.amount"),
            "currency" when reader.TokenType != JsonTokenType.String || !Currency.IsKnown(reader.GetString()!) => Wrong(UnreadableReason.UnknownCurrency, "data.currency"),
            _ => null,
        };

        private static bool IsClear(ref Utf8JsonReader reader) => reader.TokenType switch
        {
            JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False => true,
            JsonTokenType.String => reader.ValueSpan.Length <= ClearTextMax,
            _ => false,
        };
    }

    /// <summary>A JSON object in the making, from pieces that are JSON already.</summary>
    private ref struct Fields
    {
        private StringBuilder? _text;

        public void Add(string name, ReadOnlySpan<byte> value)
        {
            _text = (_text ??= new StringBuilder(96)).Append(_text.Length == 0 ? '{' : ',');
            _text.Append('"').Append(JsonEncodedText.Encode(name).ToString()).Append("\":").Append(Encoding.UTF8.GetString(value));
        }

        public readonly string? Close() => _text?.Append('}').ToString();
    }
}
