namespace Huifang.Shell;

/// <summary>What a browser may do with our pages: only our own files, no inline script or style, no frame around us.</summary>
public static class PageHeaders
{
    public const string Policy =
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self' ws: wss:; media-src 'self' blob:; " +
        "frame-src 'self'; frame-ancestors 'self'; base-uri 'none'; form-action 'self'; object-src 'none'";

    public static void Use(WebApplication app) => app.Use((page, next) =>
    {
        var headers = page.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        // Our own pages may know where a form stood; nobody else learns an address of ours.
        headers["Referrer-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "microphone=(self), camera=(), geolocation=()";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        page.Response.OnStarting(() =>
        {
            // Pages hold people's data: no cache keeps them. Bundled files carry a fingerprint and are kept.
            if (page.Response.ContentType?.StartsWith("text/html", StringComparison.Ordinal) is true) headers.CacheControl = "no-store";
            return Task.CompletedTask;
        });
        return next(page);
    });

    public static StaticFileOptions Files() => new()
    {
        OnPrepareResponse = file => file.Context.Response.Headers.CacheControl = file.Context.Request.Query.ContainsKey("v") ? "public, max-age=31536000, immutable" : "public, max-age=3600",
    };
}
