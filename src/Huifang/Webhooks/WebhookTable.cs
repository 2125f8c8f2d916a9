using Huifang.Storage;

namespace Huifang.Webhooks;

internal sealed record EndpointRow(string Id, string Url, string Kinds, byte[] Secret, byte[]? OldSecret, DateTimeOffset? OldUntil, string State, string? Reason, DateTimeOffset MadeAt, string MadeBy)
{
    private EndpointRow() : this("", "", "", [], null, null, "", null, default, "") { }

    public Endpoint ToEndpoint() => new(Id, Url, Kinds.Split(' '), Enum.Parse<EndpointState>(State), Reason, MadeAt, MadeBy, OldUntil);
}

internal sealed record NewDelivery(string Id, string EndpointId, long Seq, string Kind, string Body, long At);

internal static class WebhookTable
{
    private const string EndpointColumns = "id, url, kinds, secret, old_secret as oldsecret, old_until as olduntil, state, reason, made_at as madeat, made_by as madeby";
    private const string DeliveryColumns = "id, endpoint_id as endpointid, kind, body, state, tries, try_at as tryat, status, error, made_at as madeat, done_at as doneat";

    private static readonly Bulk<NewDelivery> Deliveries = new("webhook_deliveries", "on conflict (endpoint_id, seq) do nothing", ("id", Column.Text, r => r.Id), ("endpoint_id", Column.Text, r => r.EndpointId), ("seq", Column.Number, r => r.Seq),
        ("kind", Column.Text, r => r.Kind), ("body", Column.Text, r => r.Body), ("state", Column.Text, _ => nameof(DeliveryState.Queued)), ("try_at", Column.Number, r => r.At), ("made_at", Column.Number, r => r.At));

    public static Task<int> Insert(Tx tx, EndpointRow row) => tx.Run(
        "insert into webhook_endpoints (id, url, kinds, secret, state, made_at, made_by, changed_at) values (@Id, @Url, @Kinds, @Secret, @State, @MadeAt, @MadeBy, @MadeAt)", new { row.Id, row.Url, row.Kinds, row.Secret, row.State, row.MadeAt, row.MadeBy });

    public static Task<List<EndpointRow>> All(Tx tx) => tx.Query<EndpointRow>($"select {EndpointColumns} from webhook_endpoints order by made_at limit 200");

    public static Task<List<EndpointRow>> Live(Tx tx) => tx.Query<EndpointRow>($"select {EndpointColumns} from webhook_endpoints where state = 'Live'");

    public static Task<List<string>> LiveKinds(Tx tx) => tx.Query<string>("select kinds from webhook_endpoints where state = 'Live'");

    public static Task<EndpointRow?> Find(Tx tx, string id) => tx.One<EndpointRow>($"select {EndpointColumns} from webhook_endpoints where id = @id", new { id });

    public static Task<int> SetState(Tx tx, string id, EndpointState state, string? reason, DateTimeOffset now) =>
        tx.Run("update webhook_endpoints set state = @state, reason = @reason, changed_at = @now where id = @id", new { id, state = state.ToString(), reason, now });

    public static Task<int> Rotate(Tx tx, string id, byte[] secret, DateTimeOffset oldUntil, DateTimeOffset now) =>
        tx.Run("update webhook_endpoints set old_secret = secret, old_until = @oldUntil, secret = @secret, changed_at = @now where id = @id", new { id, secret, oldUntil, now });

    public static async Task<int> Remove(Tx tx, string id)
    {
        await tx.Run("delete from webhook_deliveries where endpoint_id = @id", new { id });
        return await tx.Run("delete from webhook_endpoints where id = @id", new { id });
    }

    public static Task Add(Tx tx, IReadOnlyList<NewDelivery> rows) => Deliveries.Insert(tx, rows, returning: "");

    /// <summary>Leases what is due. Two nodes: on PostgreSQL each skips what the other holds; on SQLite the second finds it leased. A lease that ran out is taken again, so a crash loses nothing.</summary>
    public static Task<List<Delivery>> Lease(Tx tx, DateTimeOffset now, DateTimeOffset until, int most) => tx.Query<Delivery>(
        $"""
        update webhook_deliveries set leased_until = @until, tries = tries + 1
        where id in (select id from webhook_deliveries where state = 'Queued' and try_at <= @now and (leased_until is null or leased_until < @now) order by try_at limit {most} SKIP_LOCKED)
        returning {DeliveryColumns}
        """, new { now, until });

    public static Task<bool> AnyDue(Tx tx, DateTimeOffset now) => tx.One<bool>("select count(*) from (select 1 from webhook_deliveries where state = 'Queued' and try_at <= @now and (leased_until is null or leased_until < @now) limit 1) any_one", new { now });

    public static Task<int> Record(Tx tx, string id, DeliveryState state, DateTimeOffset tryAt, WebhookAnswer answer, DateTimeOffset? doneAt) => tx.Run(
        "update webhook_deliveries set state = @state, try_at = @tryAt, leased_until = null, status = @status, error = @error, done_at = @doneAt where id = @id and state = 'Queued'",
        new { id, state = state.ToString(), tryAt, status = (long?)answer.Status, error = answer.Error, doneAt = doneAt?.ToUnixTimeMilliseconds() });

    /// <summary>Puts one back to the beginning; one that is on its way stays.</summary>
    public static Task<int> Resend(Tx tx, string id, DateTimeOffset now) =>
        tx.Run("update webhook_deliveries set state = 'Queued', tries = 0, try_at = @now, leased_until = null, error = null, done_at = null where id = @id and state in ('Sent', 'Dead')", new { id, now });

    public static Task<int> ResendDead(Tx tx, string endpointId, DateTimeOffset now) =>
        tx.Run("update webhook_deliveries set state = 'Queued', tries = 0, try_at = @now, leased_until = null, error = null, done_at = null where endpoint_id = @endpointId and state = 'Dead'", new { endpointId, now });

    public static Task<List<Delivery>> OfEndpoint(Tx tx, string endpointId, int most) => tx.Query<Delivery>($"select {DeliveryColumns} from webhook_deliveries where endpoint_id = @endpointId order by made_at desc limit {most}", new { endpointId });

    public static Task<List<Delivery>> Dead(Tx tx, int most) => tx.Query<Delivery>($"select {DeliveryColumns} from webhook_deliveries where state = 'Dead' order by made_at desc limit {most}");

    public static Task<Delivery?> FindDelivery(Tx tx, string id) => tx.One<Delivery>($"select {DeliveryColumns} from webhook_deliveries where id = @id", new { id });

    public static Task<List<(string EndpointId, string State, long Count)>> Counts(Tx tx) => tx.Query<(string, string, long)>("select endpoint_id, state, count(*) from webhook_deliveries group by endpoint_id, state");

    public static Task<int> Forget(Tx tx, DateTimeOffset before, int most) =>
        tx.Run($"delete from webhook_deliveries where id in (select id from webhook_deliveries where state = 'Sent' and done_at < @before limit {most})", new { before });
}
