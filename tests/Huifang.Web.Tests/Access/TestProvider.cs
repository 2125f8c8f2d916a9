using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Huifang.Web.Tests.Access;

/// <summary>A small OpenID provider that keeps to the standard, and forges what a test tells it to.</summary>
public sealed class TestProvider : IAsyncDisposable
{
    public const string Client = "huifang", Secret = "a secret of the test";

    private readonly WebApplication _app;
    private readonly Dictionary<string, IQueryCollection> _codes = [];
    private readonly TimeProvider _time;

    private TestProvider(TimeProvider time)
    {
        _time = time;
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Development" });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.MapGet("/.well-known/openid-configuration", () => Results.Json(new { issuer = Issuer, authorization_endpoint = $"{Issuer}/authorize", token_endpoint = $"{Issuer}/token", jwks_uri = $"{Issuer}/keys" }));
        _app.MapGet("/keys", () => { KeysAsked++; return Results.Json(new { keys = Keys.Select(Public) }); });
        _app.MapGet("/authorize", (HttpRequest asked) =>
        {
            var code = Guid.NewGuid().ToString("N");
            _codes[code] = asked.Query;
            return Results.Redirect($"{asked.Query["redirect_uri"]}?code={code}&state={Uri.EscapeDataString(asked.Query["state"]!)}&iss={Uri.EscapeDataString(Issuer)}");
        });
        _app.MapPost("/token", async (HttpRequest asked) =>
        {
            var form = await asked.ReadFormAsync();
            var basic = $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Client}:{Uri.EscapeDataString(Secret)}"))}";
            // The code counts once, with the verifier that its challenge was made of.
            if (asked.Headers.Authorization != basic || !_codes.Remove(form["code"].ToString(), out var request) || Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString()))) != request["code_challenge"]
                || request["code_challenge_method"] != "S256" || request["redirect_uri"] != form["redirect_uri"]) return Results.BadRequest(new { error = "invalid_grant" });
            return Results.Json(new { access_token = "x", token_type = "Bearer", id_token = Forge(new Token(request["nonce"].ToString(), this)) });
        });
    }

    public string Issuer => _app.Urls.First();
    public List<RsaSecurityKey> Keys { get; } = [NewKey("k1")];
    public int KeysAsked { get; private set; }
    public string Login { get; set; } = "s-agent";
    public DateTimeOffset Now => _time.GetUtcNow();

    /// <summary>How the next tokens are made; honest at first.</summary>
    public Func<Token, string> Forge { get; set; } = token => token.Signed();

    public static async Task<TestProvider> Open(TimeProvider time)
    {
        var provider = new TestProvider(time);
        await provider._app.StartAsync();
        return provider;
    }

    public static RsaSecurityKey NewKey(string id) => new(RSA.Create(2048)) { KeyId = id };

    private static object Public(RsaSecurityKey key)
    {
        var numbers = key.Rsa.ExportParameters(false);
        return new { kty = "RSA", use = "sig", kid = key.KeyId, n = Base64UrlEncoder.Encode(numbers.Modulus), e = Base64UrlEncoder.Encode(numbers.Exponent) };
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    /// <summary>An ID token in the making.</summary>
    public sealed class Token(string nonce, TestProvider provider)
    {
        public Dictionary<string, object> Claims { get; } = new()
        {
            ["iss"] = provider.Issuer, ["aud"] = Client, ["sub"] = "u-1", ["nonce"] = nonce, ["preferred_username"] = provider.Login,
            ["iat"] = provider.Now.ToUnixTimeSeconds(), ["exp"] = provider.Now.AddMinutes(5).ToUnixTimeSeconds(),
        };

        public Token With(string claim, object? value)
        {
            if (value is null) Claims.Remove(claim); else Claims[claim] = value;
            return this;
        }

        public string Signed(RsaSecurityKey? key = null, string algorithm = "RS256") =>
            new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(System.Text.Json.JsonSerializer.Serialize(Claims), new SigningCredentials(key ?? provider.Keys[0], algorithm));

        /// <summary>Signed with a word instead of the key: the public key, as the classic forgery has it.</summary>
        public string SignedByPublicKey() => new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(System.Text.Json.JsonSerializer.Serialize(Claims),
            new SigningCredentials(new SymmetricSecurityKey(provider.Keys[0].Rsa.ExportSubjectPublicKeyInfo()) { KeyId = provider.Keys[0].KeyId }, "HS256"));

        public string Unsigned() => $"{Base64UrlEncoder.Encode("""{"alg":"none","typ":"JWT"}""")}.{Base64UrlEncoder.Encode(System.Text.Json.JsonSerializer.Serialize(Claims))}.";
    }
}
