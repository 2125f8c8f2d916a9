using Huifang.Customers;
using Huifang.Languages;
using Huifang.Storage;

namespace Huifang.Complaints;

/// <summary>The answer to whoever brought something.</summary>
/// <param name="Complaint">The complaint that it became or joined; null while it is stored and not read yet.</param>
public sealed record Brought(string ArrivalId, IntakeFate Fate, Complaint? Complaint, string? Link);

/// <summary>Something could not even be stored. Nothing was acknowledged.</summary>
public enum BringRefusal { TooLarge, Empty, StorageFull }

/// <summary>
/// The one way in, whatever the door: form, agent, API, mail, import. First the raw bytes are stored, then they are read; what cannot be read becomes a complaint
/// with the raw file attached. A crash in between leaves a row that waits, and <see cref="IntakeClerk"/> goes on with it.
/// </summary>
public sealed class ComplaintIntake(Store store, ComplaintParts parts, ComplaintFiling filing, IEnumerable<IArrivalReader> readers)
{
    public const int RawBytesMax = 40 * 1024 * 1024;

    /// <summary>For the clerk: a reading that is under way is left alone for so long.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    public Task<(Brought? Brought, BringRefusal? Refusal)> Bring(ComplaintDraft draft, string sender, string? externalId, CancellationToken stop = default) =>
        Bring(draft.Door, sender, externalId, JsonArrivalReader.ContentType, JsonArrivalReader.Write(draft), stop);

    /// <summary>Stores, then reads. Told twice with the same id by the same sender, it is the same.</summary>
    public async Task<(Brought? Brought, BringRefusal? Refusal)> Bring(ComplaintDoor door, string sender, string? externalId, string contentType, byte[] raw, CancellationToken stop = default)
    {
        if (raw.Length == 0) return (null, BringRefusal.Empty);
        if (raw.Length > RawBytesMax) return (null, BringRefusal.TooLarge);
        try
        {
            var arrival = new Arrival(parts.NewId(), door, sender, externalId, parts.Now, contentType, raw.Length, IntakeFate.Waiting);
            if (!await store.Write(tx => IntakeTable.Keep(tx, arrival, parts.Vault.SealForHouse(raw), parts.Now + Grace), stop))
                arrival = (await store.Read(tx => IntakeTable.Find(tx, sender, externalId!), stop))!;
            return (await Read(arrival, raw, stop), null);
        }
        catch (Exception full) when (StorageFailure.IsFull(full)) { return (null, BringRefusal.StorageFull); }
    }

    /// <summary>Reads what is stored. Whoever reads second finds that it has its fate.</summary>
    internal async Task<Brought> Read(Arrival arrival, byte[] raw, CancellationToken stop)
    {
        if (arrival.Fate == IntakeFate.Waiting)
        {
            var reader = readers.FirstOrDefault(one => one.Reads(arrival.ContentType));
            var reading = reader?.Read(arrival, raw) ?? new ArrivalReading.Unreadable($"no reader for {ComplaintDesk.Short(arrival.ContentType, 60)}");
            await store.Write(tx => filing.Take(tx, arrival, reading, raw), stop);
        }
        return await store.Read(async tx =>
        {
            var settled = (await IntakeTable.Find(tx, arrival.Id))!;
            var complaint = settled.ComplaintId is null ? null : await ComplaintTable.Find(tx, settled.ComplaintId);
            return new Brought(settled.Id, settled.Fate, complaint, complaint is null ? null : filing.Mail.LinkTo(complaint));
        }, stop);
    }

    public Task<List<DoorTally>> Tally(Tx tx, DateTimeOffset since) => IntakeTable.Tally(tx, since);

    public Task<List<Arrival>> Page(Tx tx, IntakeFate? fate, DateTimeOffset since, int most = 100) => IntakeTable.Page(tx, fate, since, most);

    public Task<Arrival?> Find(Tx tx, string id) => IntakeTable.Find(tx, id);

    /// <summary>The raw bytes as they came; null once the person was erased.</summary>
    public async Task<byte[]?> Raw(Tx tx, string id)
    {
        if (await IntakeTable.Find(tx, id) is not { } arrival || await IntakeTable.Raw(tx, id) is not { } box) return null;
        if (arrival.ComplaintId is null || await ComplaintTable.Find(tx, arrival.ComplaintId) is not { } complaint) return parts.Vault.OpenForHouseBytes(box);
        return (await parts.Vault.KeyOf(tx, complaint.CustomerId))?.OpenBytes(box, System.Text.Encoding.UTF8.GetBytes(id));
    }

    /// <summary>A person says that a case is no complaint, and why. It stays on record with its reason.</summary>
    public async Task<Handled> SetAside(Tx tx, string complaintId, string reason, string by)
    {
        if (string.IsNullOrWhiteSpace(reason)) return ComplaintRefusal.ReasonMissing;
        var done = await filing.SetAside(tx, complaintId, reason, by);
        if (done.Ok) await IntakeTable.Follow(tx, complaintId, IntakeFate.Spam, null, ComplaintDesk.Short(reason, 200), by, parts.Now);
        return done;
    }
}

/// <summary>Makes a complaint of what was read, or joins it to one that we have, in one transaction with its fate.</summary>
public sealed class ComplaintFiling(ComplaintParts parts, ComplaintDesk desk, CustomerDesk customers, ClockDesk clocks, ComplaintMail mail)
{
    private static readonly TimeSpan CopyWindow = TimeSpan.FromDays(30);

    /// <summary>From so many people the same text, it is a campaign; two may share a sentence by chance.</summary>
    private const int CopiesMin = 3;

    internal ComplaintMail Mail => mail;

    internal async Task<bool> Take(Tx tx, Arrival arrival, ArrivalReading reading, byte[] raw)
    {
        // The claim comes before the case: whoever reads the same row second finds its fate and answers with it.
        if (!await IntakeTable.Hold(tx, arrival.Id)) return false;
        if (reading is ArrivalReading.Aside(var why)) return await IntakeTable.Settle(tx, arrival.Id, IntakeFate.Spam, null, why, null, ComplaintParts.House, parts.Now);
        var draft = reading switch
        {
            ArrivalReading.Read(var read) => read,
            ArrivalReading.Unreadable(var reason) => Unread(arrival, reason, raw),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        // It reached us when it was stored, or earlier where a regulator says so; never when we got round to reading it.
        draft = draft with { ReceivedAt = draft.ReceivedAt ?? arrival.ReceivedAt };
        var known = draft.CustomerId is { Length: > 0 and <= 64 } id ? await customers.Find(tx, id) : null;
        var hash = reading is ArrivalReading.Read ? Likeness.CopyHash(draft.Words) : null;
        if ((known is not null ? await Same(tx, draft, known, hash) : await Named(tx, draft)) is { } same)
        {
            if (!await IntakeTable.Settle(tx, arrival.Id, IntakeFate.Joined, same.Id, "same matter", hash, arrival.Sender, parts.Now)) return false;
            await Hand(tx, arrival, same.CustomerId, raw);
            await desk.Say(tx, same.Id, draft.Words, draft.Files, ComplaintParts.Customer);
            await parts.Tell(tx, same, "complaint.joined", ComplaintParts.House, new { arrival = arrival.Id, door = arrival.Door.ToString() });
            return true;
        }
        var language = Language.For(draft.Language) ?? known?.Language ?? Guess(draft.Words);
        var pack = desk.PackFor(draft, known?.Country ?? draft.Country);
        // The law that her complaint runs by is the one that we answer her by, until she says where she lives.
        var customer = known?.Id ?? await Guest(tx, arrival, draft with { Country = draft.Country ?? pack.Jurisdiction[..2] }, language);
        var group = hash is null ? null : await Group(tx, hash, customer);
        var complaint = await desk.File(tx, draft with { CustomerId = known?.Id }, customer, language, pack, group, known is null && arrival.Door is ComplaintDoor.App or ComplaintDoor.Web ? ComplaintParts.Customer : arrival.Sender);
        if (!await IntakeTable.Settle(tx, arrival.Id, IntakeFate.Case, complaint.Id, (reading as ArrivalReading.Unreadable)?.Reason, hash, arrival.Sender, parts.Now)) throw new InvalidOperationException($"Arrival {arrival.Id} was held and yet read by somebody else.");
        await Hand(tx, arrival, customer, raw);
        await mail.Received(tx, complaint);
        return true;
    }

    internal async Task<Handled> SetAside(Tx tx, string complaintId, string reason, string by)
    {
        if (await ComplaintTable.Find(tx, complaintId) is not { } complaint) return ComplaintRefusal.NoSuchComplaint;
        if (!await ComplaintTable.Move(tx, complaintId, ComplaintRules.From(ComplaintState.Withdrawn), ComplaintState.Withdrawn, parts.Now)) return ComplaintRefusal.NotNow;
        await clocks.End(tx, complaintId);
        await parts.Tell(tx, complaint, "complaint.set-aside", by, null, reason);
        return complaint;
    }

    /// <summary>The same person about the same transaction, or in the same words.</summary>
    private static async Task<Complaint?> Same(Tx tx, ComplaintDraft draft, Customer known, string? hash)
    {
        foreach (var open in await ComplaintTable.OpenOf(tx, known.Id))
        {
            if (draft.TransactionId is { } transaction && (await CaseTable.Transactions(tx, open.Id)).Any(one => one.TransactionId == transaction)) return open;
            if (hash is not null && (await IntakeTable.OfComplaint(tx, open.Id)).Any(before => before.TextHash == hash)) return open;
        }
        return null;
    }

    /// <summary>The raw bytes are hers from here on: her key opens them, and with it they go.</summary>
    private async Task Hand(Tx tx, Arrival arrival, string customerId, byte[] raw) => await IntakeTable.Reseal(tx, arrival.Id, (await parts.Vault.KeyFor(tx, customerId)).SealBytes(raw, System.Text.Encoding.UTF8.GetBytes(arrival.Id)));

    /// <summary>A letter that names one of our complaints, from the address of whoever made it. Words are added; nothing is told.</summary>
    private async Task<Complaint?> Named(Tx tx, ComplaintDraft draft)
    {
        if (draft is not { About: { } number, Email: { } email } || !long.TryParse(number[(number.LastIndexOf('-') + 1)..], out var no) || await ComplaintTable.FindByNo(tx, no) is not { } complaint) return null;
        return complaint.IsOpen && complaint.Number == number && (await customers.WhoHas(tx, PointKind.Email, email.Trim().ToLowerInvariant())).Contains(complaint.CustomerId) ? complaint : null;
    }

    /// <summary>Copies of one text by several people are one group; each still is a complaint with clocks of its own.</summary>
    private async Task<string?> Group(Tx tx, string hash, string customer)
    {
        var copies = await IntakeTable.Copies(tx, hash, parts.Now - CopyWindow);
        if (copies.FirstOrDefault(copy => copy.GroupId is not null).GroupId is { } group) return group;
        if (copies.Select(copy => copy.CustomerId).Append(customer).Distinct().Count() < CopiesMin) return null;
        foreach (var copy in copies) await ComplaintTable.Group(tx, copy.ComplaintId, copies[0].ComplaintId);
        return copies[0].ComplaintId;
    }

    /// <summary>Whoever wrote gets a record of her own: reachable as she says, verified as nobody, linked to no account.</summary>
    private async Task<string> Guest(Tx tx, Arrival arrival, ComplaintDraft draft, string language)
    {
        var id = $"guest-{parts.NewId()}";
        var points = new List<PointDraft>();
        if (draft.Email is { Length: > 3 and <= 254 } email && email.Contains('@', StringComparison.Ordinal)) points.Add(new(PointKind.Email, email.Trim().ToLowerInvariant(), false));
        if (draft.Phone is { } phone && Phones.PhoneRules.Find(phone, draft.Country ?? "CN") is { } found) points.Add(new(PointKind.Phone, found.E164, false));
        await customers.Save(tx, [new CustomerDraft(id, ComplaintDesk.Short(draft.Name, 100), language, null, draft.Country is { Length: 2 } country ? country.ToUpperInvariant() : null) { Segments = ["guest"], Points = points, Since = arrival.ReceivedAt }], "complaints");
        return id;
    }

    private static ComplaintDraft Unread(Arrival arrival, string reason, byte[] raw) =>
        new(arrival.Door, "—") { Subject = $"[{reason}]", Files = [new DraftFile($"raw-{arrival.Id[^12..]}", arrival.ContentType, raw.Length <= ComplaintRules.FileBytesMax ? raw : raw[..ComplaintRules.FileBytesMax])] };

    private static string Guess(string words) => words.Any(c => c is >= '\u4e00' and <= '\u9fff') ? Language.Simplified : Language.English;
}
