using System.Net;
using System.Text.RegularExpressions;
using Huifang.Web.Tests.Calls;

namespace Huifang.Web.Tests.Rules;

/// <summary>Somebody with a browser that keeps cookies, without the browser.</summary>
internal sealed partial class Visitor : IDisposable
{
    private readonly HttpClient http;

    private Visitor(string address) => http = new(new HttpClientHandler { CookieContainer = new(), AllowAutoRedirect = true }) { BaseAddress = new(address) };

    public static async Task<Visitor> Staff(CallSite site, string id)
    {
        var visitor = new Visitor(site.Address);
        (await visitor.http.GetAsync($"/test/as/{id}")).EnsureSuccessStatusCode();
        return visitor;
    }

    public static async Task<Visitor> Customer(CallSite site)
    {
        var visitor = new Visitor(site.Address);
        await visitor.http.GetAsync(site.Enter("/me/why"));
        return visitor;
    }

    public async Task<(HttpStatusCode Code, string Text)> Get(string path)
    {
        var answer = await http.GetAsync(path);
        return (answer.StatusCode, WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync()));
    }

    /// <summary>Posts a form with the token of the page it stands on.</summary>
    public async Task<(HttpStatusCode Code, string Text)> Post(string from, string path, params (string Name, string Value)[] fields)
    {
        var token = Token().Match((await http.GetAsync(from)).Content.ReadAsStringAsync().Result).Groups[1].Value;
        return await PostWith(path, [("__RequestVerificationToken", token), .. fields]);
    }

    public async Task<(HttpStatusCode Code, string Text)> PostWith(string path, params (string Name, string Value)[] fields)
    {
        var answer = await http.PostAsync(path, new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))));
        return (answer.StatusCode, WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync()));
    }

    public void Dispose() => http.Dispose();

    [GeneratedRegex("name=\"__RequestVerificationToken\"[^>]*value=\"([^\"]+)\"")]
    private static partial Regex Token();
}
