using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Huifang.Journal;
using Huifang.Security;
using Huifang.Storage;

namespace Huifang.Privacy;

/// <summary>Everything that the house holds about one person, opened for her: one JSON document, room by room and table by table.</summary>
public sealed class AccessExport(Vault vault, JournalDesk journal, TimeProvider time)
{
    /// <summary>The newest events that one copy holds; older ones are told on request. A customer has a few thousand.</summary>
    public const int EventsMax = 20_000;

    public async Task<JsonObject> Of(Tx tx, string customerId)
    {
        var key = await vault.KeyOf(tx, customerId);
        var rooms = new JsonObject();
        foreach (var rows in PersonalRows.All.Where(rows => rows.Select.Length > 0))
        {
            var told = new JsonArray();
            foreach (IDictionary<string, object?> row in (await tx.Query<dynamic>(rows.Select, new { id = customerId })).Cast<IDictionary<string, object?>>()) told.Add(Tell(row, rows, key));
            if (told.Count == 0) continue;
            if (rooms[rows.Room] is not JsonObject room) rooms[rows.Room] = room = [];
            room[rows.Table] = told;
        }
        rooms["events"] = new JsonObject { ["journal"] = await Events(tx, customerId) };
        return new JsonObject { ["format"] = "huifang-access-1", ["customer"] = customerId, ["made_at"] = Instant(time.GetUtcNow()), ["data"] = rooms };
    }

    private async Task<JsonArray> Events(Tx tx, string customerId)
    {
        var facts = await JournalTable.Timeline(tx, customerId, null, EventsMax);
        var told = new JsonArray();
        foreach (var (fact, secret) in facts.Zip(await journal.Open(tx, facts)))
        {
            var one = new JsonObject { ["at"] = Instant(fact.At), ["kind"] = fact.Kind, ["source"] = fact.Source, ["by"] = fact.Actor, ["data"] = Parsed(fact.Data) };
            if (secret is not null) one["private"] = Parsed(secret);
            told.Add(one);
        }
        return told;
    }

    private static JsonObject Tell(IDictionary<string, object?> row, PersonalRows rows, DataKey? key)
    {
        var told = new JsonObject();
        foreach (var (name, value) in row)
            told[name] = value switch
            {
                null => null,
                byte[] box => rows.Sealed.Contains(name) && key?.Open(box) is { } words ? Parsed(words) : null,
                long at when name.EndsWith("_at", StringComparison.Ordinal) => Instant(DateTimeOffset.FromUnixTimeMilliseconds(at)),
                long number => number,
                int number => number,
                bool flag => flag,
                _ => Parsed(Convert.ToString(value, CultureInfo.InvariantCulture)!),
            };
        return told;
    }

    // Texts that are JSON objects or lists are told as such.
    private static JsonNode? Parsed(string text)
    {
        if (text is not ['{' or '[', ..]) return JsonValue.Create(text);
        try { return JsonNode.Parse(text); }
        catch (JsonException) { return JsonValue.Create(text); }
    }

    private static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
