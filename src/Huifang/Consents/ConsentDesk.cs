using Huifang.Contacts;
using Huifang.Customers;
using Huifang.Journal;
using Huifang.Security;
using Huifang.Storage;

namespace Huifang.Consents;

/// <summary>Takes what customers agree to and what they take back. A withdrawal holds from the commit that records it.</summary>
public sealed class ConsentDesk(JournalDesk journal, Vault vault, Ids ids, TimeProvider time)
{
    /// <summary>The version of the wording that the portal and the links show.</summary>
    public const string CurrentWording = "2026-11";

    public Task Give(Tx tx, string customerId, IEnumerable<(Purpose Purpose, Channel Channel)> what, string by, string how, string? evidence = null) =>
        Record(tx, [.. what.Select(w => new Consent(customerId, w.Purpose, w.Channel, true, time.GetUtcNow(), by, how, CurrentWording))], evidence);

    public Task Withdraw(Tx tx, string customerId, IEnumerable<(Purpose Purpose, Channel Channel)> what, string by, string how, string? evidence = null) =>
        Record(tx, [.. what.Select(w => new Consent(customerId, w.Purpose, w.Channel, false, time.GetUtcNow(), by, how, CurrentWording))], evidence);

    /// <summary>"Never again" on every channel, for everything but security and her own complaints: withdrawal and do-not-contact entry together.</summary>
    public async Task NeverAgain(Tx tx, string customerId, string by, string how, string? evidence = null)
    {
        Purpose[] purposes = [Purpose.Service, Purpose.Survey, Purpose.Marketing];
        await Withdraw(tx, customerId, purposes.SelectMany(purpose => Enum.GetValues<Channel>().Select(channel => (purpose, channel))), by, how, evidence);
        await Suppress(tx, customerId, null, null, $"asked:{how}", by);
    }

    /// <summary>Takes consents from elsewhere. The same statement told twice is one: its id is made of what it says.</summary>
    /// <returns>How many were new.</returns>
    public async Task<int> Import(Tx tx, IReadOnlyList<Consent> consents)
    {
        var told = consents.DistinctBy(IdOf).ToDictionary(IdOf);
        var known = new HashSet<string>();
        foreach (var ids in told.Keys.Chunk(500)) known.UnionWith(await tx.Query<string>("select id from consents where id in @ids", new { ids }));
        var added = told.Where(c => !known.Contains(c.Key)).ToList();
        await Record(tx, [.. added.Select(c => c.Value)], null, IdOf);
        return added.Count;
    }

    private static string IdOf(Consent c) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(
        $"{c.CustomerId}\u001f{c.Purpose}\u001f{c.Channel}\u001f{c.Given}\u001f{c.At.ToUnixTimeMilliseconds()}\u001f{c.Wording}")).AsSpan(0, 16));

    /// <summary>Stores consents as they were told to us, in bulk, with one fact each.</summary>
    public async Task Record(Tx tx, IReadOnlyList<Consent> consents, string? evidence = null, Func<Consent, string>? idOf = null)
    {
        if (consents.Count == 0) return;
        await CustomerLock.Take(tx, consents.Select(c => c.CustomerId));
        var now = time.GetUtcNow();
        var keys = evidence is null ? null : await vault.KeysFor(tx, consents.Select(c => c.CustomerId));
        await ConsentTable.Insert(tx, [.. consents.Select(c => new ConsentRow(idOf?.Invoke(c) ?? ids.New(), c.CustomerId, c.Purpose.ToString(), c.Channel.ToString(), c.Given ? 1 : 0,
            c.At.ToUnixTimeMilliseconds(), now.ToUnixTimeMilliseconds(), c.By, c.How, c.Wording, keys?[c.CustomerId].Seal(evidence!)))]);
        await journal.Append(tx, [.. consents.GroupBy(c => (c.CustomerId, c.Given, c.How, c.By)).Select(group => new Fact(Fact.Care, ids.New(),
            group.Key.Given ? "consent.given" : "consent.withdrawn", group.Key.CustomerId, group.Max(c => c.At), group.Key.By, ConsentJson(group.Key.How, group)))]);
    }

    /// <summary>Puts a person, or a number or address, on the do-not-contact list.</summary>
    public async Task Suppress(Tx tx, string? customerId, string? blind, Purpose? purpose, string reason, string by)
    {
        if (customerId is not null) await CustomerLock.Take(tx, [customerId]);
        await ConsentTable.Suppress(tx, ids.New(), customerId, blind, purpose, reason, time.GetUtcNow(), by);
        await journal.Append(tx, new Fact(Fact.Care, ids.New(), "suppression.added", customerId, time.GetUtcNow(), by, System.Text.Json.JsonSerializer.Serialize(new { reason, purpose = purpose?.ToString() })));
    }

    /// <summary>Takes a person off the do-not-contact list, because she asked for it.</summary>
    public async Task<bool> Lift(Tx tx, string customerId, string by)
    {
        if (await ConsentTable.Lift(tx, customerId, time.GetUtcNow(), by) == 0) return false;
        await journal.Append(tx, new Fact(Fact.Care, ids.New(), "suppression.lifted", customerId, time.GetUtcNow(), by, "{}"));
        return true;
    }

    /// <summary>The same without a desk, for exports.</summary>
    public static Task<ILookup<string, Consent>> All(Tx tx, IEnumerable<string> customerIds) => ConsentTable.Of(tx, customerIds);

    public Task<ILookup<string, Consent>> Of(Tx tx, IEnumerable<string> customerIds) => ConsentTable.Of(tx, customerIds);

    public Task<ILookup<string, Suppression>> SuppressionsOf(Tx tx, IEnumerable<string> customerIds) => ConsentTable.SuppressionsOf(tx, customerIds);

    private static string ConsentJson(string how, IEnumerable<Consent> consents) =>
        System.Text.Json.JsonSerializer.Serialize(new { how, what = consents.Select(c => $"{c.Purpose}/{c.Channel}") });
}
