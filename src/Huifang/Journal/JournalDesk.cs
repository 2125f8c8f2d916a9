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
    /// <summary>Writes facts of our own rooms, whose ids are new by construction.</summary>
    public Task<Told[]> Append(Tx tx, params IReadOnlyList<Fact> facts) => Tell(tx, facts);

    /// <summary>Writes what was told, each item judged by itself, in order.</summary>
    /// <param name="hashes">The facts' <see cref="Fact.BodyHash"/>, where the caller has them already.</param>
    public async Task<Told[]> Tell(Tx tx, IReadOnlyList<Fact> facts, IReadOnlyList<long>? hashes = null)
    {
        if (facts.Count == 0) return [];
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var keys = await vault.KeysFor(tx, facts.Where(f => f.Private is not null && f.CustomerId is not null).Select(f => f.CustomerId!));
        var listeners = await listening.Listeners(tx);

        var rows = new JournalRow[facts.Count];
        for (var i = 0; i < rows.Length; i++)
        {
            var fact = facts[i];
            var secret = fact.Private is null ? null : fact.CustomerId is null ? vault.SealForHouse(fact.Private) : keys[fact.CustomerId].Seal(fact.Private);
            rows[i] = new(fact.Source, fact.Id, fact.Kind, fact.CustomerId, fact.At.ToUnixTimeMilliseconds(), now, fact.Actor, fact.Data, secret,
                hashes?[i] ?? fact.BodyHash(), listeners(fact.Kind).Length == 0 ? "nobody" : null);
        }

        var seqs = await JournalTable.Insert(tx, rows);
        var told = new Told[facts.Count];
        var reactions = new List<(string, long, long)>();
        for (var i = 0; i < rows.Length; i++)
        {
            if (seqs[i] is not { } seq)
            {
                told[i] = await JournalTable.BodyHash(tx, rows[i].Source, rows[i].Id) == rows[i].BodyHash ? Told.Known : Told.Conflict;
                continue;
            }
            foreach (var listener in listeners(rows[i].Kind)) reactions.Add((listener, seq, now));
        }
        if (reactions.Count > 0)
        {
            await JournalTable.InsertReactions(tx, reactions);
            tx.AfterCommit(waker.Wake);
        }
        return told;
    }
}
