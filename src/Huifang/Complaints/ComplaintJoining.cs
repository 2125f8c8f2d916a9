using Huifang.Storage;

namespace Huifang.Complaints;

/// <summary>Two that are one matter become one; one that is two becomes two. No clock gets later by it.</summary>
public sealed class ComplaintJoining(ComplaintParts parts, ClockDesk clocks, ComplaintDesk desk)
{
    /// <summary>Joins two complaints of one customer. The earlier goes on, whichever was named first, so that the deadline stays the earlier one.</summary>
    public async Task<Handled> Merge(Tx tx, string id, string other, string by)
    {
        if (id == other) return ComplaintRefusal.SameComplaint;
        if (await ComplaintTable.Find(tx, id) is not { } one || await ComplaintTable.Find(tx, other) is not { } two) return ComplaintRefusal.NoSuchComplaint;
        if (one.CustomerId != two.CustomerId) return ComplaintRefusal.OtherCustomer;
        if (!one.IsOpen || !two.IsOpen) return ComplaintRefusal.NotNow;
        var (stays, goes) = one.ReceivedAt <= two.ReceivedAt ? (one, two) : (two, one);
        if (!await ComplaintTable.Merge(tx, goes.Id, stays.Id, parts.Now)) return ComplaintRefusal.NotNow;
        await clocks.End(tx, goes.Id);
        await IntakeTable.Follow(tx, goes.Id, IntakeFate.Joined, stays.Id, "merged", by, parts.Now);
        foreach (var transaction in await CaseTable.Transactions(tx, goes.Id)) await CaseTable.Link(tx, stays.Id, transaction);
        await tx.Run("update complaint_files set complaint_id = @to where complaint_id = @from", new { to = stays.Id, from = goes.Id });
        // Her words stand in both stories, because both will be read.
        foreach (var entry in (await CaseTable.Story(tx, goes.Id, shownOnly: true)).Where(entry => entry.Kind is "complaint.filed" or "complaint.said"))
            await CaseTable.Entry(tx, entry with { Id = parts.NewId(), ComplaintId = stays.Id, Kind = "complaint.said" });
        await parts.Tell(tx, goes, "complaint.merged", by, new { into = stays.Id, intoNumber = stays.Number }, shown: true);
        await parts.Write(tx, stays, "complaint.merged-in", by, new { from = goes.Number }, shown: true);
        return stays;
    }

    /// <summary>A second matter in one complaint gets a number and clocks of its own, counted from when it reached us.</summary>
    public async Task<Handled> Split(Tx tx, string id, string words, string? category, string? topic, string by)
    {
        if (await ComplaintTable.Find(tx, id) is not { } complaint) return ComplaintRefusal.NoSuchComplaint;
        if (!complaint.IsOpen) return ComplaintRefusal.NotNow;
        if (string.IsNullOrWhiteSpace(words)) return ComplaintRefusal.WordsMissing;
        var draft = new ComplaintDraft(complaint.Door, words) { CustomerId = complaint.Verified ? complaint.CustomerId : null, Category = category, Subcategory = topic, ReceivedAt = complaint.ReceivedAt };
        var made = await desk.File(tx, draft, complaint.CustomerId, complaint.Language, parts.PackOf(complaint), complaint.GroupId, by);
        await parts.Write(tx, made, "complaint.split-from", by, new { from = complaint.Number });
        await parts.Tell(tx, complaint, "complaint.split", by, new { into = made.Id, intoNumber = made.Number }, shown: true);
        return made;
    }

    /// <summary>Complaints of the same person that may be the same matter, most alike first; a person decides.</summary>
    public async Task<IReadOnlyList<(Complaint Complaint, double Likeness)>> Alike(Tx tx, Complaint complaint)
    {
        var others = (await ComplaintTable.OpenOf(tx, complaint.CustomerId)).Where(other => other.Id != complaint.Id).ToList();
        if (others.Count == 0) return [];
        var mine = await Words(tx, complaint);
        var found = new List<(Complaint, double)>();
        var transactions = (await CaseTable.Transactions(tx, complaint.Id)).Select(one => one.TransactionId).ToHashSet(StringComparer.Ordinal);
        foreach (var other in others)
        {
            var shared = (await CaseTable.Transactions(tx, other.Id)).Any(one => transactions.Contains(one.TransactionId));
            var likeness = shared ? 1 : Likeness.Of(mine, await Words(tx, other)) * (other.Category == complaint.Category ? 1 : .7);
            if (likeness >= .25) found.Add((other, likeness));
        }
        return [.. found.OrderByDescending(pair => pair.Item2)];
    }

    /// <summary>What she wrote when she made it; empty once she was erased.</summary>
    public async Task<string> Words(Tx tx, Complaint complaint)
    {
        var story = await CaseTable.Story(tx, complaint.Id, shownOnly: true, 20);
        return story.FirstOrDefault(entry => entry.Kind == "complaint.filed")?.Words is { } words ? await parts.Open(tx, complaint.CustomerId, words) ?? "" : "";
    }
}
