using System.Text.Json;
using Huifang.Contacts;
using Huifang.Journal;
using Huifang.Languages;
using Huifang.Phones;
using Huifang.Security;
using Huifang.Storage;

namespace Huifang.Customers;

/// <summary>A customer as an integration or a file tells us about her. A field that is not told stays as it was for points and name.</summary>
public sealed record CustomerDraft(string Id, string? Name, string Language, string? TimeZone, string? Country)
{
    public IReadOnlyList<string> Segments { get; init; } = [];
    public IReadOnlyDictionary<string, string> Attributes { get; init; } = new Dictionary<string, string>();
    public IReadOnlyList<PointDraft> Points { get; init; } = [];
    public DateTimeOffset? Since { get; init; }
}

/// <summary>A contact point already in its one form: E.164, lower-case address, device id.</summary>
public sealed record PointDraft(PointKind Kind, string Value, bool Verified);

/// <summary>Keeps the record of each customer: who she is, where and when she may be reached.</summary>
public sealed class CustomerDesk(JournalDesk journal, Vault vault, Ids ids, TimeProvider time)
{
    public async Task<Customer?> Find(Tx tx, string customerId) => (await Load(tx, [customerId])).GetValueOrDefault(customerId);

    public Task<IReadOnlyDictionary<string, Customer>> Load(Tx tx, IEnumerable<string> customerIds) => CustomerTable.Load(tx, vault, customerIds);

    /// <summary>Who has this number or address; usually one person, sometimes a family.</summary>
    public Task<List<string>> WhoHas(Tx tx, PointKind kind, string value) => CustomerTable.FindByBlind(tx, BlindOf(kind, value));

    public string BlindOf(PointKind kind, string value) => vault.Blind(kind.ToString(), kind == PointKind.Email ? value.ToLowerInvariant() : value);

    /// <summary>Makes or changes records, in bulk. The drafts have passed <see cref="CustomerReader"/>.</summary>
    /// <returns>Ids that were erased: nothing is kept for them. A person who comes back gets a new id.</returns>
    public async Task<IReadOnlySet<string>> Save(Tx tx, IReadOnlyList<CustomerDraft> drafts, string by)
    {
        if (drafts.Count == 0) return new HashSet<string>();
        var erased = await vault.ErasedOf(tx, drafts.Select(draft => draft.Id));
        if (erased.Count > 0) drafts = [.. drafts.Where(draft => !erased.Contains(draft.Id))];
        var now = time.GetUtcNow();
        var keys = await vault.KeysFor(tx, drafts.Select(d => d.Id));
        await CustomerTable.Save(tx, [.. drafts.Select(d => new CustomerRow(d.Id, d.Name is null ? null : keys[d.Id].Seal(d.Name), d.Language, d.TimeZone, d.Country,
            d.Segments.Count == 0 ? "[]" : JsonSerializer.Serialize(d.Segments), d.Attributes.Count == 0 ? "{}" : JsonSerializer.Serialize(d.Attributes),
            d.Since?.ToUnixTimeMilliseconds(), now.ToUnixTimeMilliseconds()))]);
        await CustomerTable.SavePoints(tx, [.. drafts.SelectMany(d => d.Points.Select((p, rank) => new PointRow(ids.New(), d.Id, p.Kind.ToString(), keys[d.Id].Seal(p.Value),
            BlindOf(p.Kind, p.Value), p.Verified ? 1 : 0, nameof(Standing.Good), rank)
        {
            Region = p.Kind == PointKind.Phone ? PhoneRules.Find(p.Value)?.Region : null, ChangedAt = now.ToUnixTimeMilliseconds(),
        }))]);
        await journal.Append(tx, [.. drafts.Select(d => new Fact(Fact.Care, ids.New(), "customer.changed", d.Id, now, by,
            JsonSerializer.Serialize(new { language = d.Language, zone = d.TimeZone, country = d.Country, points = d.Points.Count })))]);
        return erased;
    }

    public async Task SavePreferences(Tx tx, string customerId, Preferences preferences, string by)
    {
        await CustomerTable.SavePreferences(tx, customerId, preferences, time.GetUtcNow(), by);
        await journal.Append(tx, new Fact(Fact.Care, ids.New(), "preferences.changed", customerId, time.GetUtcNow(), by,
            JsonSerializer.Serialize(new { channels = preferences.Channels.Select(c => c.ToString()), hours = preferences.Hours.Count, most = preferences.ContactsPerMonthMax })));
    }

    public Task SetLanguage(Tx tx, string customerId, string language) =>
        CustomerTable.SetLanguage(tx, customerId, Language.For(language) ?? Language.English, time.GetUtcNow());

    /// <summary>A bounce or a refused number lowers what we expect of a point; a delivery restores it.</summary>
    public async Task SetStanding(Tx tx, string customerId, string pointId, Standing standing, string why)
    {
        await CustomerTable.SetStanding(tx, pointId, standing);
        await journal.Append(tx, new Fact(Fact.Care, ids.New(), "contact-point.changed", customerId, time.GetUtcNow(), "house", JsonSerializer.Serialize(new { point = pointId, standing = standing.ToString(), why })));
    }
}
