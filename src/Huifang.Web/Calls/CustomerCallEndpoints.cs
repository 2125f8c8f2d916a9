using Huifang.Accounts;
using Huifang.Customers;
using Huifang.Shell;
using Huifang.Storage;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Huifang.Calls;

/// <summary>What the customer's call page shows: never more than her own call.</summary>
public sealed record CustomerCallView(CallStatus Status, DateTimeOffset Now, string Form)
{
    public Call? Call { get; init; }
    public CallSeal? Seal { get; init; }
    public string AgentName { get; init; } = "";
    public string Title { get; init; } = "";

    /// <summary>When this was looked up, by the customer's own clock.</summary>
    public string CheckedAt { get; init; } = "";

    /// <summary>Open numbers to tap, while they may be tapped.</summary>
    public NumberPrompt? Prompt => Call?.Verification?.Prompt is { } prompt && Now < prompt.At + NumberPrompt.Life ? prompt : null;
}

/// <summary>The customer's side of a call: the state of it, picking up, tapping a number, declining, reporting. Works without script but for the sound.</summary>
public static class CustomerCallEndpoints
{
    public static void MapCustomerCall(this WebApplication app)
    {
        var me = app.MapGroup("/me/call").RequireAuthorization(StaffSession.PortalScheme).AddEndpointFilter<FormToken>().DisableAntiforgery();
        me.MapGet("", Show);
        me.MapGet("state", State);
        me.MapPost("number", Tap);
        me.MapPost("device", Device);
        me.MapPost("answer", Answer);
        me.MapPost("recording", Recording);
        me.MapPost("hang-up", HangUp);
    }

    private static async Task<IResult> Show(HttpContext http, CustomerCallLook look, bool someone = false)
    {
        var view = await look.At(http, someone);
        return view.Status.Kind == CallStatusKind.Calling && view.Call is not null
            ? new RazorComponentResult<CustomerCallPage>(new { View = view })
            : new RazorComponentResult<CallStatusPage>(new { View = view });
    }

    /// <summary>The changing part alone, for the island.</summary>
    private static async Task<IResult> State(HttpContext http, CustomerCallLook look)
    {
        var view = await look.At(http, false);
        http.Response.Headers["X-HF-Status"] = view.Status.Kind.ToString();
        return view.Call is null ? Results.NoContent() : new RazorComponentResult<CustomerCallState>(new { View = view });
    }

    private static async Task<IResult> Tap([FromForm] int number, [FromForm] string nonce, [FromForm] string? device, [FromForm] string? signature, HttpContext http, CustomerTaps taps)
    {
        var signed = device is not null && signature is not null && FromBase64(signature) is { } bytes ? new TapSignature(device, bytes) : null;
        return await taps.Tapped(http.User.Id(), nonce, number, signed, http.RequestAborted) is { } refusal
            ? Results.Problem(statusCode: 409, title: refusal, extensions: new Dictionary<string, object?> { ["field"] = "signature" })
            : Results.Redirect("/me/call");
    }

    /// <summary>Her device tells its public key; told again it is the same device.</summary>
    private static async Task<IResult> Device([FromForm] string key, HttpContext http, Store store, DeviceDesk devices)
    {
        var added = FromBase64(key) is { } bytes ? await store.Write(tx => devices.Add(tx, http.User.Id(), bytes), http.RequestAborted) : (null, DeviceRefusal.NotAKey);
        return added switch
        {
            { Device: { } device } => Results.Json(new { id = device.Id }),
            { Refusal: DeviceRefusal.Ended } => Results.Problem(statusCode: 410, title: "This device was ended; make a new key."),
            { Refusal: DeviceRefusal.TooMany } => Results.Problem(statusCode: 409, title: $"At most {DeviceKey.PerCustomerMax} devices; end one first."),
            _ => Results.Problem(statusCode: 422, title: "key must be a P-256 public key: SubjectPublicKeyInfo, base64.", extensions: new Dictionary<string, object?> { ["field"] = "key", ["reason"] = "NotAKey" }),
        };
    }

    private static byte[]? FromBase64(string text)
    {
        var bytes = new byte[256];
        return text.Length <= 256 && Convert.TryFromBase64String(text, bytes, out var length) ? bytes[..length] : null;
    }

    private static async Task<IResult> Answer([FromForm] string answer, HttpContext http, Store store, CallVerifier verifier, CallDesk calls)
    {
        await store.Write(async tx =>
        {
            foreach (var call in await calls.LiveOf(tx, http.User.Id()))
                if (answer == "report") await verifier.Deny(tx, call.Id, http.User.Id(), "reported");
                else await calls.HangUp(tx, call.Id, http.User.Id());
        }, http.RequestAborted);
        return Results.Redirect(answer == "report" ? "/me/call?someone=true" : "/me");
    }

    /// <summary>She may stop the recording at any moment; what was recorded until then was agreed to.</summary>
    private static async Task<IResult> Recording(HttpContext http, Store store, CallDesk calls, LiveFeed live)
    {
        await store.Write(async tx =>
        {
            foreach (var call in await calls.LiveOf(tx, http.User.Id()))
            {
                await calls.Consent(tx, call, agreed: false);
                tx.AfterCommit(() => live.LookAgain(call.Id, call.CustomerId));
            }
        }, http.RequestAborted);
        return Results.Redirect("/me/call");
    }

    private static async Task<IResult> HangUp(HttpContext http, Store store, CallDesk calls)
    {
        await store.Write(async tx =>
        {
            foreach (var call in await calls.LiveOf(tx, http.User.Id())) await calls.HangUp(tx, call.Id, http.User.Id());
        }, http.RequestAborted);
        return Results.Redirect("/me");
    }
}

/// <summary>Takes her tap, and says in her words when it opens nothing.</summary>
public sealed class CustomerTaps(Store store, CallVerifier verifier, CallDesk calls, Microsoft.Extensions.Localization.IStringLocalizer<CallText> words)
{
    public async Task<string?> Tapped(string customerId, string nonce, int number, TapSignature? signature, CancellationToken stop)
    {
        var refusal = await store.Write<VerificationRefusal?>(async tx =>
        {
            foreach (var call in await calls.LiveOf(tx, customerId))
                if (call.Verification?.Prompt?.Nonce == nonce) return (await verifier.Tapped(tx, call.Id, customerId, nonce, number, signature)).Refusal;
            return null;
        }, stop);
        return refusal is VerificationRefusal.NotSigned or VerificationRefusal.DeviceTooNew ? words[$"C.Tap.{refusal}"].Value : null;
    }
}

/// <summary>Gathers what the customer's call page shows.</summary>
public sealed class CustomerCallLook(Store store, CallVerifier verifier, CallDesk calls, AccountDesk accounts, CustomerCallParts parts)
{
    public async Task<CustomerCallView> At(HttpContext http, bool someoneIsCalling)
    {
        var form = parts.Antiforgery.GetAndStoreTokens(http).RequestToken ?? "";
        var customer = http.User.Id();
        var (view, language) = await store.Read(async tx =>
        {
            var status = await verifier.Status(tx, customer, someoneIsCalling);
            var person = await parts.Customers.Find(tx, customer);
            var view = new CustomerCallView(status, parts.Time.GetUtcNow(), form) { CheckedAt = Clock(parts.Time.GetUtcNow(), person?.TimeZone) };
            if (status.Call is null || await calls.Find(tx, status.Call.CallId) is not { } call) return (view, person?.Language);
            var script = (await calls.InHand(tx, call)).Walk.Script;
            return (view with { Call = call, Seal = await verifier.Seal(tx, call), AgentName = (await accounts.Find(tx, call.AgentId))?.Name ?? "", Title = script.Title.In(call.Language) }, call.Language);
        }, http.RequestAborted);
        // The words of the seal are spoken in the customer's language; the page follows.
        return view;
    }

    private static string Clock(DateTimeOffset now, string? zone) =>
        zone is not null && TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var known)
            ? TimeZoneInfo.ConvertTime(now, known).ToString("HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture)
            : $"{now.ToString("HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture)} UTC";
}

/// <summary>What the look needs besides the desks.</summary>
public sealed record CustomerCallParts(IAntiforgery Antiforgery, CustomerDesk Customers, TimeProvider Time);
