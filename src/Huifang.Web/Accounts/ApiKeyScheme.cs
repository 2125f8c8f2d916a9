using System.Security.Claims;
using System.Text.Encodings.Web;
using Huifang.Storage;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Huifang.Accounts;

/// <summary><c>Authorization: Bearer hf_…</c> or <c>X-Api-Key: hf_…</c>.</summary>
public sealed class ApiKeyScheme(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory log, UrlEncoder encoder, Store store, ApiKeyDesk keys, TimeProvider time)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, log, encoder)
{
    public const string Name = "api-key";
    public const string ScopeClaim = "scope";

    // A revoked key works for this long at most; without it every event would cost a look-up.
    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(5);
    private static readonly System.Collections.Concurrent.ConcurrentDictionary<(Store, string), (ApiKey Key, DateTimeOffset Until)> Seen = new();

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var key = Request.Headers["X-Api-Key"].FirstOrDefault();
        if (key is null && Request.Headers.Authorization.FirstOrDefault() is { } header && header.StartsWith("Bearer ", StringComparison.Ordinal)) key = header["Bearer ".Length..];
        if (key is null || key.Length > 200) return AuthenticateResult.NoResult();
        var now = time.GetUtcNow();
        if (!Seen.TryGetValue((store, key), out var seen) || seen.Until <= now)
        {
            if (await store.Read(tx => keys.Find(tx, key), Context.RequestAborted) is not { } found) return AuthenticateResult.Fail("unknown, expired or revoked key");
            await store.Write(tx => keys.Used(tx, found.Id), CancellationToken.None);
            if (Seen.Count > 1000) Seen.Clear();
            Seen[(store, key)] = seen = (found, now + Remembered);
        }
        var identity = new ClaimsIdentity([new(ClaimTypes.NameIdentifier, seen.Key.Name), .. seen.Key.Scopes.Select(scope => new Claim(ScopeClaim, scope))], Name);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Name));
    }
}
