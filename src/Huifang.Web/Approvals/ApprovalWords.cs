using System.Globalization;
using System.Text.Json;
using Huifang.Money;
using Microsoft.Extensions.Localization;

namespace Huifang.Approvals;

/// <summary>A room says in words what an act of its kind does, where the fields alone would not tell a person.</summary>
public interface IApprovalWords
{
    string Kind { get; }

    /// <summary>One or two sentences in the reader's language.</summary>
    string Say(JsonElement payload);
}

/// <summary>
/// Reads an act to the second person: a sentence (the room's own, or the text <c>Says.{kind}</c> with the payload's fields in its braces), and every field there is,
/// so that nothing is approved unseen.
/// </summary>
public sealed class ApprovalWords(IStringLocalizer<ApprovalsText> text, IEnumerable<IApprovalWords> rooms)
{
    public string Kind(string kind) => text[$"Kind.{kind}"] is { ResourceNotFound: false } name ? name : kind;

    public string Say(Approval approval)
    {
        using var payload = JsonDocument.Parse(approval.Payload);
        if (rooms.FirstOrDefault(room => room.Kind == approval.Kind) is { } room) return room.Say(payload.RootElement);
        if (text[$"Says.{approval.Kind}"] is not { ResourceNotFound: false } says) return Kind(approval.Kind);
        return payload.RootElement.EnumerateObject().Aggregate(says.Value, (sentence, field) => sentence.Replace($"{{{field.Name}}}", Value(field.Name, field.Value, payload.RootElement), StringComparison.Ordinal));
    }

    public IReadOnlyList<(string Name, string Value)> Fields(Approval approval)
    {
        using var payload = JsonDocument.Parse(approval.Payload);
        return [.. payload.RootElement.EnumerateObject().Select(field => (text[$"Field.{field.Name}"] is { ResourceNotFound: false } name ? name.Value : field.Name, Value(field.Name, field.Value, payload.RootElement)))];
    }

    // Amounts are in minor units beside their currency; words of ours have texts; everything else is shown as it is.
    private string Value(string name, JsonElement value, JsonElement payload) => value.ValueKind switch
    {
        JsonValueKind.Null => "—",
        JsonValueKind.True => text["Yes"],
        JsonValueKind.False => text["No"],
        JsonValueKind.Number when name == "amount" && payload.TryGetProperty("currency", out var currency) => Money(value.GetInt64(), currency.GetString() ?? ""),
        JsonValueKind.Number => value.GetInt64().ToString("N0", CultureInfo.CurrentCulture),
        _ => value.GetString() is { } word && text[$"Value.{name}.{word}"] is { ResourceNotFound: false } known ? known.Value : value.GetString() ?? "",
    };

    private static string Money(long minor, string currency) => $"{currency} {Currency.Units(minor, currency).ToString($"N{Currency.MinorDigits(currency)}", CultureInfo.InvariantCulture)}";
}
