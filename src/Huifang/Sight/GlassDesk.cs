using System.Text.Json;
using Huifang.Accounts;
using Huifang.Calendars;
using Huifang.Journal;
using Huifang.Redaction;
using Huifang.Security;
using Huifang.Storage;

namespace Huifang.Sight;

/// <summary>A record opened without a case in hand.</summary>
public sealed record Glass(string Id, string StaffId, string CustomerId, string Reason, DateTimeOffset OpenedAt, DateTimeOffset EndsAt, DateTimeOffset ReviewDue, DateTimeOffset? ReviewedAt, string? ReviewedBy, bool? WasRight, string? ReviewWords)
{
    public bool IsOpen(DateTimeOffset now) => now < EndsAt;
}

/// <summary>Breaking the glass: a reason, fifteen minutes, and somebody else who looks at it within one working day.</summary>
public sealed class GlassDesk(JournalDesk journal, Vault vault, Ids ids, TimeProvider time, Ground ground)
{
    private const int WordsMax = 500;
    private const string Columns = "id, staff_id as staffid, customer_id as customerid, reason, opened_at as openedat, ends_at as endsat, review_due as reviewdue, reviewed_at as reviewedat, reviewed_by as reviewedby, was_right as wasright, review_words as reviewwords";

    // The holidays of where the operator's staff work count for the review.
    private static readonly BusinessCalendar WorkingDays = CalendarShelf.All.First(calendar => calendar.Id == "CN");

    /// <returns>Null when the reason says too little.</returns>
    public async Task<Glass?> Break(Tx tx, string staffId, string customerId, string reason)
    {
        var words = Redactor.Redact(reason.Trim(), hide: SecretKinds.Typed).Text;
        if (words.Length < SightRules.ReasonLengthMin) return null;
        if (words.Length > WordsMax) words = words[..WordsMax];
        var now = time.GetUtcNow();
        var glass = new Glass(ids.New(), staffId, customerId, words, now, now + SightRules.GlassLife, ReviewDue(now), null, null, null, null);
        await tx.Run("insert into glasses (id, staff_id, customer_id, reason, opened_at, ends_at, review_due) values (@Id, @StaffId, @CustomerId, @reason, @OpenedAt, @EndsAt, @ReviewDue)",
            new { glass.Id, glass.StaffId, glass.CustomerId, reason = (await vault.KeyFor(tx, customerId)).Seal(words), glass.OpenedAt, glass.EndsAt, glass.ReviewDue });
        await Tell(tx, "glass.broken", customerId, staffId, new { glass = glass.Id, until = glass.EndsAt.ToUnixTimeMilliseconds(), review = glass.ReviewDue.ToUnixTimeMilliseconds() });
        return glass;
    }

    /// <summary>The glass that is open for her and this customer now.</summary>
    public async Task<Glass?> OpenOf(Tx tx, string staffId, string customerId) =>
        (await Read(tx, await tx.Query<Row>($"select {Columns} from glasses where staff_id = @staffId and customer_id = @customerId and ends_at > @now order by ends_at desc limit 1", new { staffId, customerId, now = time.GetUtcNow() }))).FirstOrDefault();

    /// <summary>What waits for a review, the most urgent first.</summary>
    public async Task<IReadOnlyList<Glass>> Waiting(Tx tx) => await Read(tx, await tx.Query<Row>($"select {Columns} from glasses where reviewed_at is null order by review_due limit 200"));

    public async Task<IReadOnlyList<Glass>> OfCustomer(Tx tx, string customerId) => await Read(tx, await tx.Query<Row>($"select {Columns} from glasses where customer_id = @customerId order by opened_at desc limit 100", new { customerId }));

    /// <summary>Somebody else says whether it was right.</summary>
    /// <returns>False when it was reviewed already, or is her own.</returns>
    public async Task<bool> Review(Tx tx, string id, string by, bool wasRight, string words)
    {
        var clean = Redactor.Redact(words.Trim(), hide: SecretKinds.Typed).Text;
        if (clean.Length == 0) return false;
        if (await tx.One<string>("select customer_id from glasses where id = @id", new { id }) is not { } customerId) return false;
        // Two who review at once: the second finds it done. Nobody reviews her own; the table says so too.
        if (await tx.Run("update glasses set reviewed_at = @now, reviewed_by = @by, was_right = @wasRight, review_words = @words where id = @id and reviewed_at is null and staff_id <> @by",
            new { id, by, wasRight, words = (await vault.KeyFor(tx, customerId)).Seal(clean.Length > WordsMax ? clean[..WordsMax] : clean), now = time.GetUtcNow() }) == 0) return false;
        await Tell(tx, "glass.reviewed", customerId, by, new { glass = id, right = wasRight });
        return true;
    }

    // The same time of day, one working day later.
    private DateTimeOffset ReviewDue(DateTimeOffset now)
    {
        var local = TimeZoneInfo.ConvertTime(now, ground.Zone);
        var due = WorkingDays.AddWorkingDays(DateOnly.FromDateTime(local.DateTime), 1).Date.ToDateTime(TimeOnly.FromDateTime(local.DateTime));
        return new DateTimeOffset(due, ground.Zone.GetUtcOffset(due)).ToUniversalTime();
    }

    // Reasons speak of the customer, so they are sealed with her key and go with it.
    private async Task<List<Glass>> Read(Tx tx, List<Row> rows)
    {
        var keys = await vault.KeysOf(tx, [.. rows.Select(row => row.CustomerId).Distinct(StringComparer.Ordinal)]);
        return rows.ConvertAll(row => new Glass(row.Id, row.StaffId, row.CustomerId, keys.GetValueOrDefault(row.CustomerId)?.Open(row.Reason) ?? "", row.OpenedAt, row.EndsAt, row.ReviewDue, row.ReviewedAt, row.ReviewedBy,
            row.WasRight is null ? null : row.WasRight != 0, keys.GetValueOrDefault(row.CustomerId)?.Open(row.ReviewWords)));
    }

    private Task Tell(Tx tx, string kind, string customerId, string by, object data) => journal.Append(tx, new Fact(Fact.Care, ids.New(), kind, customerId, time.GetUtcNow(), by, JsonSerializer.Serialize(data)));

    private sealed class Row
    {
        public string Id { get; set; } = "";
        public string StaffId { get; set; } = "";
        public string CustomerId { get; set; } = "";
        public byte[] Reason { get; set; } = [];
        public DateTimeOffset OpenedAt { get; set; }
        public DateTimeOffset EndsAt { get; set; }
        public DateTimeOffset ReviewDue { get; set; }
        public DateTimeOffset? ReviewedAt { get; set; }
        public string? ReviewedBy { get; set; }
        public long? WasRight { get; set; }
        public byte[]? ReviewWords { get; set; }
    }
}
