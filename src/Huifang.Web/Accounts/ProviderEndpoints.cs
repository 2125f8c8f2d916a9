using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Huifang.OpenId;
using Huifang.Shell;
using Huifang.Storage;
using Microsoft.AspNetCore.Authentication;

namespace Huifang.Accounts;

/// <summary>
/// Staff sign in by the operator's own identity provider. What was asked is kept in the table of ceremonies and bound to this browser by a cookie, so that an answer counts once and only
/// where it was asked for. Nobody is taken up by it: whoever comes must be staff of ours already.
/// </summary>
public static class ProviderEndpoints
{
    private const string Path = "/signin/provider";
    private const string Cookie = "hf-provider";

    public static void MapProvider(this WebApplication app)
    {
        if (app.Services.GetService<OpenIdProvider>() is null) return;
        app.MapGet(Path, Begin).Open("Whoever signs in is not signed in yet.");
        app.MapGet($"{Path}/back", Finish).Open("The provider's answer is the proof.");
    }

    private static async Task<IResult> Begin(HttpContext http, OpenIdProvider provider, PasskeyDesk ceremonies, Store store, Settings settings, ILogger<OpenIdProvider> log, string? back = null)
    {
        // Only a hash goes to the provider; the id itself stays in the browser's cookie.
        var secret = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        try
        {
            var (address, request) = await provider.Begin(State(secret), Back(settings), back is { Length: <= 500 } ? back : null, http.RequestAborted);
            var ceremony = await store.Write(tx => ceremonies.Begin(tx, CeremonyPurpose.Provider, State(secret), JsonSerializer.Serialize(request)), http.RequestAborted);
            // Lax: the provider's answer is a navigation from its site to ours.
            http.Response.Cookies.Append(Cookie, $"{ceremony}.{secret}", new() { HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = settings.IsSecure, Path = Path, MaxAge = TimeSpan.FromMinutes(5), IsEssential = true });
            return Results.Redirect(address.AbsoluteUri);
        }
        catch (Exception failed) when (failed is HttpRequestException or JsonException or TaskCanceledException)
        {
            log.LogWarning(failed, "The identity provider was not reached.");
            return Results.Redirect("/signin?no=provider");
        }
    }

    private static async Task<IResult> Finish(HttpContext http, OpenIdProvider provider, ProviderSettings who, PasskeyDesk ceremonies, ProviderDoor door, Settings settings, string? code = null, string? state = null, string? iss = null)
    {
        var parts = (http.Request.Cookies[Cookie] ?? "").Split('.');
        http.Response.Cookies.Delete(Cookie, new() { Path = Path });
        if (parts is not [var ceremony, var secret] || state is null || !CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(State(secret)), Encoding.ASCII.GetBytes(state))) return Refused();
        if (await door.Store.Write(tx => ceremonies.Spend(tx, ceremony, CeremonyPurpose.Provider, State(secret)), http.RequestAborted) is not { } kept) return Refused();
        // Whoever answers names itself where it can, so that another provider's code is not brought to this one (RFC 9207).
        if (iss is not null && iss != who.Issuer) return Refused();
        var request = JsonSerializer.Deserialize<ProviderRequest>(kept)!;
        var (login, refusal) = code is { Length: > 0 and <= 2000 } ? await provider.Finish(code, Back(settings), request, http.RequestAborted) : (null, ProviderRefusal.NoCode);
        if (await door.Let(login, refusal, http) is not { } signedIn) return Refused();
        await http.SignInAsync(StaffSession.Scheme, StaffSession.Principal(signedIn.Staff, signedIn.SessionId));
        PageLanguage.Keep(http, signedIn.Staff.Language);
        return Results.LocalRedirect(SignInEndpoints.Landing(signedIn.Staff, request.Back));
    }

    private static IResult Refused() => Results.Redirect("/signin?no=provider");

    private static string Back(Settings settings) => $"{settings.PublicUrl}{Path}/back";

    private static string State(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(secret)));
}

/// <summary>Lets in whom the provider named, if she is staff of ours.</summary>
public sealed record ProviderDoor(Store Store, AccountDesk Accounts, SessionDesk Sessions)
{
    public Task<SignIn.In?> Let(string? login, ProviderRefusal? refusal, HttpContext http) => Store.Write<SignIn.In?>(async tx =>
    {
        var staff = login is null ? null : await Accounts.FindByLogin(tx, login);
        if (staff is { DisabledAt: null }) return await Sessions.Open(tx, staff, http.Request.Headers.UserAgent.ToString(), "provider");
        await Accounts.ProviderRefused(tx, staff?.Id, refusal?.ToString() ?? (staff is null ? "UnknownLogin" : "Disabled"));
        return null;
    }, http.RequestAborted);
}
