using System.Text.Json;
using Huifang.Calls;
using Huifang.Shell;
using Microsoft.AspNetCore.Authentication;

namespace Huifang.Accounts;

/// <summary>What a browser answers to a challenge.</summary>
public sealed record PasskeyAnswer(string? Ceremony, JsonElement Credential, string? Name, string? Back);

/// <summary>The two requests of each ceremony, in JSON: the challenge, and the answer to it.</summary>
public static class PasskeyEndpoints
{
    private const int AnswerBytesMax = 32 * 1024;

    public static void MapPasskeys(this WebApplication app)
    {
        var door = app.MapGroup("/signin/passkey").Open("Whoever signs in is not signed in yet.").AddEndpointFilter<FormToken>().DisableAntiforgery();
        door.MapPost("challenge", (HttpContext http, PasskeyCeremony ceremony) => Challenge(http, ceremony, CeremonyPurpose.SignIn));
        door.MapPost("", SignIn);
        var prove = app.MapGroup("/prove/passkey").RequireAuthorization(StaffSession.Scheme).AddEndpointFilter<FormToken>().DisableAntiforgery();
        prove.MapPost("challenge", (HttpContext http, PasskeyCeremony ceremony) => Challenge(http, ceremony, CeremonyPurpose.Prove));
        prove.MapPost("", Prove);
        var mine = app.MapGroup("/my/passkeys").RequireAuthorization(StaffSession.Scheme).NeedsFreshProof().AddEndpointFilter<FormToken>().DisableAntiforgery();
        mine.MapPost("challenge", (HttpContext http, PasskeyCeremony ceremony) => Challenge(http, ceremony, CeremonyPurpose.Enrol));
        mine.MapPost("", Enrol);
    }

    private static async Task<IResult> Challenge(HttpContext http, PasskeyCeremony ceremony, CeremonyPurpose purpose)
    {
        var challenge = await ceremony.Begin(http, purpose, purpose == CeremonyPurpose.SignIn ? null : http.Signed().Staff);
        return Results.Json(new { ceremony = challenge.Ceremony, options = JsonSerializer.Deserialize<JsonElement>(challenge.Options) });
    }

    private static async Task<IResult> SignIn(HttpContext http, PasskeyCeremony ceremony, PasskeyAnswer? answer)
    {
        if (!IsWhole(answer) || await ceremony.SignIn(http, answer!.Ceremony!, answer.Credential.GetRawText()) is not { } signedIn) return Wrong(StatusCodes.Status401Unauthorized);
        await http.SignInAsync(StaffSession.Scheme, StaffSession.Principal(signedIn.Staff, signedIn.SessionId));
        PageLanguage.Keep(http, signedIn.Staff.Language);
        return Results.Json(new { to = SignInEndpoints.Landing(signedIn.Staff, answer.Back) });
    }

    private static async Task<IResult> Prove(HttpContext http, PasskeyCeremony ceremony, PasskeyAnswer? answer) =>
        IsWhole(answer) && await ceremony.Prove(http, answer!.Ceremony!, answer.Credential.GetRawText()) ? Results.Json(new { to = SignInEndpoints.Landing(http.Signed().Staff, answer.Back) }) : Wrong(StatusCodes.Status422UnprocessableEntity);

    private static async Task<IResult> Enrol(HttpContext http, PasskeyCeremony ceremony, PasskeyAnswer? answer) =>
        IsWhole(answer) && await ceremony.Enrol(http, answer!.Ceremony!, answer.Credential.GetRawText(), string.IsNullOrWhiteSpace(answer.Name) ? "—" : answer.Name) ? Results.Json(new { to = "/my/sign-in?said=added" }) : Wrong(StatusCodes.Status422UnprocessableEntity);

    private static bool IsWhole(PasskeyAnswer? answer) =>
        answer is { Ceremony.Length: > 0 and <= 64, Credential.ValueKind: JsonValueKind.Object } && answer.Credential.GetRawText().Length <= AnswerBytesMax && (answer.Name?.Length ?? 0) <= 200 && (answer.Back?.Length ?? 0) <= 500;

    // One answer for everything that is wrong: which of it would help only whoever forges.
    private static IResult Wrong(int status) => Results.Problem(statusCode: status, title: "The key did not match, or the challenge is used or too old. Begin again.");
}
