using Huifang.Security;
using Huifang.Work;
using Huifang.Storage;

namespace Huifang.Journal;

/// <summary>What became of a fact that was told.</summary>
public enum Told
{
    /// <summary>It is new and stands in the journal.</summary>
    Accepted,

    /// <summary>It stood there already, word for word.</summary>
    Known,

    /// <summary>Another body stands under the same source and id.</summary>
    Conflict,
}

/// <summary>Who wants a fact, asked inside the transaction that writes it.</summary>
public interface IListening
{
    /// <summary>The listeners of a kind; empty when nobody wants it.</summary>
    ValueTask<Func<string, string[]>> Listeners(Tx tx);
}

/// <summary>Writes facts once and leaves one reaction row per listener, in the caller's transaction.</summary>
public sealed class JournalDesk(Vault vault, IListening listening, TimeProvider time, Waker waker)
{
    /// <summary>What stands in the place of what was told about an erased person.</summary>
    public const string OfErased = """{"erased":true}""";

    /// <summary>Writes facts of our own rooms, whose ids are new by construction.</summary>
    public Task<Told[]> Append(Tx tx, params IReadOnlyList<Fact> facts) => Tell(tx, facts);

    /// <summary>Writes what was told, each item judged by itself, in order.</summary>
    /// <param name="hashes">The facts' <see cref="Fact.BodyHash"/>, where the caller has them already.</param>
    public async Task<Told[]> Tell(Tx tx, IReadOnlyList<Fact> facts, IReadOnlyList<long>? hashes = null)
    {
        if (facts.Count == 0) return [];
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var erased = await vault.ErasedOf(tx, facts.Where(f => f.Source != Fact.Care && f.CustomerId is not null).Select(f => f.CustomerId!));
        if (erased.Count > 0) facts = [.. facts.Select(fact => IsOfErased(fact) ? fact with { Data = OfErased, Private = null } : fact)];
        var keys = new Dictionary<(string Class, string CustomerId), DataKey>();
        foreach (var group in facts.Where(f => f.Private is not null && f.CustomerId is not null).GroupBy(f => KeyClass.Of(f.Kind)))
            foreach (var (id, key) in await vault.KeysFor(tx, group.Select(f => f.CustomerId!), group.Key)) keys[(group.Key, id)] = key;
        var wanted = await listening.Listeners(tx);
        string[] Listeners(Fact fact) => IsOfErased(fact) ? Facts.Nobody : wanted(fact.Kind);
        // The wallet may go on telling about somebody who was erased: that it told stands in the journal, what it told does not, and nobody considers it.
        bool IsOfErased(Fact fact) => fact.Source != Fact.Care && fact.CustomerId is not null && erased.Contains(fact.CustomerId);

        var rows = new JournalRow[facts.Count];
        for (var i = 0; i < rows.Length; i++)
        {
            var fact = facts[i];
            var secret = fact.Private is null ? null : fact.CustomerId is null ? vault.SealForHouse(fact.Private) : keys[(KeyClass.Of(fact.Kind), fact.CustomerId)].Seal(fact.Private);
            rows[i] = new(fact.Source, fact.Id, fact.Kind, fact.CustomerId, fact.At.ToUnixTimeMilliseconds(), now, fact.Actor, fact.Data, secret,
                IsOfErased(fact) ? 0 : hashes?[i] ?? fact.BodyHash(), Listeners(fact).Length == 0 ? "nobody" : null);
        }

        var seqs = await JournalTable.Insert(tx, rows);
        var told = new Told[facts.Count];
        var reactions = new List<(string, long, long)>();
        for (var i = 0; i < rows.Length; i++)
        {
            if (seqs[i] is not { } seq)
            {
                told[i] = IsOfErased(facts[i]) || await JournalTable.BodyHash(tx, rows[i].Source, rows[i].Id) == rows[i].BodyHash ? Told.Known : Told.Conflict;
                continue;
            }
            foreach (var listener in Listeners(facts[i])) reactions.Add((listener, seq, now));
        }
        if (reactions.Count > 0)
        {
            await JournalTable.InsertReactions(tx, reactions);
            tx.AfterCommit(waker.Wake);
        }
        return told;
    }

    /// <summary>Opens the private parts of facts; null where there is none or it is unreadable.</summary>
    public async Task<IReadOnlyList<string?>> Open(Tx tx, IReadOnlyList<FactRow> rows)
    {
        string[] people = [.. rows.Where(row => row is { Sealed: not null, CustomerId: not null }).Select(row => row.CustomerId!).Distinct()];
        var (own, transactions) = (await vault.KeysOf(tx, people), await vault.KeysOf(tx, people, KeyClass.Transactions));
        return [.. rows.Select(row => row.Sealed is null ? null : row.CustomerId is null ? vault.OpenForHouse(row.Sealed)
            // Before transactions had a key of their own they were sealed under the person's.
            : (KeyClass.Of(row.Kind) == KeyClass.Transactions ? transactions.GetValueOrDefault(row.CustomerId)?.Open(row.Sealed) : null) ?? own.GetValueOrDefault(row.CustomerId)?.Open(row.Sealed))];
    }
}
