using System.Text.Json;
using Huifang.Contacts;
using Huifang.Security;
using Huifang.Storage;

namespace Huifang.Customers;

internal sealed record CustomerRow(string Id, byte[]? Name, string Language, string? TimeZone, string? Country, string Segments, string Attributes, long? Since, long UpdatedAt);

internal sealed record PointRow(string Id, string CustomerId, string Kind, byte[] Value, string Blind, long Verified, string Standing, long Rank)
{
    /// <summary>Whose numbering plan a phone belongs to.</summary>
    public string? Region { get; init; }

    /// <summary>When she gave it: a call soon after a new number or device opens little.</summary>
    public long ChangedAt { get; init; }
}

internal sealed record PreferencesRow(string CustomerId, string Channels, string Hours, int? ContactsPerMonthMax);

internal static class CustomerTable
{
    private const string Columns = "id, name, language, time_zone as timezone, country, segments, attributes, since, updated_at as updatedat";

    private static readonly Bulk<CustomerRow> Rows = new("customers",
        """
        on conflict (id) do update set name = coalesce(excluded.name, customers.name), language = excluded.language, time_zone = excluded.time_zone,
          country = excluded.country, segments = excluded.segments, attributes = excluded.attributes, since = coalesce(excluded.since, customers.since), updated_at = excluded.updated_at
        """,
        ("id", Column.Text, r => r.Id), ("name", Column.Bytes, r => r.Name), ("language", Column.Text, r => r.Language), ("time_zone", Column.Text, r => r.TimeZone),
        ("country", Column.Text, r => r.Country), ("segments", Column.Text, r => r.Segments), ("attributes", Column.Text, r => r.Attributes), ("since", Column.Number, r => r.Since),
        ("created_at", Column.Number, r => r.UpdatedAt), ("updated_at", Column.Number, r => r.UpdatedAt));

    // A number that she gives again keeps its standing; verifying it anew makes it good.
    private static readonly Bulk<PointRow> Points = new("contact_points",
        """
        on conflict (customer_id, blind) do update set rank = excluded.rank, region = excluded.region,
          verified = case when excluded.verified = 1 then 1 else contact_points.verified end,
          standing = case when excluded.verified = 1 and contact_points.verified = 0 then 'Good' else contact_points.standing end
        """,
        ("id", Column.Text, r => r.Id), ("customer_id", Column.Text, r => r.CustomerId), ("kind", Column.Text, r => r.Kind), ("value", Column.Bytes, r => r.Value),
        ("blind", Column.Text, r => r.Blind), ("verified", Column.Number, r => r.Verified), ("standing", Column.Text, r => r.Standing), ("rank", Column.Number, r => r.Rank),
        ("region", Column.Text, r => r.Region), ("changed_at", Column.Number, r => r.ChangedAt));

    public static Task Save(Tx tx, IReadOnlyList<CustomerRow> rows) => Rows.Insert(tx, rows, returning: "");

    public static Task SavePoints(Tx tx, IReadOnlyList<PointRow> rows) => Points.Insert(tx, rows, returning: "");

    public static Task<int> RemovePoint(Tx tx, string customerId, string id) =>
        tx.Run("delete from contact_points where customer_id = @customerId and id = @id", new { customerId, id });

    public static Task<int> SetStanding(Tx tx, string pointId, Standing standing) =>
        tx.Run("update contact_points set standing = @standing where id = @pointId", new { pointId, standing = standing.ToString() });

    public static Task<int> SavePreferences(Tx tx, string customerId, Preferences preferences, DateTimeOffset at, string by) => tx.Run(
        """
        insert into preferences (customer_id, channels, hours, contacts_per_month_max, changed_at, changed_by) values (@customerId, @channels, @hours, @most, @at, @by)
        on conflict (customer_id) do update set channels = excluded.channels, hours = excluded.hours, contacts_per_month_max = excluded.contacts_per_month_max,
          changed_at = excluded.changed_at, changed_by = excluded.changed_by
        """,
        new { customerId, channels = JsonSerializer.Serialize(preferences.Channels.Select(c => c.ToString())), hours = JsonSerializer.Serialize(preferences.Hours), most = preferences.ContactsPerMonthMax, at, by });

    public static Task<int> SetLanguage(Tx tx, string customerId, string language, DateTimeOffset at) =>
        tx.Run("update customers set language = @language, updated_at = @at where id = @customerId", new { customerId, language, at });

    public static async Task<IReadOnlyDictionary<string, Customer>> Load(Tx tx, Vault vault, IEnumerable<string> customerIds)
    {
        var found = new Dictionary<string, Customer>(StringComparer.Ordinal);
        foreach (var ids in customerIds.Distinct(StringComparer.Ordinal).Chunk(500))
        {
            var rows = await tx.Query<CustomerRow>($"select {Columns} from customers where id in @ids", new { ids });
            if (rows.Count == 0) continue;
            var points = (await tx.Query<PointRow>(
                "select id, customer_id as customerid, kind, value, blind, verified, standing, rank from contact_points where customer_id in @ids order by rank, id", new { ids })).ToLookup(p => p.CustomerId);
            var chosen = (await tx.Query<PreferencesRow>(
                "select customer_id as customerid, channels, hours, contacts_per_month_max as contactspermonthmax from preferences where customer_id in @ids", new { ids })).ToDictionary(p => p.CustomerId);
            var keys = await vault.KeysOf(tx, ids);
            foreach (var row in rows) found[row.Id] = ToCustomer(row, points[row.Id], chosen.GetValueOrDefault(row.Id), keys.GetValueOrDefault(row.Id));
        }
        return found;
    }

    public static Task<List<string>> FindByBlind(Tx tx, string blind) =>
        tx.Query<string>("select distinct customer_id from contact_points where blind = @blind limit 20", new { blind });

    private static Customer ToCustomer(CustomerRow row, IEnumerable<PointRow> points, PreferencesRow? chosen, DataKey? key) =>
        new(row.Id, key?.Open(row.Name), row.Language, row.TimeZone, row.Country)
        {
            Segments = row.Segments is "[]" ? [] : JsonSerializer.Deserialize<string[]>(row.Segments)!,
            Attributes = row.Attributes is "{}" ? new Dictionary<string, string>() : JsonSerializer.Deserialize<Dictionary<string, string>>(row.Attributes)!,
            Since = row.Since is { } since ? DateTimeOffset.FromUnixTimeMilliseconds(since) : null,
            Points = [.. points.Select(p => new ContactPoint(p.Id, Enum.Parse<PointKind>(p.Kind), key?.Open(p.Value), p.Verified == 1, Enum.Parse<Standing>(p.Standing), (int)p.Rank))],
            Preferences = chosen is null ? Preferences.None : new(
                [.. JsonSerializer.Deserialize<string[]>(chosen.Channels)!.Select(Enum.Parse<Channel>)], JsonSerializer.Deserialize<ConvenientHours[]>(chosen.Hours)!, chosen.ContactsPerMonthMax),
        };
}
