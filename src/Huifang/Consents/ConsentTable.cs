using Huifang.Contacts;
using Huifang.Storage;

namespace Huifang.Consents;

internal sealed record ConsentRow(string Id, string CustomerId, string Purpose, string Channel, long Given, long At, long RecordedAt, string ByWhom, string How, string Wording, byte[]? Evidence)
{
    public Consent ToConsent() => new(CustomerId, Enum.Parse<Purpose>(Purpose), Enum.Parse<Channel>(Channel), Given == 1, DateTimeOffset.FromUnixTimeMilliseconds(At), ByWhom, How, Wording);
}

internal static class ConsentTable
{
    private const string Columns = "id, customer_id as customerid, purpose, channel, given, at, recorded_at as recordedat, by_whom as bywhom, how, wording, evidence";

    private static readonly Bulk<ConsentRow> Rows = new("consents", "on conflict (id) do nothing",
        ("id", Column.Text, r => r.Id), ("customer_id", Column.Text, r => r.CustomerId), ("purpose", Column.Text, r => r.Purpose), ("channel", Column.Text, r => r.Channel),
        ("given", Column.Number, r => r.Given), ("at", Column.Number, r => r.At), ("recorded_at", Column.Number, r => r.RecordedAt), ("by_whom", Column.Text, r => r.ByWhom),
        ("how", Column.Text, r => r.How), ("wording", Column.Text, r => r.Wording), ("evidence", Column.Bytes, r => r.Evidence));

    public static Task Insert(Tx tx, IReadOnlyList<ConsentRow> rows) => Rows.Insert(tx, rows, returning: "");

    /// <summary>All that these customers ever said, oldest first.</summary>
    public static async Task<ILookup<string, Consent>> Of(Tx tx, IEnumerable<string> customerIds)
    {
        var all = new List<Consent>();
        foreach (var ids in customerIds.Distinct(StringComparer.Ordinal).Chunk(500))
            all.AddRange((await tx.Query<ConsentRow>($"select {Columns} from consents where customer_id in @ids order by at, recorded_at, id", new { ids })).Select(r => r.ToConsent()));
        return all.ToLookup(c => c.CustomerId);
    }

    public static Task<int> Suppress(Tx tx, string id, string? customerId, string? blind, Purpose? purpose, string reason, DateTimeOffset at, string by) => tx.Run(
        "insert into suppressions (id, customer_id, blind, purpose, reason, at, by_whom) values (@id, @customerId, @blind, @purpose, @reason, @at, @by)",
        new { id, customerId, blind, purpose = purpose?.ToString(), reason, at, by });

    public static Task<int> Lift(Tx tx, string customerId, DateTimeOffset at, string by) => tx.Run(
        "update suppressions set lifted_at = @at, lifted_by = @by where customer_id = @customerId and lifted_at is null", new { customerId, at, by });

    private const string SuppressionColumns = "s.id, coalesce(s.customer_id, p.customer_id) as customerid, s.purpose, s.reason, s.at, s.by_whom as by";

    /// <summary>What keeps these customers from being contacted: entries for the person, and for any number or address of hers.</summary>
    public static async Task<ILookup<string, Suppression>> SuppressionsOf(Tx tx, IEnumerable<string> customerIds)
    {
        var all = new List<Suppression>();
        foreach (var ids in customerIds.Distinct(StringComparer.Ordinal).Chunk(500))
            all.AddRange(await tx.Query<Suppression>(
                $"""
                select {SuppressionColumns.Replace("coalesce(s.customer_id, p.customer_id)", "s.customer_id", StringComparison.Ordinal)} from suppressions s where s.customer_id in @ids and s.lifted_at is null
                union all
                select {SuppressionColumns} from contact_points p join suppressions s on s.blind = p.blind where p.customer_id in @ids and s.customer_id is null and s.lifted_at is null
                """, new { ids }));
        return all.ToLookup(s => s.CustomerId!);
    }
}
