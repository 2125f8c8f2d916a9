using System.Globalization;
using System.Text.Json;
using Huifang.Contacts;
using Huifang.Customers;
using Huifang.Journal;
using Huifang.Storage;

namespace Huifang.FollowUps;

/// <summary>A follow-up that a person or a system asks for, and why.</summary>
/// <param name="How"><see cref="HandDesk.ByHand"/> or <see cref="HandDesk.ByApi"/>.</param>
public sealed record HandWish(string CustomerId, string Script, string Reason, string How)
{
    public Purpose Purpose { get; init; } = Purpose.Service;
    public int Value { get; init; } = 500;

    /// <summary>The same key asks for the same follow-up; null: a new one each time.</summary>
    public string? Key { get; init; }
}

/// <summary>Arranges follow-ups by hand and by API (T10). The guard decides about them as about all others.</summary>
public sealed class HandDesk(JournalDesk journal, ContactDesk guard, FollowUpDesk desk, Ids ids, TimeProvider time)
{
    public const string ByHand = "by-hand";
    public const string ByApi = "api";

    /// <returns>The follow-up, open or ended by the guard with its reason; null when there is no such customer.</returns>
    public async Task<FollowUp?> Arrange(Tx tx, HandWish wish, string by)
    {
        if ((await CustomerLanguages.Of(tx, [wish.CustomerId])).Select(p => p.Language).FirstOrDefault() is not { } language) return null;
        var now = time.GetUtcNow();
        // Keys of two clients have nothing to do with each other.
        var cause = new Fact(wish.How, wish.Key is null ? ids.New() : $"{by}:{wish.Key}", "follow-up.asked", wish.CustomerId, now, by, JsonSerializer.Serialize(new { script = wish.Script, how = wish.How }), JsonSerializer.Serialize(new { reason = wish.Reason }));
        var told = (await journal.Tell(tx, [cause]))[0];
        var seq = (await JournalTable.Find(tx, cause.Source, cause.Id))!.Seq;
        // Asked before: the one that was made then, not another that this customer has by the same way.
        if (told != Told.Accepted) return await desk.OfCause(tx, wish.How, seq);
        var draft = new FollowUp(ids.New(), wish.CustomerId, wish.How, 1, seq, wish.Purpose, Channel.Voice, wish.Script, wish.Value, FollowUpState.Arranged, now, now, now.AddDays(3), now.AddDays(7)) { Language = language };
        var answer = (await guard.Weigh(tx, [new ContactWish(draft.CustomerId, draft.Purpose, draft.Channel)
        {
            Stage = ContactStage.Planned, FollowUpId = draft.Id, Cause = seq.ToString(CultureInfo.InvariantCulture), Others = [Channel.Phone], NotAfter = draft.ExpiresAt,
        }]))[0];
        var decided = FollowUpReactions.Decide(draft, answer);
        if (decided.IsOpen) await desk.Arrange(tx, [decided], by);
        else await desk.Keep(tx, [decided]);
        return decided;
    }
}
