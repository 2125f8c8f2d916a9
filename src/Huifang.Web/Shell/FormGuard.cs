using Microsoft.AspNetCore.Antiforgery;

namespace Huifang.Shell;

/// <summary>
/// Nothing that another site's form could send is taken without the token of a page of ours. The framework only checks endpoints that bind
/// form fields; a button without fields would slip through. JSON and other types need the browser's leave first and are not meant here.
/// </summary>
public static class FormGuard
{
    public static void Use(WebApplication app) => app.Use(async (page, next) =>
    {
        // Where the framework has looked already, its answer counts; asking it for the form again would throw.
        if (page.Features.Get<IAntiforgeryValidationFeature>() is { } looked)
        {
            if (looked.IsValid) await next(page);
            else page.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }
        if (IsMeant(page) && !await app.Services.GetRequiredService<IAntiforgery>().IsRequestValidAsync(page))
        {
            page.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }
        await next(page);
    });

    private static bool IsMeant(HttpContext page)
    {
        var (request, method) = (page.Request, page.Request.Method);
        if (HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method) || page.GetEndpoint() is not { } endpoint) return false;
        if (request.Path.StartsWithSegments("/v1") || request.Path.StartsWithSegments("/hub")) return false;
        // An endpoint that opts out checks by itself, or is open to programs on purpose.
        if (endpoint.Metadata.GetMetadata<IAntiforgeryMetadata>() is { RequiresValidation: false }) return false;
        return request.ContentType is not { } type || request.HasFormContentType || type.StartsWith("text/plain", StringComparison.OrdinalIgnoreCase);
    }
}
