using Huifang.Accounts;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authorization;

namespace Huifang.Shell;

/// <summary>
/// Nothing that changes something by the power of a cookie is taken without the token of a page of ours, whatever its type: forms, JSON, PUT. The framework only checks
/// endpoints that bind form fields. What a program sends with its own key needs no token, because no browser sends a key by itself.
/// </summary>
public static class FormGuard
{
    public static void Use(WebApplication app) => app.Use(async (page, next) =>
    {
        if (IsForeign(page))
        {
            page.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }
        // Where the framework has looked already, its answer counts; asking it for the form again would throw.
        var valid = page.Features.Get<IAntiforgeryValidationFeature>()?.IsValid ?? (!IsMeant(page) || await app.Services.GetRequiredService<IAntiforgery>().IsRequestValidAsync(page));
        if (valid) await next(page);
        else page.Response.StatusCode = StatusCodes.Status400BadRequest;
    });

    private static bool IsMeant(HttpContext page)
    {
        if (!Changes(page.Request.Method) || page.GetEndpoint() is not { } endpoint || IsForPrograms(endpoint) || page.Request.Path.StartsWithSegments("/hub")) return false;
        // An endpoint that opts out checks by itself (FormToken), or is proved by the signature in its address.
        return endpoint.Metadata.GetMetadata<IAntiforgeryMetadata>() is not { RequiresValidation: false };
    }

    // Browsers say where a request comes from; one from another site that would change something, or open the hub, is not ours. A link that a customer follows only reads.
    private static bool IsForeign(HttpContext page)
    {
        if (page.GetEndpoint() is not { } endpoint || IsForPrograms(endpoint)) return false;
        if (!Changes(page.Request.Method) && !page.Request.Path.StartsWithSegments("/hub")) return false;
        if (page.Request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site") return true;
        return page.Request.Headers.Origin.ToString() is { Length: > 0 } origin && origin != "null" && Uri.TryCreate(origin, UriKind.Absolute, out var from) && from.Authority != page.Request.Host.Value;
    }

    private static bool Changes(string method) => !HttpMethods.IsGet(method) && !HttpMethods.IsHead(method) && !HttpMethods.IsOptions(method);

    private static bool IsForPrograms(Endpoint endpoint) =>
        endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>().Any(needs => needs.Policy?.StartsWith("api:", StringComparison.Ordinal) == true)
        || endpoint.Metadata.GetMetadata<OpenAttribute>() is { } open && open.Why.Contains("signature", StringComparison.Ordinal);
}
