using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Huifang.Data;
using Huifang.Languages;
using Huifang.Money;

namespace Huifang.Complaints;

/// <summary>What a column of an export means to us.</summary>
public enum ImportField { Words, Subject, TheirNumber, ReceivedAt, CustomerId, Name, Phone, Email, Amount, Category, Topic, Wants, TransactionId, Product, Country, Language }

/// <summary>One field and the columns it is read from; the first that is not empty counts. Words of several columns are put together.</summary>
public sealed record FieldMapping(ImportField Field, ImmutableArray<string> Columns);

/// <summary>
/// How an export of a complaint platform or a regulator is read: columns to fields, its dates and currency, its words for what we call by other names. Data, so that an operator
/// saves one for each platform.
/// </summary>
public sealed record ImportMapping
{
    public required string Id { get; init; }
    public required Localized Title { get; init; }
    public required ComplaintDoor Door { get; init; }
    public required ImmutableArray<FieldMapping> Fields { get; init; }
    /// <summary>Formats of dates, the invariant culture's; without an offset they are local in <see cref="Zone"/>.</summary>
    public required ImmutableArray<string> DateFormats { get; init; }
    public required string Zone { get; init; }
    public string? Currency { get; init; }
    public string? Pack { get; init; }
    public string? Country { get; init; }
    public string? Language { get; init; }
    /// <summary>Their category to ours: <c>class/topic</c>; "*" for all others.</summary>
    public required ImmutableDictionary<string, string> Categories { get; init; }

    /// <summary>Reads a mapping. Throws <see cref="FormatException"/> with the path of what is wrong.</summary>
    public static ImportMapping Read(JsonElement json)
    {
        var root = new DataReader(json, "$");
        var mapping = new ImportMapping
        {
            Id = root.Text("id"), Title = root.Localized("title"), Door = root.At("door").Enum<ComplaintDoor>(), Zone = root.Text("zone"), Currency = root.TextOrNull("currency"), Pack = root.TextOrNull("pack"), Country = root.TextOrNull("country"), Language = root.TextOrNull("language"),
            DateFormats = [.. root.List("dateFormats").Select(format => format.Text())],
            Fields = [.. root.At("fields").Element.EnumerateObject().Select(field => new FieldMapping(Enum.TryParse<ImportField>(field.Name, out var known) ? known : throw root.At("fields").Wrong($"names \"{field.Name}\", which is none of {string.Join(", ", Enum.GetNames<ImportField>())}"),
                [.. new DataReader(field.Value, $"$.fields.{field.Name}").Items().Select(column => column.Text())]))],
            Categories = root.Has("categories") ? root.At("categories").Element.EnumerateObject().ToImmutableDictionary(pair => pair.Name, pair => pair.Value.GetString() ?? "") : ImmutableDictionary<string, string>.Empty,
        };
        if (Calendars.ZoneClock.Find(mapping.Zone) is null) throw root.At("zone").Wrong("is not a time zone");
        if (mapping.Currency is { } currency && !Money.Currency.IsKnown(currency)) throw root.At("currency").Wrong("is not a currency");
        if (mapping.Categories.FirstOrDefault(pair => !ComplaintTaxonomy.Knows(pair.Value.Split('/')[0], pair.Value.Split('/').ElementAtOrDefault(1))) is { Key: { } wrong }) throw root.At("categories").Wrong($"maps \"{wrong}\" to a class that the taxonomy does not have");
        return mapping.Fields.Any(field => field.Field == ImportField.Words) ? mapping : throw root.At("fields").Wrong("says nowhere which column holds the words");
    }

    /// <summary>The mappings that ship: a 12315-like export, a 黑猫-like export, the CFPB's CSV, and the DISP register's columns.</summary>
    public static readonly ImmutableArray<ImportMapping> Shipped = [.. ShippedData.Names("complaints.imports").Select(name => Read(ShippedData.Json(name)))];
}

/// <summary>Makes a complaint of one row of an export. It never guesses: what it cannot read stands in the reason.</summary>
public static class ImportRules
{
    /// <returns>The draft, or why not in a few words.</returns>
    public static (ComplaintDraft? Draft, string? Wrong) Read(ImportMapping mapping, IReadOnlyDictionary<string, string> row)
    {
        string? One(ImportField field) => mapping.Fields.FirstOrDefault(one => one.Field == field)?.Columns.Select(column => row.GetValueOrDefault(column)).FirstOrDefault(value => !string.IsNullOrWhiteSpace(value))?.Trim();
        var words = string.Join('\n', mapping.Fields.Where(one => one.Field == ImportField.Words).SelectMany(one => one.Columns).Select(column => row.GetValueOrDefault(column)?.Trim()).Where(value => !string.IsNullOrEmpty(value)));
        var category = Category(mapping, One(ImportField.Category), One(ImportField.Topic));
        if (words.Length == 0) words = string.Join(" · ", new[] { One(ImportField.Category), One(ImportField.Topic), One(ImportField.Subject) }.Where(part => part is not null));
        if (words.Length == 0) return (null, "no words");
        DateTimeOffset? received = null;
        if (One(ImportField.ReceivedAt) is { } date && (received = Instant(mapping, date)) is null) return (null, "a date that the mapping does not know");
        long? amount = null;
        if (One(ImportField.Amount) is { } money && mapping.Currency is { } currency && (amount = Minor(money, currency)) is null) return (null, "an amount that is none");
        return (new ComplaintDraft(mapping.Door, words)
        {
            Subject = One(ImportField.Subject), TheirNumber = One(ImportField.TheirNumber), ReceivedAt = received, CustomerId = One(ImportField.CustomerId), Name = One(ImportField.Name), Phone = One(ImportField.Phone), Email = One(ImportField.Email),
            Amount = amount, Currency = amount is null ? null : mapping.Currency, Category = category?.Split('/')[0], Subcategory = category?.Split('/').ElementAtOrDefault(1), Wants = One(ImportField.Wants), TransactionId = One(ImportField.TransactionId),
            Product = One(ImportField.Product), Country = mapping.Country ?? One(ImportField.Country), Language = mapping.Language ?? One(ImportField.Language), Pack = mapping.Pack,
        }, null);
    }

    private static string? Category(ImportMapping mapping, string? category, string? topic) =>
        new[] { topic, category, "*" }.Select(key => key is null ? null : mapping.Categories.GetValueOrDefault(key)).FirstOrDefault(found => found is not null);

    private static DateTimeOffset? Instant(ImportMapping mapping, string text)
    {
        var zone = Calendars.ZoneClock.Find(mapping.Zone)!;
        foreach (var format in mapping.DateFormats)
            if (DateTime.TryParseExact(text, format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local) && local.Year is >= 2000 and <= 2200) return zone.FirstAt(local);
        return text.Length >= 16 && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var at) && (text.EndsWith('Z') || text.LastIndexOfAny(['+', '-']) > 10) ? at.ToUniversalTime() : null;
    }

    private static long? Minor(string text, string currency)
    {
        var clean = new string([.. text.Where(c => char.IsAsciiDigit(c) || c is '.' or '-')]);
        if (!decimal.TryParse(clean, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) || value is < 0 or > 1_000_000_000) return null;
        for (var digit = Currency.MinorDigits(currency); digit > 0; digit--) value *= 10;
        return (long)decimal.Round(value);
    }
}
