namespace Huifang.Journal;

/// <summary>
/// Every kind of fact that our own rooms write, and who listens. "Nobody" is an answer too: it says the fact is only history.
/// What the wallet tells us has kinds of its own; the live trigger rules decide whether anybody listens to those.
/// </summary>
public static class Facts
{
    public static readonly string[] Nobody = [];

    public static readonly IReadOnlyDictionary<string, string[]> Declared = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["customer.changed"] = Nobody,
        ["customer.erased"] = Nobody,
        ["contact-point.changed"] = Nobody,
        ["preferences.changed"] = Nobody,
        ["consent.given"] = Nobody,
        ["consent.withdrawn"] = ["follow-ups"],
        ["suppression.added"] = ["follow-ups"],
        ["suppression.lifted"] = Nobody,
        ["follow-up.arranged"] = ["booking"],
        ["follow-up.invited"] = Nobody,
        ["follow-up.booked"] = ["booking"],
        ["follow-up.moved"] = ["booking"],
        ["follow-up.other-channel"] = ["booking"],
        ["follow-up.declined"] = ["booking"],
        ["follow-up.withdrawn"] = ["booking"],
        ["follow-up.waiting"] = ["booking"],
        ["follow-up.taken"] = Nobody,
        ["follow-up.given-back"] = Nobody,
        ["follow-up.finished"] = ["booking"],
        ["follow-up.merged"] = ["booking"],
        ["follow-up.expired"] = ["booking"],
        ["follow-up.dropped"] = ["booking"],
        ["promise.kept"] = Nobody,
        ["promise.broken"] = ["booking"],
        ["call.taken"] = Nobody,
        ["call.armed"] = Nobody,
        ["call.joined"] = Nobody,
        ["call.asked"] = Nobody,
        ["call.verified"] = Nobody,
        ["call.used"] = Nobody,
        ["call.denied"] = Nobody,
        ["call.alarmed"] = Nobody,
        ["call.recording-agreed"] = Nobody,
        ["call.recording-refused"] = Nobody,
        ["call.next-step"] = Nobody,
        ["call.finished"] = ["feedback"],
        ["recording.begun"] = Nobody,
        ["recording.played"] = Nobody,
        ["recording.held"] = Nobody,
        ["recording.released"] = Nobody,
        ["recording.erased"] = Nobody,
        ["script.published"] = Nobody,
        ["feedback.received"] = Nobody,
        ["message.sent"] = ["booking"],
        ["message.delivered"] = Nobody,
        ["message.opened"] = Nobody,
        ["message.failed"] = Nobody,
        ["message.withheld"] = ["booking"],
        ["reply.received"] = ["booking"],
        ["agent.changed"] = Nobody,
        ["shift.changed"] = Nobody,
        ["rule.live"] = Nobody,
        ["rule.stopped"] = Nobody,
        ["staff.signed-in"] = Nobody,
        ["staff.refused"] = Nobody,
        ["staff.signed-out"] = Nobody,
        ["staff.changed"] = Nobody,
        ["record.viewed"] = Nobody,
        ["quarantine.kept"] = Nobody,
        ["quarantine.settled"] = Nobody,
    };
}
