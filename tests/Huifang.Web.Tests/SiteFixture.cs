using System.Net;
using System.Text.RegularExpressions;

namespace Huifang.Web.Tests;

/// <summary>One site for the tests that only look, or that each touch people of their own.</summary>
public sealed class SiteFixture : IAsyncLifetime
{
    public Site Site { get; private set; } = null!;
    public async Task InitializeAsync() => Site = await Site.Open();
    public Task DisposeAsync() => Site.DisposeAsync().AsTask();
}

[CollectionDefinition(Name)]
public sealed class OneSite : ICollectionFixture<SiteFixture>
{
    public const string Name = "one site";
}

/// <summary>A person with a browser that runs no script: follows links, sends forms, keeps cookies.</summary>
public sealed partial class Visitor : IDisposable
{
    private readonly HttpClientHandler _handler = new() { AllowAutoRedirect = true, CookieContainer = new CookieContainer() };
    private readonly HttpClient _http;

    public Visitor(Site site, string? language = null)
    {
        _http = new HttpClient(_handler) { BaseAddress = new Uri(site.Address) };
        if (language is not null) _handler.CookieContainer.Add(_http.BaseAddress, new Cookie("hf-lang", language));
    }

    public Uri? At { get; private set; }

    public IEnumerable<Cookie> Cookies => _handler.CookieContainer.GetAllCookies();

    public async Task<(HttpStatusCode Status, string Html)> Get(string path)
    {
        using var answer = await _http.GetAsync(path);
        At = answer.RequestMessage!.RequestUri;
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Sends the form on <paramref name="page"/> that goes to <paramref name="action"/>, with its token.</summary>
    public async Task<(HttpStatusCode Status, string Html)> Send(string page, string action, params (string Name, string Value)[] fields)
    {
        var (_, html) = await Get(page);
        var token = Token().Match(html).Groups[1].Value;
        using var answer = await _http.PostAsync(action, new FormUrlEncodedContent([.. fields.Select(field => KeyValuePair.Create(field.Name, field.Value)), KeyValuePair.Create("__RequestVerificationToken", WebUtility.HtmlDecode(token))]));
        At = answer.RequestMessage!.RequestUri;
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    public Task<HttpResponseMessage> Post(string path, HttpContent content) => _http.PostAsync(path, content);

    public void Dispose() => _http.Dispose();

    [GeneratedRegex("""name="__RequestVerificationToken" value="([^"]+)""")]
    private static partial Regex Token();
}
