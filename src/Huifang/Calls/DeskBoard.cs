using Huifang.Accounts;
using Huifang.Consents;
using Huifang.Contacts;
using Huifang.Customers;
using Huifang.FollowUps;
using Huifang.Sight;
using Huifang.Storage;

namespace Huifang.Calls;

/// <summary>One line of a customer's history as the desk shows it; <see cref="Amount"/> only when the level opens it.</summary>
public sealed record HistoryLine(DateTimeOffset At, string Kind, long? Amount, string? Currency, string? Reason);

/// <summary>
/// The customer as this call may see her. Each value has passed <see cref="FieldAccess"/>; what the level does not open is null and was never sent.
/// </summary>
public sealed record CustomerCard(
    string Shown, string? Name, string? MaskedPhone, string? MaskedEmail, string? Zone, string Language, IReadOnlyList<(Purpose Purpose, Channel Channel)>? Agreed,
    IReadOnlyList<HistoryLine>? History, int ContactsInMonth)
{
    /// <summary>Whole, for a minute after it was asked for; otherwise null.</summary>
    public string? Phone { get; init; }
    public string? Email { get; init; }
}

/// <summary>A talk that is coming, masked: nobody is verified before the call.</summary>
public sealed record AheadRow(string FollowUpId, DateTimeOffset At, string Shown, string ScriptKey, Purpose Purpose, bool Promised, bool Now);

/// <summary>What the desk looks at. Read models only; nothing here changes anything.</summary>
public sealed class DeskBoard(CustomerDesk customers, ConsentDesk consents, FollowUpDesk followUps, AccountDesk accounts, CallParts parts)
{
    private const int HistoryMax = 14;

    public Task<Staff?> AgentOf(Tx tx, Call call) => accounts.Find(tx, call.AgentId);

    public Task<FollowUp?> FollowUpOf(Tx tx, Call call) => followUps.Find(tx, call.FollowUpId);

    /// <param name="viewer">Who looks; what she unmasked within the last minute is whole.</param>
    public async Task<CustomerCard> Card(Tx tx, Call call, string viewer)
    {
        var whole = await parts.Sight.Unmasked(tx, viewer, call.CustomerId);
        var (level, customer) = (call.Level, await customers.Find(tx, call.CustomerId));
        string? Point(PointKind kind) => customer?.Points.FirstOrDefault(point => point.Kind == kind && point.Standing != Standing.Dead)?.Value;
        var (phone, email) = (Point(PointKind.Phone), Point(PointKind.Email));
        var agreed = FieldAccess.Shows(level, CustomerField.Consents) ? (await consents.Of(tx, [call.CustomerId]))[call.CustomerId].GroupBy(c => (c.Purpose, c.Channel)).Where(g => g.MaxBy(c => c.At)!.Given).Select(g => g.Key).ToList() : null;
        return new CustomerCard(
            FieldAccess.Show(level, CustomerField.Name, customer?.Name) ?? FieldAccess.Initial(customer?.Name), FieldAccess.Show(level, CustomerField.Name, customer?.Name),
            phone is null ? null : FieldAccess.Show(level, CustomerField.MaskedPhone, FieldAccess.MaskPhone(phone)),
            email is null ? null : FieldAccess.Show(level, CustomerField.MaskedEmail, FieldAccess.MaskEmail(email)),
            customer?.TimeZone, customer?.Language ?? call.Language, agreed,
            FieldAccess.Shows(level, CustomerField.Timeline) ? await History(tx, call.CustomerId, FieldAccess.Shows(level, CustomerField.Amounts)) : null,
            (int)await tx.One<long>("select count(*) from contact_decisions where customer_id = @id and stage = 'AtContact' and outcome = 'Allow' and undone_at is null and at > @since", new { id = call.CustomerId, since = parts.Time.GetUtcNow().AddDays(-30) }))
        {
            Phone = whole.ContainsKey(SightField.Phone) ? FieldAccess.Show(level, CustomerField.MaskedPhone, phone) : null,
            Email = whole.ContainsKey(SightField.Email) ? FieldAccess.Show(level, CustomerField.MaskedEmail, email) : null,
        };
    }

    /// <summary>Promises of the next hours and the head of the queue.</summary>
    public async Task<List<AheadRow>> Ahead(Tx tx, AgentReach agent, string? inHand, int most = 6)
    {
        var rows = await tx.Query<Row>(
            $"""
            select id, customer_id as customerid, due_at as dueat, script_key as scriptkey, purpose, state from follow_ups
            where state = 'Booked' and (agent_id is null or agent_id = @AgentId) and language in @Languages and skill in @Skills and due_at < @soon order by due_at limit {most}
            """, new { agent.AgentId, agent.Languages, agent.Skills, soon = parts.Time.GetUtcNow().AddHours(12) });
        if (rows.Count < most)
            rows.AddRange(await tx.Query<Row>(
                $"""
                select id, customer_id as customerid, due_at as dueat, script_key as scriptkey, purpose, state from follow_ups
                where state = 'Waiting' and ready = 1 and language in @Languages and skill in @Skills order by value desc, answer_by, id limit {most - rows.Count}
                """, new { agent.Languages, agent.Skills }));
        if (inHand is not null) rows.InsertRange(0, await tx.Query<Row>("select id, customer_id as customerid, due_at as dueat, script_key as scriptkey, purpose, state from follow_ups where id = @inHand", new { inHand }));
        var names = await customers.Load(tx, rows.Select(row => row.CustomerId).Distinct());
        return [.. rows.DistinctBy(row => row.Id).Select(row => new AheadRow(row.Id, row.DueAt, FieldAccess.Initial(names.GetValueOrDefault(row.CustomerId)?.Name), row.ScriptKey, Enum.Parse<Purpose>(row.Purpose), row.State == "Booked", row.Id == inHand))];
    }

    private static async Task<List<HistoryLine>> History(Tx tx, string customerId, bool amounts)
    {
        var facts = await tx.Query<FactRow>($"select at, kind, data from journal where customer_id = @customerId and kind not like 'call.%' and kind not like 'record%' order by at desc, seq desc limit {HistoryMax}", new { customerId });
        return facts.ConvertAll(fact =>
        {
            using var data = System.Text.Json.JsonDocument.Parse(fact.Data);
            var root = data.RootElement;
            long? amount = amounts && root.TryGetProperty("amount", out var money) && money.TryGetInt64(out var minor) ? minor : null;
            return new HistoryLine(fact.At, fact.Kind, amount, amount is null ? null : Text(root, "currency"), Text(root, "reason"));
        });
    }

    private static string? Text(System.Text.Json.JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == System.Text.Json.JsonValueKind.String ? value.GetString() : null;

    private sealed class Row
    {
        public string Id { get; set; } = "";
        public string CustomerId { get; set; } = "";
        public DateTimeOffset DueAt { get; set; }
        public string ScriptKey { get; set; } = "";
        public string Purpose { get; set; } = "";
        public string State { get; set; } = "";
    }

    private sealed class FactRow
    {
        public DateTimeOffset At { get; set; }
        public string Kind { get; set; } = "";
        public string Data { get; set; } = "{}";
    }
}
