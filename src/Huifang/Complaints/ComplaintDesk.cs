using Huifang.Accounts;
using Huifang.Storage;

namespace Huifang.Complaints;

/// <summary>What can be done with a complaint while it is worked on. Each verb is one conditional change, one line of the story and one fact.</summary>
public sealed class ComplaintDesk(ComplaintParts parts, ClockDesk clocks, AccountDesk accounts, ComplaintMail mail, ComplaintSettings settings)
{
    public Task<Complaint?> Find(Tx tx, string id) => ComplaintTable.Find(tx, id);

    /// <summary>By the number that people say: <c>2026-1124-0387</c>.</summary>
    public async Task<Complaint?> FindByNumber(Tx tx, string number) =>
        number.Split('-') is [_, _, var no] && long.TryParse(no, out var value) && await ComplaintTable.FindByNo(tx, value) is { } complaint && complaint.Number == number ? complaint : null;

    public Task<List<Complaint>> OfCustomer(Tx tx, string customerId) => ComplaintTable.OfCustomer(tx, customerId);

    /// <summary>Those of these customers who have a complaint that is not closed.</summary>
    public async Task<HashSet<string>> WithOpen(Tx tx, string[] customerIds) => new(await ComplaintTable.WithOpen(tx, customerIds), StringComparer.Ordinal);

    /// <summary>Puts a complaint on record with its owner and its clocks. The caller has the words; what arrived stands in the intake already.</summary>
    internal async Task<Complaint> File(Tx tx, ComplaintDraft draft, string customerId, string language, ComplaintPack pack, string? groupId, string by)
    {
        var at = draft.ReceivedAt ?? parts.Now;
        var known = ComplaintTaxonomy.Knows(draft.Category, draft.Subcategory);
        var complaint = new Complaint(parts.NewId(), 0, customerId, draft.Door, at, pack.Id, pack.Version, ComplaintState.Received, ComplaintParts.House)
        {
            Day = pack.Time.Zone.LocalDate(at), Language = language, Facts = string.Join(' ', draft.Facts.Distinct()), Severity = ComplaintRules.Guess(draft.Category, draft.Subcategory, draft.Amount),
            Category = known ? draft.Category : null, Subcategory = known && draft.Subcategory is { Length: > 0 } ? draft.Subcategory : null, Product = Short(draft.Product, 60), Amount = draft.Amount, Currency = draft.Currency,
            Verified = draft.CustomerId is not null, GroupId = groupId, ChangedAt = parts.Now,
        };
        complaint = complaint with { OwnerId = await Route(tx, complaint) };
        var running = clocks.Make(complaint, pack, [.. DeadlineRules.Begin(pack, ClockStart.Received, at, complaint.CaseFacts), .. DeadlineRules.Begin(pack, ClockStart.Updated, parts.Now, complaint.CaseFacts)], 0);
        complaint = complaint with { DueAt = running.Where(clock => clock.Binding && clock.Kind != ClockKind.Acknowledge).Min(clock => (DateTimeOffset?)clock.DueAt) };
        var no = await ComplaintTable.Insert(tx, complaint, await parts.Seal(tx, customerId, Subject(draft)));
        complaint = complaint with { No = no };
        if (draft.Subject is { Length: > 0 } subject) await parts.Index(tx, complaint, subject);
        await ClockTable.Insert(tx, running);
        if (draft.TransactionId is { Length: > 0 and <= 128 } transaction) await CaseTable.Link(tx, complaint.Id, new(transaction, draft.Amount, draft.Currency, null, draft.Product ?? ""));
        await parts.Tell(tx, complaint, "complaint.filed", by, new { door = draft.Door.ToString(), category = complaint.Category, severity = complaint.Severity.ToString(), wants = Short(draft.Wants, 200), theirNumber = Short(draft.TheirNumber, 60) }, Words(draft), shown: true);
        await parts.Tell(tx, complaint, "complaint.assigned", ComplaintParts.House, new { owner = complaint.OwnerId }, shown: true);
        await AddFiles(tx, complaint, draft.Files, by, shown: true);
        // The number and the latest day go back with the answer to whoever filed it, and by a message that is queued in this transaction.
        await ClockTable.Meet(tx, complaint.Id, [nameof(ClockKind.Acknowledge)], parts.Now);
        return complaint;
    }

    /// <summary>The pack by which a matter runs: what its door demands, else the customer's country's, else the operator's own, else the one that ends first.</summary>
    internal ComplaintPack PackFor(ComplaintDraft draft, string? country)
    {
        var at = draft.ReceivedAt ?? parts.Now;
        var on = DateOnly.FromDateTime(at.UtcDateTime);
        return (draft.Pack is null ? null : parts.Packs.Find(draft.Pack, on)) ?? parts.Packs.For(country, on) ?? parts.Packs.Find(settings.HomePack, on)
            ?? parts.Packs.Packs.Where(pack => pack.IsInForce(on)).MinBy(pack => DeadlineRules.Begin(pack, ClockStart.Received, at, draft.Facts).Where(deadline => deadline.Rule.Kind == ClockKind.FinalResponse).Min(deadline => deadline.DueAt))!;
    }

    private async Task<string> Route(Tx tx, Complaint complaint)
    {
        var loads = (await ComplaintTable.Loads(tx)).ToDictionary(load => load.OwnerId, load => (int)load.Count, StringComparer.Ordinal);
        var people = (await accounts.All(tx)).Where(staff => staff.DisabledAt is null && staff.May(Permission.WorkComplaints))
            .Select(staff => new Candidate(staff.Id, staff.Language, loads.GetValueOrDefault(staff.Id), staff.May(Permission.DecideComplaints))).ToList();
        return ComplaintRules.Route(people, complaint.Language, complaint.Severity, complaint.Door) ?? ComplaintParts.House;
    }

    /// <summary>Open complaints whose owner does not work here any more, or never did, go to somebody who does. Nothing changes while there is nobody at all.</summary>
    /// <returns>How many have a new owner.</returns>
    public async Task<int> TakeOver(Tx tx, int most = 50)
    {
        var given = 0;
        foreach (var complaint in await ComplaintTable.Unowned(tx, most))
            if (await Route(tx, complaint) is var owner && owner != complaint.OwnerId && await ComplaintTable.Assign(tx, complaint.Id, complaint.OwnerId, owner, parts.Now))
            {
                await parts.Tell(tx, complaint, "complaint.assigned", ComplaintParts.House, new { owner, before = complaint.OwnerId }, shown: true);
                given++;
            }
        return given;
    }

    public Task<bool> AnyUnowned(Tx tx) => ComplaintTable.AnyUnowned(tx);

    public async Task<Handled> Assign(Tx tx, string id, string owner, string by)
    {
        if (await ComplaintTable.Find(tx, id) is not { } complaint) return ComplaintRefusal.NoSuchComplaint;
        if ((await accounts.All(tx)).All(staff => staff.Id != owner || staff.DisabledAt is not null || !staff.May(Permission.WorkComplaints))) return ComplaintRefusal.NobodyToOwn;
        if (owner == complaint.OwnerId) return complaint;
        if (!await ComplaintTable.Assign(tx, id, complaint.OwnerId, owner, parts.Now)) return ComplaintRefusal.NotNow;
        await parts.Tell(tx, complaint, "complaint.assigned", by, new { owner, before = complaint.OwnerId }, shown: true);
        return complaint with { OwnerId = owner };
    }

    /// <summary>How bad, what about, what is special: other clocks may hold now, and stricter ones hold at once.</summary>
    public async Task<Handled> Assess(Tx tx, string id, Assessment assessment, string by)
    {
        if (await ComplaintTable.Find(tx, id) is not { } complaint) return ComplaintRefusal.NoSuchComplaint;
        if (!complaint.IsOpen) return ComplaintRefusal.NotNow;
        if (!ComplaintTaxonomy.Knows(assessment.Category, assessment.Subcategory)) return ComplaintRefusal.NoCategory;
        var facts = string.Join(' ', assessment.Facts.Distinct().Order());
        await ComplaintTable.Assess(tx, id, assessment.Severity, assessment.Category, Blank(assessment.Subcategory), Short(assessment.Product, 60), assessment.Amount, assessment.Currency, facts, parts.Now);
        await ComplaintTable.Move(tx, id, ComplaintRules.From(ComplaintState.Assessed), ComplaintState.Assessed, parts.Now);
        complaint = (await ComplaintTable.Find(tx, id))!;
        await clocks.Meet(tx, id, ClockKind.FirstResponse);
        await clocks.Begin(tx, complaint, ClockStart.Received, complaint.ReceivedAt);
        await parts.Tell(tx, complaint, "complaint.assessed", by, new { severity = assessment.Severity.ToString(), category = assessment.Category, topic = assessment.Subcategory, facts });
        return complaint;
    }

    public async Task<Handled> Investigate(Tx tx, string id, string by)
    {
        if (await ComplaintTable.Find(tx, id) is not { } complaint) return ComplaintRefusal.NoSuchComplaint;
        if (!await ComplaintTable.Move(tx, id, ComplaintRules.From(ComplaintState.Investigating), ComplaintState.Investigating, parts.Now)) return ComplaintRefusal.NotNow;
        await clocks.Meet(tx, id, ClockKind.FirstResponse);
        await parts.Tell(tx, complaint, "complaint.investigating", by, null, null, shown: true);
        return complaint with { State = ComplaintState.Investigating };
    }

    /// <summary>Word of the progress to the customer; the clock of the next word begins with it.</summary>
    public async Task<Handled> Update(Tx tx, string id, string words, string by)
    {
        if (await ComplaintTable.Find(tx, id) is not { } complaint) return ComplaintRefusal.NoSuchComplaint;
        if (!ComplaintRules.IsWorking(complaint.State)) return ComplaintRefusal.NotNow;
        if (string.IsNullOrWhiteSpace(words)) return ComplaintRefusal.WordsMissing;
        if (words.Length > ComplaintRules.WordsMax) return ComplaintRefusal.TooLong;
        await clocks.Meet(tx, id, ClockKind.Update, ClockKind.FirstResponse);
        await clocks.Begin(tx, complaint, ClockStart.Updated, parts.Now);
        await parts.Tell(tx, complaint, "complaint.told", by, null, words, shown: true);
        await mail.Updated(tx, complaint);
        return complaint;
    }

    /// <summary>More words and files from the customer. A stop that waited for her ends with them.</summary>
    public async Task<Handled> Say(Tx tx, string id, string words, IReadOnlyList<DraftFile> files, string by)
    {
        if (await ComplaintTable.Find(tx, id) is not { } complaint) return ComplaintRefusal.NoSuchComplaint;
        if (string.IsNullOrWhiteSpace(words) && files.Count == 0) return ComplaintRefusal.WordsMissing;
        if (words.Length > ComplaintRules.WordsMax) return ComplaintRefusal.TooLong;
        if (await CheckFiles(tx, id, files) is { } refusal) return refusal;
        await parts.Tell(tx, complaint, "complaint.said", by, new { files = files.Count }, string.IsNullOrWhiteSpace(words) ? null : words, shown: true);
        await AddFiles(tx, complaint, files, by, shown: true);
        if ((await clocks.Stops(tx, id)).Any(stop => stop is { ToAt: null, Reason: "AwaitingCustomer" or "AwaitingInformation" })) await clocks.Resume(tx, id, by);
        return complaint;
    }

    /// <summary>An internal note. Names with an @ are told.</summary>
    public async Task<Handled> Note(Tx tx, string id, string words, string by)
    {
        if (await ComplaintTable.Find(tx, id) is not { } complaint) return ComplaintRefusal.NoSuchComplaint;
        if (string.IsNullOrWhiteSpace(words)) return ComplaintRefusal.WordsMissing;
        if (words.Length > ComplaintRules.WordsMax) return ComplaintRefusal.TooLong;
        var mentioned = (await accounts.All(tx)).Where(staff => words.Contains($"@{staff.Name}", StringComparison.Ordinal) || words.Contains($"@{staff.Login}", StringComparison.OrdinalIgnoreCase)).Select(staff => staff.Id).ToList();
        await parts.Write(tx, complaint, "complaint.note", by, new { mentioned }, words);
        if (mentioned.Count > 0) await parts.Tell(tx, complaint, "complaint.mentioned", by, new { mentioned });
        return complaint;
    }

    public async Task<Handled> AddTask(Tx tx, string id, string what, string department, string? assignee, DateTimeOffset? dueAt, string by)
    {
        if (await ComplaintTable.Find(tx, id) is not { } complaint) return ComplaintRefusal.NoSuchComplaint;
        if (!complaint.IsOpen) return ComplaintRefusal.NotNow;
        if (string.IsNullOrWhiteSpace(what)) return ComplaintRefusal.WordsMissing;
        if (what.Length > 500) return ComplaintRefusal.TooLong;
        await CaseTable.Task(tx, new(parts.NewId(), id, await parts.Seal(tx, complaint.CustomerId, what), Short(department, 60) ?? "care", Blank(assignee), dueAt, parts.Now, by, null, null));
        await parts.Tell(tx, complaint, "complaint.task", by, new { department, assignee });
        return complaint;
    }

    public async Task<Handled> DoTask(Tx tx, string id, string taskId, string by)
    {
        if (await ComplaintTable.Find(tx, id) is not { } complaint) return ComplaintRefusal.NoSuchComplaint;
        if (!await CaseTable.Done(tx, id, taskId, by, parts.Now)) return ComplaintRefusal.NotNow;
        await parts.Tell(tx, complaint, "complaint.task-done", by, new { task = taskId });
        return complaint;
    }

    public async Task<Handled> LinkTransaction(Tx tx, string id, LinkedTransaction transaction, string by)
    {
        if (await ComplaintTable.Find(tx, id) is not { } complaint) return ComplaintRefusal.NoSuchComplaint;
        await CaseTable.Link(tx, id, transaction);
        await parts.Write(tx, complaint, "complaint.linked", by, new { transaction = transaction.TransactionId });
        return complaint;
    }

    internal async Task<ComplaintRefusal?> CheckFiles(Tx tx, string id, IReadOnlyList<DraftFile> files) =>
        files.Any(file => file.Content.Length > ComplaintRules.FileBytesMax) ? ComplaintRefusal.FileTooLarge
        : files.Count > 0 && await CaseTable.CountFiles(tx, id) + files.Count > ComplaintRules.FilesMax ? ComplaintRefusal.TooManyFiles : null;

    internal async Task AddFiles(Tx tx, Complaint complaint, IReadOnlyList<DraftFile> files, string by, bool shown)
    {
        if (files.Count == 0) return;
        var key = await parts.Vault.KeyFor(tx, complaint.CustomerId);
        foreach (var (file, id) in files.Select(file => (file, parts.NewId())))
            // Bound to its row: content moved to another row does not open.
            await CaseTable.File(tx, new(id, complaint.Id, key.Seal(Short(file.Name, 200) ?? "file"), Short(file.MediaType, 100) ?? "application/octet-stream", file.Content.Length, parts.Now, by, shown), key.SealBytes(file.Content, System.Text.Encoding.UTF8.GetBytes(id)));
    }

    private static string Subject(ComplaintDraft draft)
    {
        if (!string.IsNullOrWhiteSpace(draft.Subject)) return Short(draft.Subject, 120)!;
        var line = draft.Words.ReplaceLineEndings(" ").Trim();
        return line.Length == 0 ? "—" : Short(line, 60)!;
    }

    private static string Words(ComplaintDraft draft) => draft.Words.Length > ComplaintRules.WordsMax ? draft.Words[..ComplaintRules.WordsMax] : draft.Words;

    internal static string? Short(string? text, int most) => text is null or "" ? null : text.Length <= most ? text : text[..most];

    internal static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}

/// <summary>What an operator sets for its complaints.</summary>
/// <param name="HomePack">The pack for somebody whose country is not known.</param>
public sealed record ComplaintSettings(string HomePack)
{
    public static readonly ComplaintSettings Shipped = new("cn");
}

/// <summary>The initial assessment of ISO 10002: how bad, what about, what is special.</summary>
public sealed record Assessment(Severity Severity, string Category, string? Subcategory, string? Product, long? Amount, string? Currency, IReadOnlyList<CaseFact> Facts);
