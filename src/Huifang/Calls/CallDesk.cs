using Huifang.Consents;
using Huifang.FollowUps;
using Huifang.Journal;
using Huifang.Redaction;
using Huifang.Scripts;
using Huifang.Security;
using Huifang.Storage;

namespace Huifang.Calls;

/// <summary>A call with everything that the desk shows of it: the walk so far and the note.</summary>
public sealed record CallInHand(Call Call, ScriptWalk Walk, CallNote? Note);

/// <summary>What an agent does during a call. Words are redacted here, whatever the browser did before.</summary>
public sealed class CallDesk(ScriptShelf scripts, JournalDesk journal, CallParts parts)
{
    public Task<Call?> Find(Tx tx, string callId) => CallTable.Find(tx, callId);

    public Task<Call?> OpenOf(Tx tx, string agentId) => CallTable.OpenOfAgent(tx, agentId);

    public Task<List<Call>> LiveOf(Tx tx, string customerId) => CallTable.LiveOf(tx, customerId);

    public Task<List<Call>> Open(Tx tx) => CallTable.Open(tx);

    public Task<List<Call>> OfCustomer(Tx tx, string customerId) => CallTable.OfCustomer(tx, customerId);

    public Task<List<Call>> Recent(Tx tx, DateTimeOffset? before = null) => CallTable.Recent(tx, before ?? DateTimeOffset.MaxValue);

    public Task<List<CallMoment>> Moments(Tx tx, string callId) => CallTable.Moments(tx, callId);

    /// <summary>Somebody reads the call afterwards: a look like any other.</summary>
    /// <returns>False when she has seen too many; nothing is shown then.</returns>
    public Task<bool> Viewed(Tx tx, Call call, string by) => parts.Sight.Look(tx, by, call.CustomerId, "call", Sight.Because.Review(call.Id));

    /// <summary>Takes a call up where it stands, on any screen: the same open question, the same note.</summary>
    public async Task<CallInHand> InHand(Tx tx, Call call)
    {
        var key = await parts.Vault.KeyOf(tx, call.CustomerId);
        var walk = ScriptWalk.Resume(await scripts.Version(tx, call.ScriptKey, call.ScriptVersion), await CallTable.Answers(tx, call.Id, key));
        return new CallInHand(call, walk, await CallTable.NoteOf(tx, call.Id, key));
    }

    /// <summary>Gives or changes an answer. Agreeing or refusing to be recorded is an answer too, and counts from here.</summary>
    public async Task<Done<ScriptWalk>> Answer(Tx tx, string callId, string agentId, Answer answer)
    {
        var (call, refusal) = await Mine(tx, callId, agentId);
        if (call is null) return refusal;
        var walk = (await InHand(tx, call)).Walk;
        var asked = walk.Script.Find(answer.QuestionId)?.Text.In(call.Language);
        var clean = answer.Words is null ? answer : answer with { Words = Redactor.Redact(answer.Words.Trim(), asked is null ? null : RedactionContext.After(asked), SecretKinds.Typed).Text };
        var (next, why) = walk.With(clean);
        if (why is not null) return new(null, CallRefusal.AnswerNotTaken, why.ToString());
        var key = await parts.Vault.KeyFor(tx, call.CustomerId);
        await CallTable.Answer(tx, callId, clean.QuestionId, clean.Value, string.IsNullOrEmpty(clean.Words) ? null : key.Seal(clean.Words), parts.Time.GetUtcNow());
        if (clean.QuestionId == RecordingQuestion && clean.Value is not null) await Consent(tx, call, clean.Value == Question.Yes);
        tx.AfterCommit(() => parts.Live.LookAgain(call.Id, call.CustomerId));
        return next;
    }

    /// <summary>The question of a script whose "yes" allows recording.</summary>
    public const string RecordingQuestion = "recording";

    /// <summary>Opens the question that was answered last.</summary>
    public async Task<Done<ScriptWalk>> Back(Tx tx, string callId, string agentId)
    {
        var (call, refusal) = await Mine(tx, callId, agentId);
        if (call is null) return refusal;
        var walk = (await InHand(tx, call)).Walk;
        var back = walk.Back();
        if (back.Open is { } open && !ReferenceEquals(back, walk)) await CallTable.Unanswer(tx, callId, open.Question.Id);
        return back;
    }

    /// <summary>The customer spoke of something else; the same question stays open.</summary>
    public async Task<Done<bool>> Deviate(Tx tx, string callId, string agentId, string deviationId)
    {
        var (call, refusal) = await Mine(tx, callId, agentId);
        if (call is null) return refusal;
        var script = await scripts.Version(tx, call.ScriptKey, call.ScriptVersion);
        if (script.Deviations.All(deviation => deviation.Id != deviationId)) return CallRefusal.AnswerNotTaken;
        await CallTable.Moment(tx, callId, "deviated", parts.Time.GetUtcNow(), $$"""{"deviation":"{{deviationId}}"}""");
        return true;
    }

    /// <summary>Keeps the note, without what must not be written down. What was taken out is told, so that the page can say it.</summary>
    public async Task<Done<Redaction.Redaction>> Note(Tx tx, string callId, string agentId, string words)
    {
        var (call, refusal) = await Mine(tx, callId, agentId);
        if (call is null) return refusal;
        var clean = Redactor.Redact(words.Length > NoteMax ? words[..NoteMax] : words, hide: SecretKinds.Typed);
        var before = await CallTable.NoteOf(tx, callId, await parts.Vault.KeyOf(tx, call.CustomerId));
        var refused = clean.Spans.Select(span => span.Kind.Tag()).Concat(before?.Refused ?? []).Distinct().Order(StringComparer.Ordinal);
        await CallTable.Note(tx, callId, (await parts.Vault.KeyFor(tx, call.CustomerId)).Seal(clean.Text), string.Join(' ', refused), parts.Time.GetUtcNow());
        if (clean.Found) await CallTable.Moment(tx, callId, "secret-refused", parts.Time.GetUtcNow(), $$"""{"kinds":"{{string.Join(' ', clean.Spans.Select(span => span.Kind.Tag()).Distinct())}}"}""");
        return clean;
    }

    public const int NoteMax = 8000;

    private static readonly HashSet<string> Switches = ["muted", "unmuted", "held", "resumed", "connected", "line-broke", "help-asked", "recording-muted", "recording-resumed", "secret-typed"];

    /// <summary>What the agent's page did with the line, for the trail: hold, mute, connection.</summary>
    public async Task<Done<bool>> Mark(Tx tx, string callId, string agentId, string kind)
    {
        var (call, refusal) = await Mine(tx, callId, agentId);
        if (call is null) return refusal;
        if (!Switches.Contains(kind)) return CallRefusal.AnswerNotTaken;
        await CallTable.Moment(tx, callId, kind, parts.Time.GetUtcNow());
        tx.AfterCommit(() => parts.Live.LookAgain(call.Id, call.CustomerId));
        return true;
    }

    /// <summary>Takes the customer's word on recording; facts keep it as evidence.</summary>
    public async Task Consent(Tx tx, Call call, bool agreed)
    {
        await CallTable.SetRecording(tx, call.Id, agreed ? RecordingConsent.Agreed : RecordingConsent.Refused);
        await CallTable.Moment(tx, call.Id, agreed ? "recording-agreed" : "recording-refused", parts.Time.GetUtcNow());
        await journal.Append(tx, parts.Told(call, agreed ? "call.recording-agreed" : "call.recording-refused", call.AgentId));
    }

    /// <summary>The line is over, by whoever hung up. The wrap-up comes after.</summary>
    public async Task<Done<bool>> HangUp(Tx tx, string callId, string by)
    {
        if (await CallTable.Find(tx, callId) is not { } call) return CallRefusal.NoSuchCall;
        if (by != call.AgentId && by != call.CustomerId) return CallRefusal.NotYours;
        var now = parts.Time.GetUtcNow();
        if (!await CallTable.End(tx, callId, call.Verification is null ? null : VerificationRules.End(call.Verification), now)) return false;
        await CallTable.Moment(tx, callId, "hung-up", now, $$"""{"by":"{{(by == call.AgentId ? "agent" : "customer")}}"}""");
        tx.AfterCommit(() => parts.Live.LookAgain(call.Id, call.CustomerId));
        return true;
    }

    private async Task<(Call? Call, CallRefusal Refusal)> Mine(Tx tx, string callId, string agentId) =>
        await CallTable.Find(tx, callId) switch
        {
            null => (null, CallRefusal.NoSuchCall),
            var call when call.AgentId != agentId => (null, CallRefusal.NotYours),
            { FinishedAt: not null } => (null, CallRefusal.AlreadyFinished),
            var call => (call, default),
        };
}
