using System.Collections.Concurrent;
using Huifang.Contacts;
using Huifang.FollowUps;
using Huifang.Storage;

namespace Huifang.Planning;

/// <summary>
/// When each open follow-up may be called, remembered between plans: asking the guard about hundreds of half hours is most of what a plan costs. What happens to a customer
/// makes hers be asked again at once; everything is at most ten minutes old, and the guard decides anew at the moment of contact anyway.
/// </summary>
public sealed class PlanWindows(ContactDesk contacts, TimeProvider time)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, (string CustomerId, DateTimeOffset DueAt, DateTimeOffset AskedAt, ContactWindow Window)> _known = new(StringComparer.Ordinal);
    private (DateTimeOffset Begin, string Useful) _asked;

    /// <summary>This customer's are asked again.</summary>
    public void Forget(IReadOnlySet<string> customerIds)
    {
        foreach (var (id, known) in _known)
            if (customerIds.Contains(known.CustomerId)) _known.TryRemove(id, out _);
    }

    /// <param name="useful">Blocks in which anybody is on duty.</param>
    public async Task<IReadOnlyList<ContactWindow>> Of(Tx tx, IReadOnlyList<FollowUp> open, PlanSpan span, bool[] useful)
    {
        var now = time.GetUtcNow();
        var duty = string.Concat(useful.Select(each => each ? '1' : '0'));
        // Of blocks that are over it does not matter who was there.
        if (_asked.Begin != span.Begin || Later(_asked.Useful, span, now) != Later(duty, span, now)) _known.Clear();
        _asked = (span.Begin, duty);
        var here = open.Select(followUp => followUp.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var id in _known.Keys) if (!here.Contains(id)) _known.TryRemove(id, out _);
        var asked = open.Where(followUp => !_known.TryGetValue(followUp.Id, out var known) || known.DueAt != followUp.DueAt || now - known.AskedAt > Fresh).ToList();
        var windows = (await Ask(tx, asked, now, span, useful, followUp => followUp.AnswerBy)).ToArray();
        // Where nothing fits before the deadline it is late, but not pointless.
        var late = Enumerable.Range(0, asked.Count).Where(i => windows[i].Runs.Length == 0 && asked[i].ExpiresAt > asked[i].AnswerBy).ToList();
        var later = await Ask(tx, [.. late.Select(i => asked[i])], now, span, useful, followUp => followUp.ExpiresAt);
        for (var i = 0; i < late.Count; i++) windows[late[i]] = later[i];
        for (var i = 0; i < asked.Count; i++) _known[asked[i].Id] = (asked[i].CustomerId, asked[i].DueAt, now, windows[i]);
        return [.. open.Select(followUp => _known[followUp.Id].Window)];
    }

    private Task<IReadOnlyList<ContactWindow>> Ask(Tx tx, List<FollowUp> asked, DateTimeOffset now, PlanSpan span, bool[] useful, Func<FollowUp, DateTimeOffset> until) => contacts.Windows(tx,
        [
            .. asked.Select(followUp => (new ContactWish(followUp.CustomerId, followUp.Purpose, followUp.Channel)
            {
                FollowUpId = followUp.Id, BookedAt = followUp.ByCustomer ? followUp.ArrangedAt : null, NotAfter = followUp.ExpiresAt, Stage = ContactStage.Planned,
            }, span.BlockOf(followUp.DueAt > now ? followUp.DueAt : now), span.BlockOf(until(followUp)))),
        ], span.Begin, PlanSpan.Block, useful);

    private static string Later(string? useful, PlanSpan span, DateTimeOffset now) => useful is null ? "" : useful[Math.Clamp(span.BlockOf(now) + 1, 0, useful.Length)..];
}
