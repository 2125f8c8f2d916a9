using Huifang.Storage;

namespace Huifang.Complaints;

/// <summary>A letter as it is read: what the owner wrote, and what the pack demands at its end.</summary>
public sealed record ComplaintLetter(string Id, string ComplaintId, string Kind, int Version, string Language, string Body, string Referral, DateTimeOffset WrittenAt, string WrittenBy, DateTimeOffset? SentAt);

/// <summary>Drafts and sends letters. What has left is never changed; a new draft is a new version.</summary>
public sealed class ComplaintLetters(ComplaintParts parts)
{
    public const string Final = "final";
    public const int BodyMax = 12_000;

    public async Task<Handled> Write(Tx tx, string id, string body, string? language, string by)
    {
        if (await ComplaintTable.Find(tx, id) is not { } complaint) return ComplaintRefusal.NoSuchComplaint;
        if (!ComplaintRules.IsWorking(complaint.State)) return ComplaintRefusal.NotNow;
        if (string.IsNullOrWhiteSpace(body)) return ComplaintRefusal.WordsMissing;
        if (body.Length > BodyMax) return ComplaintRefusal.TooLong;
        var version = (await CaseTable.Letters(tx, id)).Count(letter => letter.Kind == Final) + 1;
        await CaseTable.Letter(tx, new(parts.NewId(), id, Final, version, Languages.Language.For(language) ?? complaint.Language, await parts.Seal(tx, complaint.CustomerId, body), parts.Now, by, null));
        await parts.Write(tx, complaint, "complaint.letter", by, new { version });
        return complaint;
    }

    /// <summary>The newest draft that has not left; null when there is none.</summary>
    public async Task<ComplaintLetter?> Draft(Tx tx, string id) => (await Of(tx, id)).LastOrDefault() is { SentAt: null } draft ? draft : null;

    /// <summary>The final answer that left last.</summary>
    public async Task<ComplaintLetter?> Sent(Tx tx, string id) => (await Of(tx, id)).LastOrDefault(letter => letter.SentAt is not null);

    internal async Task Send(Tx tx, Complaint complaint)
    {
        if (await Draft(tx, complaint.Id) is { } draft) await CaseTable.Sent(tx, draft.Id, parts.Now);
    }

    private async Task<List<ComplaintLetter>> Of(Tx tx, string id)
    {
        var found = new List<ComplaintLetter>();
        if (await ComplaintTable.Find(tx, id) is not { } complaint) return found;
        var referral = parts.PackOf(complaint).Referral.Text;
        foreach (var row in (await CaseTable.Letters(tx, id)).Where(letter => letter.Kind == Final))
            found.Add(new(row.Id, id, row.Kind, row.Version, row.Language, await parts.Open(tx, complaint.CustomerId, row.Body) ?? "", referral.In(row.Language), row.WrittenAt, row.WrittenBy, row.SentAt));
        return found;
    }
}
