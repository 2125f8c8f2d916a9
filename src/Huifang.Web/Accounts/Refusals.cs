using Huifang.Sight;
using Huifang.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;

namespace Huifang.Accounts;

/// <summary>Tells a refusal in the way its reader understands: a proof that is too old leads to where it is renewed, anything else says its reason.</summary>
public sealed class Refusals : IAuthorizationMiddlewareResultHandler
{
    private const string Key = "access-refusal";

    /// <summary>Why this request was refused, for the page or problem document that says so.</summary>
    public static AccessRefusal? Of(HttpContext http) => http.Items.TryGetValue(Key, out var refusal) ? (AccessRefusal?)refusal : null;

    public async Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        if (authorizeResult.Succeeded) { await next(context); return; }
        var refusal = authorizeResult.AuthorizationFailure?.FailureReasons.OfType<AccessFailure>().FirstOrDefault()?.Refusal;
        context.Items[Key] = refusal;
        if (refusal == AccessRefusal.OutOfReach && await ToTheGlass(context)) return;
        if (authorizeResult.Challenged || refusal != AccessRefusal.ProofTooOld) await Standard.HandleAsync(next, context, policy, authorizeResult);
        else await RenewProof(context);
    }

    /// <summary>A refusal that only the look itself could find out, told like any other.</summary>
    public static IResult Answer(HttpContext http, AccessRefusal refusal)
    {
        http.Items[Key] = refusal;
        return Results.StatusCode(StatusCodes.Status403Forbidden);
    }

    private static readonly AuthorizationMiddlewareResultHandler Standard = new();

    // Asking for a customer whom one has nothing to do with is itself a fact. Who may break the glass is shown where.
    private static async Task<bool> ToTheGlass(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<AboutAttribute>() is not { Thing: Thing.Customer } about || context.Request.RouteValues[about.Part]?.ToString() is not { } customer || context.Features.Get<Signed>() is not { } signed) return false;
        var services = context.RequestServices;
        await services.GetRequiredService<Store>().Write(tx => services.GetRequiredService<SightDesk>().Refused(tx, signed.Staff.Id, customer), context.RequestAborted);
        if (!HttpMethods.IsGet(context.Request.Method) || !signed.Staff.May(Permission.BreakGlass)) return false;
        context.Response.Redirect($"/customers/{Uri.EscapeDataString(customer)}/glass");
        return true;
    }

    private static Task RenewProof(HttpContext context)
    {
        var renew = $"/prove?back={Uri.EscapeDataString(Back(context))}";
        if (context.Request.Headers.ContainsKey("HX-Request"))
        {
            context.Response.Headers["HX-Redirect"] = renew;
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        }
        else if (context.Request.HasFormContentType || HttpMethods.IsGet(context.Request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status303SeeOther;
            context.Response.Headers.Location = renew;
        }
        else context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        return Task.CompletedTask;
    }

    // What was sent is not sent again by itself: the person comes back to the page and sees once more what she is about to do.
    private static string Back(HttpContext context) =>
        HttpMethods.IsGet(context.Request.Method) ? context.Request.Path + context.Request.QueryString
        : Uri.TryCreate(context.Request.Headers.Referer, UriKind.Absolute, out var from) && from.Authority == context.Request.Host.Value ? from.PathAndQuery : "/";
}
