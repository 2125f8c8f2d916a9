using System.Net;
using Huifang.Accounts;
using Huifang.OpenId;
using Huifang.Storage;

namespace Huifang.Web.Tests.Access;

/// <summary>Signing in by the operator's own identity provider, honest and forged. ASVS V10.</summary>
public sealed class ProviderTests : IAsyncLifetime
{
    private readonly StandingClock _clock = new(new DateTimeOffset(2026, 11, 24, 2, 12, 0, TimeSpan.Zero));
    private TestProvider _provider = null!;
    private AccessSite _site = null!;

    public async Task InitializeAsync()
    {
        _provider = await TestProvider.Open(_clock);
        _site = await AccessSite.Open(provider: new ProviderSettings(_provider.Issuer, TestProvider.Client, TestProvider.Secret), clock: _clock);
    }

    public async Task DisposeAsync()
    {
        await _site.DisposeAsync();
        await _provider.DisposeAsync();
    }

    [Fact]
    public async Task Whom_the_provider_names_is_let_in_where_she_wanted_to_go_and_the_session_says_how()
    {
        using var http = Browser();
        Assert.Equal("/my/sign-in", await SignIn(http, "/my/sign-in"));
        Assert.Equal(["provider"], await Methods());
        using var page = await http.GetAsync("/my/sign-in");
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
    }

    public static TheoryData<string> Forgeries => ["alg none", "public key as secret", "unknown key", "foreign key under a known name", "expired", "not yet", "old", "no expiry", "wrong audience", "several audiences without us as party", "wrong issuer", "wrong nonce", "no nonce", "no subject", "no login", "nobody of ours", "cut short", "far too long"];

    [Theory, MemberData(nameof(Forgeries))]
    public async Task A_token_that_is_not_the_providers_for_us_now_and_here_lets_nobody_in(string forgery)
    {
        _provider.Forge = token => forgery switch
        {
            "alg none" => token.Unsigned(),
            "public key as secret" => token.SignedByPublicKey(),
            "unknown key" => token.Signed(TestProvider.NewKey("k9")),
            "foreign key under a known name" => token.Signed(TestProvider.NewKey("k1")),
            "expired" => token.With("exp", _clock.GetUtcNow().AddMinutes(-2).ToUnixTimeSeconds()).With("iat", _clock.GetUtcNow().AddMinutes(-7).ToUnixTimeSeconds()).Signed(),
            "not yet" => token.With("nbf", _clock.GetUtcNow().AddMinutes(5).ToUnixTimeSeconds()).Signed(),
            "old" => token.With("iat", _clock.GetUtcNow().AddMinutes(-11).ToUnixTimeSeconds()).Signed(),
            "no expiry" => token.With("exp", null).Signed(),
            "wrong audience" => token.With("aud", "another client").Signed(),
            "several audiences without us as party" => token.With("aud", new[] { TestProvider.Client, "another client" }).With("azp", "another client").Signed(),
            "wrong issuer" => token.With("iss", "https://evil.example").Signed(),
            "wrong nonce" => token.With("nonce", "of another sign-in").Signed(),
            "no nonce" => token.With("nonce", null).Signed(),
            "no subject" => token.With("sub", null).Signed(),
            "no login" => token.With("preferred_username", null).Signed(),
            "nobody of ours" => token.With("preferred_username", "stranger").Signed(),
            "cut short" => token.Signed()[..^10],
            "far too long" => token.With("padding", new string('x', 30_000)).Signed(),
            _ => throw new ArgumentOutOfRangeException(nameof(forgery)),
        };
        using var http = Browser();
        Assert.Equal("/signin?no=provider", await SignIn(http));
        Assert.Empty(await Methods());
        Assert.Equal(1, await _site.Get<Store>().Read(tx => tx.One<long>("select count(*) from journal where kind = 'staff.refused'")));
        // The next, honest one is let in: nothing was left behind.
        _provider.Forge = token => token.Signed();
        Assert.Equal("/desk", await SignIn(http));
    }

    [Fact]
    public async Task An_answer_counts_once_in_the_browser_that_asked_within_five_minutes()
    {
        using var http = Browser();
        var answer = await Authorised(http, "/signin/provider");
        using var thief = Browser();
        Assert.Equal("/signin?no=provider", await Location(thief, answer)); // another browser: no cookie
        Assert.Equal("/desk", await Location(http, answer));
        Assert.Equal("/signin?no=provider", await Location(http, answer)); // replayed

        var other = await Authorised(http, "/signin/provider");
        Assert.Equal("/signin?no=provider", await Location(http, other.Replace("state=", "state=0", StringComparison.Ordinal))); // another state
        answer = await Authorised(http, "/signin/provider");
        Assert.Equal("/signin?no=provider", await Location(http, answer.Replace("iss=http", "iss=https", StringComparison.Ordinal))); // another provider's answer
        answer = await Authorised(http, "/signin/provider");
        _clock.Set(_clock.GetUtcNow().AddMinutes(6));
        Assert.Equal("/signin?no=provider", await Location(http, answer)); // too late
        Assert.Equal("/signin?no=provider", await Location(http, "/signin/provider/back?error=access_denied"));
        Assert.Equal("/signin?no=provider", await Location(http, "/signin/provider/back?code=" + new string('x', 5000)));
        Assert.Single(await Methods());
    }

    [Fact]
    public async Task New_keys_of_the_provider_are_taken_up_and_invented_ones_do_not_make_us_ask_for_ever()
    {
        using var http = Browser();
        Assert.Equal("/desk", await SignIn(http));
        _provider.Keys.Insert(0, TestProvider.NewKey("k2"));
        _clock.Set(_clock.GetUtcNow().AddMinutes(1));
        Assert.Equal("/desk", await SignIn(http));
        Assert.Equal(2, _provider.KeysAsked);
        // The old key is gone for good: what it signs is not believed any more once we have seen the new set.
        var old = _provider.Keys[1];
        _provider.Keys.RemoveAt(1);
        _clock.Set(_clock.GetUtcNow().AddHours(2));
        _provider.Forge = token => token.Signed(old);
        Assert.Equal("/signin?no=provider", await SignIn(http));
        var asked = _provider.KeysAsked;
        _provider.Forge = token => token.Signed(TestProvider.NewKey(Guid.NewGuid().ToString()));
        for (var i = 0; i < 5; i++) await SignIn(http);
        Assert.InRange(_provider.KeysAsked, asked, asked + 1);
    }

    [Theory]
    [InlineData("https://evil.example/"), InlineData("//evil.example"), InlineData("/\\evil.example"), InlineData("javascript:alert(1)")]
    public async Task Nobody_is_led_anywhere_but_to_a_page_of_ours(string back)
    {
        using var http = Browser();
        Assert.Equal("/desk", await SignIn(http, back));
    }

    private HttpClient Browser() => new(new HttpClientHandler { CookieContainer = new CookieContainer(), AllowAutoRedirect = false }) { BaseAddress = new Uri(_site.Address) };

    private async Task<string> SignIn(HttpClient http, string? back = null) => await Location(http, await Authorised(http, $"/signin/provider{(back is null ? "" : $"?back={Uri.EscapeDataString(back)}")}"));

    /// <summary>From our door to the provider, and its answer as the address that the browser would follow.</summary>
    private static async Task<string> Authorised(HttpClient http, string door)
    {
        using var begun = await http.GetAsync(door);
        using var provider = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        using var answer = await provider.GetAsync(begun.Headers.Location);
        return answer.Headers.Location!.PathAndQuery;
    }

    private static async Task<string> Location(HttpClient http, string path)
    {
        using var answer = await http.GetAsync(path);
        return answer.Headers.Location!.ToString();
    }

    private Task<List<string>> Methods() => _site.Get<Store>().Read(tx => tx.Query<string>("select method from sessions"));
}
