using System.Text.Json;
using Huifang.Journal;
using Huifang.Redaction;
using Huifang.Security;
using Huifang.Storage;

namespace Huifang.Complaints;

/// <summary>What every desk of this room works with: facts, sealing, the story of a case.</summary>
public sealed class ComplaintParts(JournalDesk journal, Vault vault, ComplaintPackShelf packs, Ids ids, TimeProvider time)
{
    public const string House = "house";
    public const string Customer = "customer";

    public DateTimeOffset Now => time.GetUtcNow();
    public ComplaintPackShelf Packs => packs;
    public Vault Vault => vault;

    public string NewId() => ids.New();

    /// <summary>The pack by which a complaint runs; its version stays on the shelf as long as somebody may ask.</summary>
    public ComplaintPack PackOf(Complaint complaint) =>
        packs.Find(complaint.Pack, complaint.PackVersion) ?? packs.Find(complaint.Pack) ?? throw new InvalidOperationException($"Pack {complaint.Pack} is not on the shelf.");

    /// <summary>Words as they may be kept: secrets taken out, sealed under the customer's key.</summary>
    internal async Task<byte[]> Seal(Tx tx, string customerId, string words) => (await vault.KeyFor(tx, customerId)).Seal(Redactor.Redact(words).Text);

    /// <summary>Null once the customer was erased.</summary>
    internal async Task<string?> Open(Tx tx, string customerId, byte[]? words) => words is null ? null : (await vault.KeyOf(tx, customerId))?.Open(words);

    internal long TermOf(string term) => vault.BlindTerm(term);

    /// <summary>Makes a complaint findable by these words, secrets taken out.</summary>
    internal Task Index(Tx tx, Complaint complaint, string words) => ComplaintTermTable.Insert(tx, complaint.No, SearchTerms.Of(Redactor.Redact(words).Text).Select(TermOf));

    /// <summary>One line of the story and one fact, in the caller's transaction.</summary>
    internal async Task Tell(Tx tx, Complaint complaint, string kind, string by, object? more = null, string? words = null, bool shown = false)
    {
        var data = new Dictionary<string, object?> { ["complaint"] = complaint.Id, ["number"] = complaint.Number };
        if (more is not null)
            foreach (var property in JsonSerializer.SerializeToElement(more).EnumerateObject()) data[property.Name] = property.Value;
        var json = JsonSerializer.Serialize(data);
        if (words is not null) await Index(tx, complaint, words);
        await CaseTable.Entry(tx, new(NewId(), complaint.Id, Now, kind, by, shown, json, words is null ? null : await Seal(tx, complaint.CustomerId, words)));
        await journal.Append(tx, new Fact(Fact.Care, NewId(), kind, complaint.CustomerId, Now, by, json));
    }

    /// <summary>A line of the story that is no fact for anybody else.</summary>
    internal async Task Write(Tx tx, Complaint complaint, string kind, string by, object? data = null, string? words = null, bool shown = false)
    {
        if (words is not null) await Index(tx, complaint, words);
        await CaseTable.Entry(tx, new(NewId(), complaint.Id, Now, kind, by, shown, data is null ? "{}" : JsonSerializer.Serialize(data), words is null ? null : await Seal(tx, complaint.CustomerId, words)));
    }
}

/// <summary>What came of a verb: the complaint as it stands now, or why not.</summary>
public readonly record struct Handled(Complaint? Complaint, ComplaintRefusal? Refusal)
{
    public bool Ok => Refusal is null;

    public static implicit operator Handled(ComplaintRefusal refusal) => new(null, refusal);
    public static implicit operator Handled(Complaint complaint) => new(complaint, null);
}
