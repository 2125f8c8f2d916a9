using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Huifang.OpenId;

/// <summary>The operator's own identity provider, and who we are to it.</summary>
/// <param name="Issuer">Its address, exactly as its tokens name it.</param>
/// <param name="ClientId">Our name there.</param>
/// <param name="ClientSecret">Null for a public client; the code is bound by PKCE in either case.</param>
/// <param name="LoginClaim">The claim that holds the login of a member of our staff.</param>
public sealed record ProviderSettings(string Issuer, string ClientId, string? ClientSecret, string LoginClaim = "preferred_username");

/// <summary>What must come back with the answer: kept on our side until then, and heard once.</summary>
public sealed record ProviderRequest(string Nonce, string Verifier, string? Back);

/// <summary>Why an answer of the provider was not believed. People read one sentence for all; the journal has the reason.</summary>
public enum ProviderRefusal { NotReached, NoCode, TokenRefused, TokenNotBelieved, WrongNonce, NoLogin }

/// <summary>
/// Authorisation code flow with PKCE against one OpenID provider. Tokens are believed only with a signature by a key of the provider's, an asymmetric algorithm of a short list, our audience,
/// its issuer, a time that holds and the nonce of this very request. Source: OpenID Connect Core 1.0 §3.1, RFC 7636, RFC 9207, RFC 9700; OWASP ASVS 5.0 V10.
/// </summary>
public sealed class OpenIdProvider(ProviderSettings settings, HttpClient http, TimeProvider time)
{
    private const int AnswerBytesMax = 256 * 1024;
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan TokenAgeMax = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan KeysKept = TimeSpan.FromHours(1);
    private static readonly TimeSpan KeysAskedAtMost = TimeSpan.FromSeconds(30);
    private static readonly string[] Algorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];

    private readonly JsonWebTokenHandler _tokens = new() { MapInboundClaims = false };
    private readonly SemaphoreSlim _asking = new(1);
    private Metadata? _metadata;
    private (IReadOnlyList<SecurityKey> Keys, DateTimeOffset At) _keys = ([], DateTimeOffset.MinValue);

    private sealed record Metadata(string Authorization, string Token, string Keys);

    /// <summary>A handler that follows nobody elsewhere and waits for nobody long.</summary>
    public static HttpClient Client() => new(new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(5), PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
    {
        Timeout = TimeSpan.FromSeconds(10), MaxResponseContentBufferSize = AnswerBytesMax,
    };

    /// <summary>Where to send the person, and what to remember meanwhile.</summary>
    /// <exception cref="HttpRequestException">The provider was not reached or does not describe itself as it should.</exception>
    public async Task<(Uri Address, ProviderRequest Request)> Begin(string state, string redirectUri, string? back, CancellationToken stop = default)
    {
        var request = new ProviderRequest(Random(), Random(), back);
        var metadata = await Describe(stop);
        var query = new Dictionary<string, string>
        {
            ["response_type"] = "code", ["client_id"] = settings.ClientId, ["redirect_uri"] = redirectUri, ["scope"] = "openid profile", ["state"] = state, ["nonce"] = request.Nonce,
            ["code_challenge"] = Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(request.Verifier))), ["code_challenge_method"] = "S256",
        };
        var joined = string.Join('&', query.Select(one => $"{one.Key}={Uri.EscapeDataString(one.Value)}"));
        return (new Uri($"{metadata.Authorization}{(metadata.Authorization.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{joined}"), request);
    }

    /// <summary>Exchanges the code and reads who it is.</summary>
    /// <returns>Her login, or why the answer is not believed.</returns>
    public async Task<(string? Login, ProviderRefusal? Refusal)> Finish(string code, string redirectUri, ProviderRequest request, CancellationToken stop = default)
    {
        try
        {
            var fields = new Dictionary<string, string> { ["grant_type"] = "authorization_code", ["code"] = code, ["redirect_uri"] = redirectUri, ["code_verifier"] = request.Verifier, ["client_id"] = settings.ClientId };
            using var asked = new HttpRequestMessage(HttpMethod.Post, (await Describe(stop)).Token) { Content = new FormUrlEncodedContent(fields) };
            if (settings.ClientSecret is { } secret)
                asked.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Uri.EscapeDataString(settings.ClientId)}:{Uri.EscapeDataString(secret)}")));
            using var answer = await http.SendAsync(asked, stop);
            if (!answer.IsSuccessStatusCode) return (null, ProviderRefusal.TokenRefused);
            using var body = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(stop));
            return body.RootElement.TryGetProperty("id_token", out var token) && token.GetString() is { Length: > 0 and < 20_000 } text ? await Read(text, request, stop) : (null, ProviderRefusal.TokenRefused);
        }
        catch (Exception failed) when (failed is HttpRequestException or JsonException or TaskCanceledException && !stop.IsCancellationRequested) { return (null, ProviderRefusal.NotReached); }
    }

    private async Task<(string?, ProviderRefusal?)> Read(string token, ProviderRequest request, CancellationToken stop)
    {
        var result = await Check(token, await Keys(false, stop));
        // A key that we do not know yet: the provider has changed its keys. We ask again, but not for everybody who invents one.
        if (result.Exception is SecurityTokenSignatureKeyNotFoundException) result = await Check(token, await Keys(true, stop));
        if (!result.IsValid || result.SecurityToken is not JsonWebToken believed) return (null, ProviderRefusal.TokenNotBelieved);
        string? Claim(string name) => believed.TryGetPayloadValue<string>(name, out var value) ? value : null;
        if (Claim("nonce") is not { } nonce || !CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(nonce), Encoding.UTF8.GetBytes(request.Nonce))) return (null, ProviderRefusal.WrongNonce);
        // A token for several parties says for whom it was made; an old one is not about this sign-in.
        if ((believed.Audiences.Count() > 1 || Claim("azp") is not null) && Claim("azp") != settings.ClientId) return (null, ProviderRefusal.TokenNotBelieved);
        if (believed.IssuedAt == DateTime.MinValue || time.GetUtcNow() - believed.IssuedAt > TokenAgeMax || string.IsNullOrEmpty(believed.Subject)) return (null, ProviderRefusal.TokenNotBelieved);
        return Claim(settings.LoginClaim) is { Length: > 0 and <= 100 } login ? (login, null) : (null, ProviderRefusal.NoLogin);
    }

    private Task<TokenValidationResult> Check(string token, IReadOnlyList<SecurityKey> keys) => _tokens.ValidateTokenAsync(token, new TokenValidationParameters
    {
        ValidIssuer = settings.Issuer, ValidAudience = settings.ClientId, IssuerSigningKeys = keys, ValidAlgorithms = Algorithms, RequireSignedTokens = true, RequireExpirationTime = true, TryAllIssuerSigningKeys = false,
        LifetimeValidator = (from, until, _, _) => until > time.GetUtcNow() - Skew && (from is null || from <= time.GetUtcNow() + Skew),
    });

    private async Task<IReadOnlyList<SecurityKey>> Keys(bool anew, CancellationToken stop)
    {
        var (keys, at) = _keys;
        var age = time.GetUtcNow() - at;
        if (keys.Count > 0 && age < KeysKept && (!anew || age < KeysAskedAtMost)) return keys;
        var found = new JsonWebKeySet(await http.GetStringAsync((await Describe(stop)).Keys, stop)).GetSigningKeys().Where(key => key is not SymmetricSecurityKey).ToList();
        _keys = (found, time.GetUtcNow());
        return found;
    }

    private async Task<Metadata> Describe(CancellationToken stop)
    {
        if (_metadata is not null) return _metadata;
        await _asking.WaitAsync(stop);
        try
        {
            if (_metadata is not null) return _metadata;
            using var said = JsonDocument.Parse(await http.GetByteArrayAsync($"{settings.Issuer.TrimEnd('/')}/.well-known/openid-configuration", stop));
            string Field(string name) => said.RootElement.TryGetProperty(name, out var value) && value.GetString() is { } text ? text : throw new HttpRequestException($"The identity provider does not say its {name}.");
            if (Field("issuer") != settings.Issuer) throw new HttpRequestException($"The identity provider calls itself {Field("issuer")} instead of {settings.Issuer}. Set HUIFANG_OIDC to what it calls itself.");
            return _metadata = new(Safe(Field("authorization_endpoint")), Safe(Field("token_endpoint")), Safe(Field("jwks_uri")));
        }
        finally { _asking.Release(); }
    }

    private static string Safe(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && (uri.Scheme == "https" || (uri.Scheme == "http" && uri.IsLoopback)) ? address : throw new HttpRequestException($"The identity provider names {address}, which is not https.");

    private static string Random() => Base64UrlEncoder.Encode(RandomNumberGenerator.GetBytes(32));
}
