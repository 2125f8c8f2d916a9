using System.Globalization;
using Huifang.Languages;
using Microsoft.AspNetCore.Localization;

namespace Huifang.Shell;

/// <summary>
/// The language of a page: what was just asked for (?lang=), else what the person chose before (cookie; signing in sets it from the account),
/// else the customer's own on pages for her, else what the browser prefers. It is settled before the page begins: a culture that a page sets
/// for itself would not reach what it renders.
/// </summary>
public static class PageLanguage
{
    public const string Cookie = "hf-lang";
    public const string Claim = "lang";

    public static readonly IReadOnlyList<(string Tag, string Own)> Menu = [(Language.Simplified, "简体中文"), (Language.Traditional, "繁體中文"), (Language.English, "English")];

    public static string Current => Language.For(CultureInfo.CurrentUICulture.Name) ?? Language.Simplified;

    public static RequestLocalizationOptions Options()
    {
        var options = new RequestLocalizationOptions { DefaultRequestCulture = new(Language.Simplified), ApplyCurrentCultureToResponseHeaders = true };
        options.SupportedCultures = options.SupportedUICultures = [.. Language.All.Select(CultureInfo.GetCultureInfo)];
        options.RequestCultureProviders = [new CustomRequestCultureProvider(Choose)];
        return options;
    }

    /// <summary>Keeps the choice for the next pages.</summary>
    public static void Keep(HttpContext page, string language) =>
        page.Response.Cookies.Append(Cookie, language, new() { HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = page.Request.IsHttps, MaxAge = TimeSpan.FromDays(365), IsEssential = true });

    /// <summary>The address of this page in another language.</summary>
    public static string Href(HttpContext page, string language)
    {
        var query = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(page.Request.QueryString.Value);
        query["lang"] = language;
        string path = HttpMethods.IsGet(page.Request.Method) ? page.Request.PathBase + page.Request.Path : "/";
        return Microsoft.AspNetCore.WebUtilities.QueryHelpers.AddQueryString(path, query);
    }

    private static string? Asked(HttpContext page) => Language.For(page.Request.Query["lang"]);

    private static async Task<ProviderCultureResult?> Choose(HttpContext page)
    {
        if (Asked(page) is { } asked) Keep(page, asked);
        var language = Asked(page)
            ?? Language.For(page.Request.Cookies[Cookie])
            ?? Language.For(await page.RequestServices.GetRequiredService<CustomerLanguage>().Of(page))
            ?? page.Request.GetTypedHeaders().AcceptLanguage.OrderByDescending(one => one.Quality ?? 1).Select(one => Language.For(one.Value.Value)).FirstOrDefault(known => known is not null)
            ?? Language.Simplified;
        return new(language);
    }
}
