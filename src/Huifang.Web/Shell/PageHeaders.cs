using System.Security.Cryptography;

namespace Huifang.Shell;

/// <summary>
/// What a browser may do with our pages: scripts that this very answer named by its nonce and what those load, our own styles and pictures, nothing of anybody else's, no text
/// made into script, no frame around us. Source: OWASP ASVS 5.0 V3.4.
/// </summary>
public static class PageHeaders
{
    private const string Key = "page-nonce";

    /// <summary>The word by which this answer's own scripts are known; another one with every answer.</summary>
    public static string Nonce(this HttpContext page)
    {
        if (page.Items.TryGetValue(Key, out var made)) return (string)made!;
        var nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(18));
        page.Items[Key] = nonce;
        return nonce;
    }

    public static string Policy(string nonce) =>
        $"default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; media-src 'self' blob:; " +
        "frame-src 'self'; frame-ancestors 'self'; base-uri 'none'; form-action 'self'; object-src 'none'; manifest-src 'self'; " +
        "require-trusted-types-for 'script'; trusted-types default hf-inert";

    /// <summary>Whoever leaves takes nothing of ours along: what pages left in the browser's caches goes. The device's key stays, because it proves the device and not the session.</summary>
    public static void Leave(HttpContext page) => page.Response.Headers["Clear-Site-Data"] = "\"cache\"";

    public static void Use(WebApplication app) => app.Use((page, next) =>
    {
        var headers = page.Response.Headers;
        headers.ContentSecurityPolicy = Policy(page.Nonce());
        headers.XContentTypeOptions = "nosniff";
        // Our own pages may know where a form stood; nobody else learns an address of ours.
        headers["Referrer-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "microphone=(self), camera=(), geolocation=(), payment=(), usb=(), publickey-credentials-get=(self), publickey-credentials-create=(self)";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        if (page.Request.IsHttps) headers.StrictTransportSecurity = "max-age=63072000; includeSubDomains";
        page.Response.OnStarting(() =>
        {
            // Answers hold people's data: no cache keeps them, whatever their type. Bundled files carry a fingerprint and are kept.
            if (headers.CacheControl.Count == 0) headers.CacheControl = "no-store";
            return Task.CompletedTask;
        });
        return next(page);
    });

    public static StaticFileOptions Files() => new()
    {
        OnPrepareResponse = file => file.Context.Response.Headers.CacheControl = file.Context.Request.Query.ContainsKey("v") ? "public, max-age=31536000, immutable" : "public, max-age=3600",
    };
}
