namespace Huifang.Privacy;

/// <summary>One table that holds something about a person: how it is told to her, and what an erasure does to it besides ending her key.</summary>
/// <param name="Room">Under which heading she finds it.</param>
/// <param name="Select">What she is told; <c>@id</c> is hers. Columns that end in <c>_at</c> are instants.</param>
/// <param name="Sealed">Columns that are opened with her key.</param>
/// <param name="Forget">What is deleted or cleared in the clear parts; null when nothing in them identifies her once the key is gone.</param>
public sealed record PersonalRows(string Room, string Table, string Select, string[] Sealed, string? Forget = null)
{
    /// <summary>
    /// Everything that the house holds about people, on one page: whoever adds a table with a customer adds a line here, and a test holds her to it.
    /// Rows of parts (answers of a call, files of a complaint) hang on their whole.
    /// </summary>
    public static readonly IReadOnlyList<PersonalRows> All =
    [
        new("record", "customers", "select id, name, language, time_zone, country, segments, attributes, since as since_at, created_at, updated_at from customers where id = @id", ["name"],
            "delete from customers where id = @id"),
        new("record", "contact_points", "select kind, value, verified, standing, changed_at from contact_points where customer_id = @id order by rank", ["value"],
            "delete from contact_points where customer_id = @id"),
        new("record", "preferences", "select channels, hours, contacts_per_month_max, changed_at, changed_by from preferences where customer_id = @id", [],
            "delete from preferences where customer_id = @id"),
        new("record", "device_keys", "select id, added_at, ended_at, is_first from device_keys where customer_id = @id order by added_at", [],
            "delete from device_keys where customer_id = @id"),
        new("consents", "consents", "select purpose, channel, given, at as said_at, recorded_at, by_whom, how, wording, evidence from consents where customer_id = @id order by at", ["evidence"],
            "update consents set evidence = null where customer_id = @id"),
        new("consents", "suppressions", "select purpose, reason, at as said_at, by_whom, lifted_at from suppressions where customer_id = @id order by at", []),
        new("consents", "automation_refusals", "select at as refused_at, by_whom from automation_refusals where customer_id = @id", []),
        new("decisions", "considerations", "select at as decided_at, verdict, reasons from considerations where customer_id = @id order by at", []),
        new("decisions", "contact_decisions", "select purpose, channel, stage, at as contact_at, decided_at, outcome, verdict, undone_at from contact_decisions where customer_id = @id order by decided_at", []),
        new("follow-ups", "follow_ups", "select id, rule_key, purpose, channel, state, reason, arranged_at, due_at, promised_from as promised_from_at, promised_to as promised_to_at, attempts, outcome from follow_ups where customer_id = @id order by arranged_at", []),
        new("calls", "calls", "select id, purpose, channel, language, recording, taken_at, joined_at, ended_at, outcome from calls where customer_id = @id order by taken_at", []),
        new("calls", "call_answers", "select a.call_id, a.question_id, a.value, a.words, a.at as answered_at from call_answers a join calls c on c.id = a.call_id where c.customer_id = @id order by a.at", ["words"]),
        new("calls", "call_notes", "select n.call_id, n.words, n.changed_at from call_notes n join calls c on c.id = n.call_id where c.customer_id = @id order by n.changed_at", ["words"]),
        new("calls", "call_prompts", "select call_id, at as asked_at from call_prompts where customer_id = @id order by at", []),
        new("calls", "recordings", "select id, call_id, mime, started_at, closed_at, keep_until as kept_until_at, held_by, erased_at from recordings where customer_id = @id order by started_at", []),
        new("messages", "messages", "select template, purpose, channel, language, body, state, reason, queued_at, sent_at, delivered_at, opened_at from messages where customer_id = @id order by queued_at", ["body"],
            "update messages set line_id = null where customer_id = @id"),
        new("messages", "replies", "select channel, received_at, body, meaning from replies where customer_id = @id order by received_at", ["body"],
            "update replies set blind = '' where customer_id = @id"),
        // The hash of her words would let somebody who guesses them confirm the guess.
        new("feedback", "feedback", "select source, at as said_at, language, words, rating, topic, app_version, region, channel from feedback where customer_id = @id order by at", ["words"],
            "update feedback set text_hash = null where customer_id = @id"),
        new("feedback", "feedback_files", "select media_type, bytes, at as added_at from feedback_files where customer_id = @id order by at", [], "delete from feedback_files where customer_id = @id"),
        new("feedback", "survey_asks", "select channel, asked_at, sent_at, withheld, shown_at, answered_at from survey_asks where customer_id = @id order by asked_at", []),
        new("feedback", "survey_answers", "select w.question_id, w.value, w.words from survey_answers w join survey_asks a on a.id = w.ask_id where a.customer_id = @id order by a.asked_at", ["words"]),
        new("feedback", "improvement_evidence", "select i.topic, e.kind, e.at as said_at from improvement_evidence e join improvements i on i.id = e.improvement_id where e.customer_id = @id order by e.at", [], "update improvement_evidence set customer_id = null where customer_id = @id"),
        new("feedback", "improvement_notices", "select at as told_at from improvement_notices where customer_id = @id order by at", [], "delete from improvement_notices where customer_id = @id"),
        new("complaints", "complaints", "select id, door, received_at, state, language, category, subcategory, product, outcome, amount, currency, subject, answered_at, closed_at from complaints where customer_id = @id order by received_at", ["subject"]),
        new("complaints", "complaint_entries", "select e.complaint_id, e.at as said_at, e.kind, e.words from complaint_entries e join complaints c on c.id = e.complaint_id where c.customer_id = @id order by e.at", ["words"]),
        new("complaints", "complaint_letters", "select l.complaint_id, l.kind, l.language, l.body, l.written_at, l.sent_at from complaint_letters l join complaints c on c.id = l.complaint_id where c.customer_id = @id order by l.written_at", ["body"]),
        new("complaints", "complaint_files", "select f.complaint_id, f.name, f.media_type, f.bytes, f.at as added_at from complaint_files f join complaints c on c.id = f.complaint_id where c.customer_id = @id order by f.at", ["name"]),
        new("complaints", "complaint_terms", "", [], "delete from complaint_terms where no in (select no from complaints where customer_id = @id)"),
        new("complaints", "complaint_intake", "", [], "update complaint_intake set text_hash = null where complaint_id in (select id from complaints where customer_id = @id)"),
        new("privacy", "privacy_requests", "select kind, asked_at, asked_by, due_at, state, reason, ended_at from privacy_requests where customer_id = @id order by asked_at", []),
        new("privacy", "legal_holds", "select matter, placed_at, lifted_at from legal_holds where customer_id = @id order by placed_at", []),
        new("privacy", "approvals", "select kind, asked_at, state, decided_at, done_at from approvals where customer_id = @id order by asked_at", []),
        new("looks", "sight_looks", "select at as looked_at, what, field, because, granted from sight_looks where customer_id = @id order by at", []),
        new("looks", "glasses", "select reason, opened_at, ends_at, reviewed_at, was_right, review_words from glasses where customer_id = @id order by opened_at", ["reason", "review_words"]),
        new("looks", "sight_alarms", "select kind, at as raised_at, settled_at from sight_alarms where customer_id = @id order by at", []),
        new("looks", "decoys", "", []),
        // The hash of a body would let somebody who guesses it confirm the guess.
        new("events", "journal", "", [], "update journal set body_hash = 0 where customer_id = @id"),
        new("keys", "data_keys", "", []),
        new("keys", "key_changes", "", []),
    ];
}
