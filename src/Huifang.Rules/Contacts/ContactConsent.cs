using System.Collections.Immutable;

namespace Huifang.Contacts;

/// <summary>Reads the consent record.</summary>
public static class ContactConsent
{
    /// <summary>
    /// The entry that decides for a purpose on a channel at an instant, or null when there is none. The stricter of the channel's own latest entry and the
    /// general latest one wins: a general yes does not undo "no calls", and a later general no undoes every yes. At the same instant a no wins.
    /// An entry that has run out counts as withdrawn at its end.
    /// </summary>
    public static ConsentFact? Latest(ImmutableArray<ConsentFact> facts, Purpose purpose, Channel channel, DateTimeOffset at)
    {
        ConsentFact? own = null, general = null;
        foreach (var fact in facts)
        {
            if (fact.Purpose != purpose || fact.At > at) continue;
            if (fact.Channel is null) general = Later(general, fact);
            else if (fact.Channel == channel) own = Later(own, fact);
        }
        var decides = (own, general) switch
        {
            (null, _) => general,
            (_, null) => own,
            ({ IsGiven: false }, _) => own,
            (_, { IsGiven: false }) when general.Value.At >= own.Value.At => general,
            _ => own,
        };
        return decides is { IsGiven: true, Until: { } until } && until <= at ? decides.Value with { IsGiven = false, At = until } : decides;
    }

    private static ConsentFact Later(ConsentFact? known, ConsentFact fact) =>
        known is not { } other || fact.At > other.At || (fact.At == other.At && !fact.IsGiven) ? fact : other;
}

/// <summary>Finds the open follow-up that another reason to contact can join.</summary>
public static class ContactMerge
{
    /// <summary>
    /// The follow-up to merge into, or null. Same cause and purpose: always. Otherwise one that is due within the window, when both purposes are care
    /// (service, survey, complaint): a warning is never delayed, and selling never rides along. Between two open follow-ups the booked one stays, else the
    /// older (smaller id), so that two can never merge into each other.
    /// </summary>
    public static string? Into(ContactQuestion question, Purpose treatedAs, long withinMs)
    {
        OpenFollowUp? into = null;
        foreach (var open in question.Customer.Open)
        {
            if (open.Id == question.FollowUpId || !Stays(open, question)) continue;
            var sameCause = question.Cause is not null && open.Cause == question.Cause && open.Purpose == question.Purpose;
            var near = question.BookedAt is null && IsCare(open.Purpose) && IsCare(treatedAs) && Math.Abs((open.At - question.At).TotalMilliseconds) <= withinMs;
            if ((sameCause || near) && (into is null || IsBefore(open, into))) into = open;
        }
        return into?.Id;
    }

    private static bool Stays(OpenFollowUp open, ContactQuestion question) =>
        question.FollowUpId is not { } mine
        || (open.IsBooked != question.BookedAt is not null ? open.IsBooked : string.CompareOrdinal(open.Id, mine) < 0);

    private static bool IsBefore(OpenFollowUp one, OpenFollowUp other) =>
        one.IsBooked != other.IsBooked ? one.IsBooked : string.CompareOrdinal(one.Id, other.Id) < 0;

    private static bool IsCare(Purpose purpose) => purpose is Purpose.Service or Purpose.Survey or Purpose.Complaint;
}
