using System.Text.Json;
using Huifang.Accounts;
using Huifang.Customers;
using Huifang.FollowUps;
using Huifang.Storage;

namespace Huifang.Complaints;

/// <summary>One line of the story, as it may be read.</summary>
public sealed record StoryLine(string Id, DateTimeOffset At, string Kind, string Actor, string ActorName, bool Shown, IReadOnlyDictionary<string, string> Data, string? Words);

/// <summary>A file, without its content.</summary>
public sealed record CaseFile(string Id, string Name, string MediaType, long Bytes, DateTimeOffset At, bool Shown);

/// <summary>Something that somebody has to do for a complaint.</summary>
public sealed record CaseTask(string Id, string What, string Department, string? Assignee, DateTimeOffset? DueAt, DateTimeOffset MadeAt, DateTimeOffset? DoneAt, string? DoneBy);

/// <summary>Everything about one complaint, for one screen.</summary>
public sealed record ComplaintView(
    Complaint Complaint, ComplaintPack Pack, Customer? Customer, string Subject, string Words, string? Wants, IReadOnlyList<StoryLine> Story, IReadOnlyList<(RunningClock Clock, Deadline? Why)> Clocks, IReadOnlyList<StopRow> Stops,
    IReadOnlyList<CaseTask> Tasks, IReadOnlyList<CaseFile> Files, IReadOnlyList<LinkedTransaction> Transactions, IReadOnlyList<Redress> Redress, ComplaintLetter? Draft, ComplaintLetter? Sent)
{
    public IReadOnlyDictionary<string, string> Names { get; init; } = new Dictionary<string, string>();
    public IReadOnlyList<(Complaint Complaint, double Likeness)> Alike { get; init; } = [];
    public IReadOnlyList<Complaint> Group { get; init; } = [];
    public FollowUp? FollowUp { get; init; }
    public long SameCause { get; init; }
}

/// <summary>Opens one complaint: story, clocks, work, letters, money, follow-up.</summary>
public sealed class ComplaintFile(ComplaintParts parts, CaseDesks desks, CustomerDesk customers, AccountDesk accounts, FollowUpDesk followUps)
{
    public async Task<ComplaintView?> Look(Tx tx, string id, bool forCustomer)
    {
        if (await ComplaintTable.Find(tx, id) is not { } complaint) return null;
        var key = await parts.Vault.KeyOf(tx, complaint.CustomerId);
        var names = await accounts.Names(tx);
        var story = (await CaseTable.Story(tx, id, forCustomer)).ConvertAll(row => new StoryLine(row.Id, row.At, row.Kind, row.Actor, names.GetValueOrDefault(row.Actor, row.Actor), row.Shown, Values(row.Data), key?.Open(row.Words)));
        var filed = story.FirstOrDefault(line => line.Kind == "complaint.filed");
        var clocks = new List<(RunningClock, Deadline?)>();
        foreach (var clock in await desks.Clocks.Of(tx, id)) clocks.Add((clock, await desks.Clocks.Explain(tx, complaint, clock)));
        var view = new ComplaintView(complaint, parts.PackOf(complaint), await customers.Find(tx, complaint.CustomerId), key?.Open(await ComplaintTable.Subject(tx, id)) ?? "—", filed?.Words ?? "", filed?.Data.GetValueOrDefault("wants"), story, clocks, await desks.Clocks.Stops(tx, id),
            (await CaseTable.Tasks(tx, id)).ConvertAll(row => new CaseTask(row.Id, key?.Open(row.What) ?? "—", row.Department, row.Assignee, row.DueAt, row.MadeAt, row.DoneAt, row.DoneBy)),
            [.. (await CaseTable.Files(tx, id)).Where(row => row.Shown || !forCustomer).Select(row => new CaseFile(row.Id, key?.Open(row.Name) ?? "—", row.MediaType, row.Bytes, row.At, row.Shown))],
            await CaseTable.Transactions(tx, id), await desks.Redress.Of(tx, complaint), await desks.Letters.Draft(tx, id), await desks.Letters.Sent(tx, id)) { Names = names };
        return forCustomer ? view : await ForStaff(tx, view);
    }

    private async Task<ComplaintView> ForStaff(Tx tx, ComplaintView view)
    {
        var complaint = view.Complaint;
        FollowUp? bound = null;
        foreach (var followUp in (await followUps.OfCustomer(tx, complaint.CustomerId)).Where(one => one.RuleKey == ComplaintReactions.Rule))
            if (bound is null && (await Journal.JournalTable.Find(tx, followUp.CauseSeq))?.Data.Contains(complaint.Id, StringComparison.Ordinal) == true) bound = followUp;
        return view with
        {
            Alike = complaint.IsOpen ? await desks.Joining.Alike(tx, complaint) : [],
            Group = complaint.GroupId is { } group ? await ComplaintTable.Page(tx, new ComplaintFilter { Open = false, GroupId = group }, "received_at", 0, 50) : [],
            FollowUp = bound,
            SameCause = complaint.Category is null ? 0 : await tx.One<long>("select count(*) from complaints where category = @Category and coalesce(subcategory, '') = coalesce(@Subcategory, '') and received_at >= @since and id <> @Id", new { complaint.Category, complaint.Subcategory, complaint.Id, since = parts.Now.AddDays(-30) }),
        };
    }

    /// <summary>A file's content, when it belongs to this complaint and may be seen.</summary>
    public async Task<(CaseFile File, byte[] Content)?> Open(Tx tx, string complaintId, string fileId, bool forCustomer)
    {
        if (await CaseTable.FindFile(tx, fileId) is not { } row || row.ComplaintId != complaintId || (forCustomer && !row.Shown) || await ComplaintTable.Find(tx, complaintId) is not { } complaint) return null;
        var key = await parts.Vault.KeyOf(tx, complaint.CustomerId);
        return await CaseTable.Content(tx, fileId) is { } box && key?.OpenBytes(box, System.Text.Encoding.UTF8.GetBytes(fileId)) is { } content
            ? (new(row.Id, key.Open(row.Name) ?? "file", row.MediaType, row.Bytes, row.At, row.Shown), content) : null;
    }

    private static Dictionary<string, string> Values(string data)
    {
        using var json = JsonDocument.Parse(data);
        return json.RootElement.EnumerateObject().Where(field => field.Value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined))
            .ToDictionary(field => field.Name, field => field.Value.ValueKind == JsonValueKind.String ? field.Value.GetString()! : field.Value.GetRawText(), StringComparer.Ordinal);
    }
}

/// <summary>The desks that one complaint's screen reads.</summary>
public sealed record CaseDesks(ClockDesk Clocks, RedressDesk Redress, ComplaintLetters Letters, ComplaintJoining Joining);
