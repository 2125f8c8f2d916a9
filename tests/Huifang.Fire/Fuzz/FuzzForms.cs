using System.Net;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace Huifang.Fire.Fuzz;

/// <summary>A form as a page of ours offers it: where it goes and what each field may hold.</summary>
public sealed record FuzzForm(string As, string Method, string Target, IReadOnlyList<(string Name, string[] Values)> Fields, bool HasFiles);

/// <summary>Looks at every page as everybody who may and keeps its forms and links, so that requests are like those which browsers send.</summary>
public sealed class FuzzForms
{
    private readonly List<FuzzForm> _forms = [];
    private readonly List<(string As, string Target)> _links = [];

    public IReadOnlyList<FuzzForm> All => _forms;
    public IReadOnlyList<(string As, string Target)> Links => _links;

    public static async Task<FuzzForms> Of(FuzzSite site, Mutator mutator)
    {
        var found = new FuzzForms();
        var parser = new HtmlParser();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var asker in site.Askers.Where(asker => asker.Key is null))
        {
            using var http = new HttpClient(new HttpClientHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = new($"http://127.0.0.1:{site.Port}") };
            if (asker.Cookies.Length > 0) http.DefaultRequestHeaders.Add("Cookie", asker.Cookies);
            foreach (var route in site.Routes.Where(route => route.Method == "GET" && !route.Pattern.StartsWith("/v1", StringComparison.Ordinal)))
            {
                using var answer = await http.GetAsync(FuzzMaker.Address(route, site.Ids, mutator, wild: false));
                if (answer.StatusCode != HttpStatusCode.OK || answer.Content.Headers.ContentType?.MediaType != "text/html") continue;
                found.Read(asker.Name, parser.ParseDocument(await answer.Content.ReadAsStringAsync()), answer.RequestMessage!.RequestUri!.PathAndQuery, seen);
            }
        }
        return found;
    }

    private void Read(string who, IHtmlDocument page, string here, HashSet<string> seen)
    {
        foreach (var link in page.QuerySelectorAll("a[href^='/'], [hx-get^='/']").Select(link => link.GetAttribute("href") ?? link.GetAttribute("hx-get")!))
            if (seen.Add($"{who} {link}") && _links.Count < 4000) _links.Add((who, link));
        foreach (var form in page.QuerySelectorAll("form, [hx-post], [hx-put]"))
        {
            var method = form.HasAttribute("hx-put") ? "PUT" : form.HasAttribute("hx-post") ? "POST" : form.GetAttribute("method")?.ToUpperInvariant() ?? "GET";
            var targets = new[] { form.GetAttribute("hx-post") ?? form.GetAttribute("hx-put") ?? form.GetAttribute("action") ?? here }.Concat(form.QuerySelectorAll("[formaction]").Select(button => button.GetAttribute("formaction")!));
            var fields = form.QuerySelectorAll("input[name], select[name], textarea[name], button[name]").Where(field => field.GetAttribute("name") != "__RequestVerificationToken")
                .GroupBy(field => field.GetAttribute("name")!).Select(group => (group.Key, group.SelectMany(field => field is IHtmlSelectElement select ? select.Options.Select(option => option.Value) : [field.GetAttribute("value") ?? field.TextContent]).Distinct().Take(40).ToArray())).ToList();
            var files = form.QuerySelector("input[type=file]") is not null;
            foreach (var target in targets)
                if (seen.Add($"{who} {method} {Shape(target)} {string.Join(',', fields.Select(field => field.Key))}")) _forms.Add(new(who, method, target, fields, files));
        }
    }

    // Two forms that differ in an id alone are one.
    private static string Shape(string target) => System.Text.RegularExpressions.Regex.Replace(target, "[0-9a-f-]{30,}|[A-Za-z0-9_-]{42,}", "*");
}
