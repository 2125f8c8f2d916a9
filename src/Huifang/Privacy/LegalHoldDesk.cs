using System.Text.Json;
using Huifang.Journal;
using Huifang.Security;
using Huifang.Storage;

namespace Huifang.Privacy;

/// <summary>A legal hold on a person.</summary>
/// <param name="Matter">The case number by which the lawyers know it.</param>
public sealed record LegalHold(string Id, string CustomerId, string Matter, string Reason, DateTimeOffset PlacedAt, string PlacedBy, DateTimeOffset? LiftedAt, string? LiftedBy);

/// <summary>
/// Keeps what is held about a person for a legal matter, whatever she asks and whatever the times say. Her key is wrapped once more, under a key of the hold's own: an erasure ends the one and not the
/// other, and lifting the hold ends what an erasure had left.
/// </summary>
public sealed class LegalHoldDesk(Vault vault, JournalDesk journal, Ids ids, TimeProvider time)
{
    private const string Columns = "id, customer_id as customerid, matter, reason, placed_at as placedat, placed_by as placedby, lifted_at as liftedat, lifted_by as liftedby";

    /// <returns>The hold's id, or null when there is no such customer or she was erased already.</returns>
    public async Task<string?> Place(Tx tx, string customerId, string matter, string reason, string by)
    {
        if (await vault.KeyOf(tx, customerId) is not { } person) return null;
        var (id, now) = (ids.New(), time.GetUtcNow());
        var hold = await vault.KeyFor(tx, customerId, KeyClass.Hold(id));
        await tx.Run("insert into legal_holds (id, customer_id, matter, reason, placed_at, placed_by, held_key) values (@id, @customerId, @matter, @reason, @now, @by, @held)",
            new { id, customerId, matter, reason = vault.SealForHouse(reason), now, by, held = person.SealUnder(hold, id) });
        await Tell(tx, "hold.placed", id, customerId, matter, by);
        return id;
    }

    public async Task<bool> Lift(Tx tx, string id, string by)
    {
        // Two who lift at once: the second finds it lifted and changes nothing.
        if (await tx.One<HoldRow>($"update legal_holds set lifted_at = @now, lifted_by = @by, held_key = null where id = @id and lifted_at is null returning {Columns}", new { id, by, now = time.GetUtcNow() }) is not { } row) return false;
        await vault.Destroy(tx, row.CustomerId, KeyClass.Hold(id));
        await Tell(tx, "hold.lifted", id, row.CustomerId, row.Matter, by);
        return true;
    }

    public async Task<IReadOnlyList<LegalHold>> OfCustomer(Tx tx, string customerId) =>
        [.. (await tx.Query<HoldRow>($"select {Columns} from legal_holds where customer_id = @customerId and lifted_at is null order by placed_at", new { customerId })).Select(Open)];

    public async Task<IReadOnlyList<LegalHold>> Recent(Tx tx) => [.. (await tx.Query<HoldRow>($"select {Columns} from legal_holds order by placed_at desc limit 100")).Select(Open)];

    /// <summary>The held person's key, for the matter alone. Who opened it stands in the journal.</summary>
    public async Task<DataKey?> Open(Tx tx, string holdId, string by)
    {
        if (await tx.One<HeldKey>("select customer_id as customerid, matter, held_key as boxed from legal_holds where id = @holdId and lifted_at is null", new { holdId }) is not { Boxed: { } box } held) return null;
        await Tell(tx, "hold.opened", holdId, held.CustomerId, held.Matter, by);
        return await vault.KeyOf(tx, held.CustomerId, KeyClass.Hold(holdId)) is { } hold ? hold.OpenHeld(box, holdId) : null;
    }

    private Task Tell(Tx tx, string kind, string id, string customerId, string matter, string by) =>
        journal.Append(tx, new Fact(Fact.Care, ids.New(), kind, customerId, time.GetUtcNow(), by, JsonSerializer.Serialize(new { hold = id, matter })));

    private LegalHold Open(HoldRow row) => new(row.Id, row.CustomerId, row.Matter, vault.OpenForHouse(row.Reason) ?? "", row.PlacedAt, row.PlacedBy, row.LiftedAt, row.LiftedBy);

    private sealed record HeldKey(string CustomerId, string Matter, byte[]? Boxed) { private HeldKey() : this("", "", null) { } }

    private sealed record HoldRow(string Id, string CustomerId, string Matter, byte[] Reason, DateTimeOffset PlacedAt, string PlacedBy, DateTimeOffset? LiftedAt, string? LiftedBy)
    {
        private HoldRow() : this("", "", "", [], default, "", null, null) { }
    }
}
