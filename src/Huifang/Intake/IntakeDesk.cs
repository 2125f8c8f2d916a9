using System.Text.Json;
using Huifang.Journal;
using Huifang.Security;
using Huifang.Storage;

namespace Huifang.Intake;

/// <summary>What became of one item that was sent.</summary>
public enum ItemStatus { Accepted, Known, Conflict, Quarantined }

/// <summary>The answer for one item, in the order in which they were sent.</summary>
public sealed record ItemAnswer(string? Id, ItemStatus Status, UnreadableReason? Reason = null, string? Field = null, string? QuarantineId = null);

/// <summary>
/// Takes in what the wallet tells: into the journal, or into the quarantine. Answers only once it is durable; decides nothing.
/// </summary>
public sealed class IntakeDesk(Store store, JournalDesk journal, Vault vault, Ids ids, TimeProvider time)
{
    private const int SharedMax = 16;
    private SharedIntake? _shared;

    // Made with the first call: the dialect is known once the store is open.
    private SharedIntake Shared => LazyInitializer.EnsureInitialized(ref _shared, () => new SharedIntake(store, Take));

    public const string EventContent = "application/cloudevents+json";
    public const string LineContent = "application/x-ndjson";

    /// <summary>Takes what was sent together. A few items share their transaction with whatever else comes in at the same moment.</summary>
    public Task<IReadOnlyList<ItemAnswer>> Take(IReadOnlyList<Reading> readings, string sender, string contentType, CancellationToken stop = default)
    {
        if (readings.Count == 0) return Task.FromResult<IReadOnlyList<ItemAnswer>>([]);
        var sent = readings.Select(reading => Sent.Of(reading, sender, contentType)).ToList();
        return readings.Count <= SharedMax ? Shared.Take(sent) : store.Write(tx => Take(tx, sent), stop);
    }

    private async Task<IReadOnlyList<ItemAnswer>> Take(Tx tx, IReadOnlyList<Sent> sent)
    {
        var answers = new ItemAnswer[sent.Count];
        var facts = new List<Fact>(sent.Count);
        var hashes = new List<long>(sent.Count);
        var places = new List<int>(sent.Count);
        for (var i = 0; i < sent.Count; i++)
            if (sent[i].Fact is { } fact)
            {
                facts.Add(fact);
                hashes.Add(sent[i].BodyHash);
                places.Add(i);
            }
        var told = await journal.Tell(tx, facts, hashes);
        for (var i = 0; i < told.Length; i++) answers[places[i]] = new(facts[i].Id, (ItemStatus)told[i]);
        for (var i = 0; i < sent.Count; i++)
            if (sent[i].Reading is Reading.Unreadable unreadable) answers[i] = await Keep(tx, unreadable, sent[i].Sender, sent[i].ContentType);
        await IntakeTally.Add(tx, sent, answers, time.GetUtcNow());
        return answers;
    }

    /// <summary>Keeps what could not be read, raw and sealed, with the reason, for a person.</summary>
    public async Task<ItemAnswer> Keep(Tx tx, Reading.Unreadable item, string sender, string contentType)
    {
        var id = ids.New();
        await QuarantineTable.Insert(tx, id, time.GetUtcNow(), sender, contentType, vault.SealForHouse(item.Raw.Span), item.Reason.ToString(), item.Field);
        await journal.Append(tx, new Fact(Fact.Care, ids.New(), "quarantine.kept", null, time.GetUtcNow(), sender, JsonSerializer.Serialize(new { quarantine = id, reason = item.Reason.ToString(), field = item.Field })));
        return new(item.Id, ItemStatus.Quarantined, item.Reason, item.Field, id);
    }

    public async Task<IReadOnlyList<Quarantined>> Quarantine(Tx tx, int most = 50, bool settled = false) =>
        (await QuarantineTable.Page(tx, most, settled)).ConvertAll(Open);

    public async Task<Quarantined?> Find(Tx tx, string id) => await QuarantineTable.Find(tx, id) is { } row ? Open(row) : null;

    public Task<long> Waiting(Tx tx) => QuarantineTable.Waiting(tx);

    /// <summary>A person mended an item, or sends it again as it is. What is still wrong is said and stays open.</summary>
    public async Task<ItemAnswer?> SendAgain(string id, string body, string by, CancellationToken stop = default)
    {
        var reading = EventReader.Read(System.Text.Encoding.UTF8.GetBytes(body), time.GetUtcNow());
        return await store.Write(async tx =>
        {
            if (await QuarantineTable.Find(tx, id) is not { SettledAt: null }) return null;
            if (reading is Reading.Unreadable wrong) return new ItemAnswer(wrong.Id, ItemStatus.Quarantined, wrong.Reason, wrong.Field, id);
            var e = ((Reading.Event)reading).Value;
            var told = (await journal.Tell(tx, [new Fact(e.Source, e.Id, e.Type, e.Subject, e.At, by, e.Data, e.Private)]))[0];
            if (told != Told.Conflict) await Settle(tx, id, by, told == Told.Known ? "known" : "sent-again");
            return new ItemAnswer(e.Id, (ItemStatus)told);
        }, stop);
    }

    /// <summary>A person says that an item is not worth anything, and why it can go.</summary>
    public Task<bool> SetAside(string id, string by, CancellationToken stop = default) => store.Write(tx => Settle(tx, id, by, "set-aside"), stop);

    private async Task<bool> Settle(Tx tx, string id, string by, string how)
    {
        if (!await QuarantineTable.Settle(tx, id, time.GetUtcNow(), by, how)) return false;
        await journal.Append(tx, new Fact(Fact.Care, ids.New(), "quarantine.settled", null, time.GetUtcNow(), by, JsonSerializer.Serialize(new { quarantine = id, how })));
        return true;
    }

    private Quarantined Open(QuarantineRow row)
    {
        var raw = vault.OpenForHouseBytes(row.Raw) ?? [];
        return new(row.Id, row.ReceivedAt, row.Sender, row.ContentType, System.Text.Encoding.UTF8.GetString(raw), row.Reason, row.Field ?? "", row.SettledAt, row.SettledBy, row.SettledHow);
    }
}

/// <summary>An item in quarantine as a person sees it.</summary>
public sealed record Quarantined(string Id, DateTimeOffset ReceivedAt, string Sender, string ContentType, string Text, string Reason, string Field, DateTimeOffset? SettledAt, string? SettledBy, string? SettledHow);
