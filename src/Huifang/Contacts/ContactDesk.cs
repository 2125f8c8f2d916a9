using System.Collections.Immutable;
using Huifang.Calendars;
using Huifang.Customers;
using Huifang.Storage;

namespace Huifang.Contacts;

/// <summary>When a contact would be allowed: runs of blocks, first and end by turns, and the customer's zone.</summary>
public sealed record ContactWindow(int[] Runs, ZoneClock? Zone);

/// <summary>
/// The only door to customers: loads what is known, lets <see cref="ContactRules"/> decide, and stores the answer with every reason,
/// in the caller's transaction. A contact counts for the caps from the moment it is cleared.
/// </summary>
public sealed class ContactDesk(PackShelf packs, Ids ids, TimeProvider time)
{
    /// <summary>May this contact be made now? The customer's row is locked, so that a withdrawal is seen or waits.</summary>
    public async Task<ContactAnswer> Clear(Tx tx, ContactWish wish) => (await Weigh(tx, [wish with { Stage = ContactStage.AtContact }]))[0];

    /// <summary>Decides and stores a batch, in order; an earlier contact of the batch counts for a later one.</summary>
    public async Task<IReadOnlyList<ContactAnswer>> Weigh(Tx tx, IReadOnlyList<ContactWish> wishes)
    {
        if (wishes.Count == 0) return [];
        var now = time.GetUtcNow();
        var makers = wishes.Where(wish => wish.Stage == ContactStage.AtContact).Select(wish => wish.CustomerId).ToArray();
        if (makers.Length > 0) await CustomerLock.Take(tx, makers);
        var known = await ContactFactsTable.Load(tx, wishes.Select(wish => wish.CustomerId), now);

        var decisions = new List<ContactDecision>(wishes.Count);
        var answers = new List<ContactAnswer>(wishes.Count);
        foreach (var wish in wishes)
        {
            var customer = known.GetValueOrDefault(wish.CustomerId) ?? Stranger(wish.CustomerId);
            var question = Ask(wish, customer, now);
            var verdict = ContactRules.Decide(question);
            var decision = new ContactDecision(ids.New(), wish.CustomerId, wish.FollowUpId, wish.Purpose, wish.Channel, wish.Stage, question.At, now, verdict, null);
            decisions.Add(decision);
            var clearance = decision.IsContact ? new Clearance(decision.Id, wish, question.At, ((ContactVerdict.Allow)verdict).Duties) : null;
            answers.Add(new(decision.Id, verdict, clearance));
            if (clearance is not null)
                known[wish.CustomerId] = customer with { Facts = customer.Facts with { Past = customer.Facts.Past.Insert(0, new(question.At, wish.Channel, wish.Purpose)) } };
        }
        await ContactTable.Insert(tx, decisions);
        return answers;
    }

    /// <summary>The instants at which this contact could be offered to the customer. Nothing is stored: an offer is not a contact.</summary>
    public async Task<ImmutableArray<DateTimeOffset>> Permitted(Tx tx, ContactWish wish, IReadOnlyList<DateTimeOffset> starts)
    {
        var now = time.GetUtcNow();
        var known = await ContactFactsTable.Load(tx, [wish.CustomerId], now);
        return known.TryGetValue(wish.CustomerId, out var customer) ? ContactRules.Permitted(Ask(wish, customer, now), starts) : [];
    }

    /// <summary>
    /// The half hours in which each of these contacts would be allowed by what is known today: law, holidays, her own hours and caps. Nothing is stored. Other follow-ups
    /// that are open are left out: which of them comes first is what the plan decides.
    /// </summary>
    /// <param name="wanted">Each with the first block and the block after the last that may be asked about.</param>
    /// <param name="useful">Blocks in which anybody could call at all; the others are not asked about.</param>
    public async Task<IReadOnlyList<ContactWindow>> Windows(Tx tx, IReadOnlyList<(ContactWish Wish, int First, int End)> wanted, DateTimeOffset begin, TimeSpan block, bool[] useful)
    {
        var now = time.GetUtcNow();
        var known = await ContactFactsTable.Load(tx, wanted.Select(each => each.Wish.CustomerId), now);
        var windows = new ContactWindow[wanted.Count];
        for (var i = 0; i < windows.Length; i++)
        {
            var (wish, first, end) = wanted[i];
            var customer = known.GetValueOrDefault(wish.CustomerId) ?? Stranger(wish.CustomerId);
            var question = Ask(wish, customer with { Facts = customer.Facts with { Open = [], Finished = [] } }, now);
            windows[i] = new(Runs(question, customer.Jurisdictions(wish.Channel), first, Math.Min(end, useful.Length), begin, block, useful), customer.Facts.Zones.FirstOrDefault());
        }
        return windows;
    }

    private int[] Runs(ContactQuestion question, ImmutableArray<string> jurisdictions, int first, int end, DateTimeOffset begin, TimeSpan block, bool[] useful)
    {
        var now = time.GetUtcNow();
        var runs = new List<int>();
        var day = default(DateOnly);
        for (var at = Math.Max(0, first); at < end;)
        {
            if (!useful[at]) { at++; continue; }
            // A block that has begun is asked about as of now: a consent given a minute ago counts.
            var instant = begin + at * block is var starts && starts < now && starts + block > now ? now : begin + at * block;
            // The pack of a day binds; it is looked up once for each.
            if (DateOnly.FromDateTime(instant.UtcDateTime) is var date && date != day) question = question with { Pack = packs.For(jurisdictions, day = date) };
            switch (ContactRules.Decide(question with { At = instant }))
            {
                case ContactVerdict.Allow:
                    if (runs.Count > 0 && runs[^1] == at) runs[^1] = at + 1;
                    else { runs.Add(at); runs.Add(at + 1); }
                    at++;
                    break;
                case ContactVerdict.Hold hold: at = Math.Max(at + 1, (int)Math.Ceiling((hold.Until - begin) / block)); break;
                // Not on this channel, or not at all: nor later.
                case ContactVerdict.Drop or ContactVerdict.Merge or ContactVerdict.Reroute: return [.. runs];
            }
        }
        return [.. runs];
    }

    /// <summary>What the guard would say to these customers' contacts at other times; for trials. Nothing is stored, and what is open or done now is left out.</summary>
    public Task<Func<ContactWish, ContactVerdict>> Try(Tx tx, IReadOnlyCollection<string> customerIds) => Foresee(tx, customerIds, known => known with { Facts = known.Facts with { Open = [], Finished = [] } });

    /// <summary>What the guard would say now, by everything that is known now. Nothing is stored, so it is no leave: whoever contacts them is asked about again.</summary>
    public Task<Func<ContactWish, ContactVerdict>> Foresee(Tx tx, IReadOnlyCollection<string> customerIds) => Foresee(tx, customerIds, known => known);

    private async Task<Func<ContactWish, ContactVerdict>> Foresee(Tx tx, IReadOnlyCollection<string> customerIds, Func<KnownCustomer, KnownCustomer> seen)
    {
        var now = time.GetUtcNow();
        var known = (await ContactFactsTable.Load(tx, customerIds, now)).ToDictionary(each => each.Key, each => seen(each.Value), StringComparer.Ordinal);
        return wish => ContactRules.Decide(Ask(wish, known.GetValueOrDefault(wish.CustomerId) ?? Stranger(wish.CustomerId), now));
    }

    /// <summary>A cleared contact that did not happen after all: nothing was sent, nobody was rung. It counts no longer.</summary>
    public Task<bool> Undo(Tx tx, string decisionId, string why) => ContactTable.Undo(tx, decisionId, time.GetUtcNow(), why);

    private ContactQuestion Ask(ContactWish wish, KnownCustomer customer, DateTimeOffset now)
    {
        var at = wish.At ?? now;
        return new()
        {
            Customer = customer.Facts,
            Purpose = wish.Purpose,
            Channel = wish.Channel,
            At = at,
            Pack = packs.For(customer.Jurisdictions(wish.Channel), DateOnly.FromDateTime(at.UtcDateTime)),
            BookedAt = wish.BookedAt,
            Sells = wish.Sells,
            IsHeldOut = wish.IsHeldOut,
            FollowUpId = wish.FollowUpId,
            Cause = wish.Cause,
            Others = wish.Others,
            NotAfter = wish.NotAfter,
        };
    }

    /// <summary>Somebody of whom we know nothing: every door is closed, and the record says which.</summary>
    private static KnownCustomer Stranger(string id) => new(null, [], new() { Id = id });
}
