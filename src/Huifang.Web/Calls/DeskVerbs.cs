using Huifang.Accounts;
using Huifang.Shell;
using Huifang.Storage;
using Microsoft.AspNetCore.Antiforgery;

namespace Huifang.Calls;

/// <summary>One request of the desk: does the verb, then draws what changed.</summary>
public sealed class DeskVerbs(IHttpContextAccessor context, Store store, CallDesk calls, DeskLook look, DeskVerbParts parts)
{
    // Taken once: the work inside a transaction runs elsewhere and would find no request.
    private HttpContext Http { get; } = context.HttpContext!;
    private string Agent => Http.User.Id();

    public Task<DeskView> Look(string? deviation = null, string? search = null) =>
        look.At(Agent, Http.User.Identity?.Name ?? "", parts.Names, parts.Clock.Now, deviation, parts.Antiforgery.GetAndStoreTokens(Http).RequestToken ?? "", Http.RequestAborted, search);

    public async Task<IResult> Script(Func<Tx, CallDesk, string, Task<Done<bool>>> verb, string? deviation = null)
    {
        var done = await store.Write(tx => verb(tx, calls, Agent), Http.RequestAborted);
        if (done.Refusal is CallRefusal.NoSuchCall or CallRefusal.NotYours or CallRefusal.AlreadyFinished) return Again();
        Tell();
        var view = await Look(deviation);
        return DeskEndpoints.Draw("script", done.Ok ? view : view with { Said = ($"Refused.{done.Refusal}", done.Detail) });
    }

    public async Task<IResult> Verify(string id, Func<Tx, CallVerifier, string, Task<Verified>> verb)
    {
        var done = await store.Write(tx => verb(tx, parts.Verifier, Agent), Http.RequestAborted);
        Tell();
        // The call is gone from her hands; the page looks for the next one.
        if (done.NotPossible is CallRefusal.NotAllowedAnyMore) return Again();
        var view = await Look();
        return DeskEndpoints.Draw("verify", done.Refusal is { } refusal ? view with { Said = ($"Verify.{refusal}", null) } : done.NotPossible is { } not ? view with { Said = ($"Refused.{not}", null) } : view);
    }

    /// <summary>Shows one field whole for a minute; the panel looks again when it is over.</summary>
    public async Task<IResult> Unmask(string id, Sight.SightField field)
    {
        var shown = await store.Write(async tx => await calls.Find(tx, id) is { } call && await parts.Sight.Unmask(tx, Agent, call.CustomerId, field), Http.RequestAborted);
        var view = await Look();
        return DeskEndpoints.Draw("customer", shown ? view : view with { Said = ("NotUnmasked", null) });
    }

    /// <summary>Keeps the note; the answer says which kinds were taken out, and the words as they are kept when the browser had missed some.</summary>
    public async Task<IResult> Note(string id, string words)
    {
        var done = await store.Write(tx => calls.Note(tx, id, Agent, words), Http.RequestAborted);
        return done.Ok ? Results.Json(new { kinds = done.Value!.Spans.Select(span => Redaction.Secrets.Tag(span.Kind)).Distinct(), words = done.Value.Found ? done.Value.Text : null }) : Results.Conflict();
    }

    public async Task<IResult> Quiet(Func<Tx, CallDesk, string, Task<Done<bool>>> verb)
    {
        var done = await store.Write(tx => verb(tx, calls, Agent), Http.RequestAborted);
        if (!done.Ok) return Results.Conflict(new { refusal = done.Refusal.ToString() });
        Tell();
        return Results.NoContent();
    }

    public async Task<IResult> GiveBack(string id)
    {
        await store.Write(tx => parts.Queue.GiveBack(tx, id, Agent), Http.RequestAborted);
        return Again();
    }

    public async Task<IResult> Finish(string id, HttpContext http)
    {
        var form = await http.Form();
        if (!Enum.TryParse<CallOutcome>(form["outcome"], out var outcome) || !Enum.IsDefined(outcome)) return DeskEndpoints.Draw("outcome", await Look() with { Said = ("Refused.NoOutcome", null) });
        var next = form["next"].Select(step => Enum.TryParse<NextStep>(step, out var known) ? known : (NextStep?)null).OfType<NextStep>().ToList();
        DateTimeOffset? retryAt = DateTime.TryParse(form["retryAt"], System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.None, out var local) && local.Year is > 2000 and < 9999
            ? new DateTimeOffset(DateTime.SpecifyKind(local, DateTimeKind.Unspecified), parts.Clock.Zone.GetUtcOffset(DateTime.SpecifyKind(local, DateTimeKind.Unspecified))).ToUniversalTime() : null;
        var slot = outcome == CallOutcome.Rebook ? form["slot"].ToString() : "";
        var done = await store.Write(async tx =>
        {
            var finished = await parts.WrapUp.Finish(tx, id, Agent, new WrapUpDraft(outcome, next, retryAt));
            // The promise is made with the wrap-up or not at all: when the time went meanwhile the follow-up waits, and she is invited anew.
            if (finished is { Ok: true, Value: { } call } && slot.Length > 0) await parts.Booking.Book(tx, call.FollowUpId, slot, Agent);
            return finished;
        }, http.RequestAborted);
        if (done.Ok || done.Refusal == CallRefusal.AlreadyFinished) return Again();
        Tell();
        return DeskEndpoints.Draw("outcome", await Look() with { Said = ($"Refused.{done.Refusal}", done.Detail) });
    }

    // After the swap: the panels that look again must be the new ones.
    private void Tell() => Http.Response.Headers["HX-Trigger-After-Settle"] = DeskEndpoints.LookAgain;

    /// <summary>The whole page anew: the call in hand is another one, or none.</summary>
    private IResult Again()
    {
        if (!Http.Request.Headers.ContainsKey("HX-Request")) return Results.Redirect("/desk");
        Http.Response.Headers["HX-Redirect"] = "/desk";
        return Results.NoContent();
    }
}

/// <summary>What the verbs of the desk work with.</summary>
public sealed record DeskVerbParts(CallVerifier Verifier, CallQueue Queue, WrapUp WrapUp, OperatorNames Names, StaffClock Clock)
{
    public required IAntiforgery Antiforgery { get; init; }
    public required Sight.SightDesk Sight { get; init; }
    public required Booking.BookingDesk Booking { get; init; }
}
