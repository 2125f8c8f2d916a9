using Huifang.Calls;
using Huifang.Storage;
using Microsoft.AspNetCore.Authorization;

namespace Huifang.Accounts;

/// <summary>What a route needs of a member of staff: one permission, or only that she is signed in (null).</summary>
public sealed record StaffRequirement(string? Permission) : IAuthorizationRequirement;

/// <summary>What a route needs of a customer: that she is signed in, and that what it is about is hers.</summary>
public sealed record CustomerRequirement : IAuthorizationRequirement;

/// <summary>
/// The one place where a request is let through or not: loads how the asker stands to what the route is about, and lets
/// <see cref="AccessRules"/> decide. The reason of a refusal travels to the page that tells it.
/// </summary>
public sealed class AccessHandler(Store store, Belongings belongings, TimeProvider time) : IAuthorizationHandler
{
    public async Task HandleAsync(AuthorizationHandlerContext context)
    {
        if (context.Resource is not HttpContext http) return;
        foreach (var requirement in context.PendingRequirements.ToList())
        {
            var refusal = requirement switch
            {
                StaffRequirement(var permission) => await OfStaff(http, permission),
                CustomerRequirement => await OfCustomer(http),
                _ => null,
            };
            if (requirement is not (StaffRequirement or CustomerRequirement)) continue;
            if (refusal is null) context.Succeed(requirement);
            else context.Fail(new AccessFailure(this, refusal.Value));
        }
    }

    private async Task<AccessRefusal?> OfStaff(HttpContext http, string? permission)
    {
        if (http.Features.Get<Signed>() is not { } signed) return AccessRefusal.NoPermission;
        Reach? reach = permission is null ? Reach.All : signed.Staff.Grants.TryGetValue(permission, out var granted) ? granted : null;
        if (reach is null) return AccessRefusal.NoPermission;
        var metadata = http.GetEndpoint()?.Metadata;
        var (relation, level, least) = (Relation.Nothing, Level.V0, Level.V0);
        if (metadata?.GetMetadata<AboutAttribute>() is { } about)
        {
            (relation, level) = await store.Read(tx => belongings.OfStaff(tx, about.Thing, Id(http, about), signed.Staff), http.RequestAborted);
            least = about.Level;
        }
        return AccessRules.Decide(new(reach, relation, level, least, signed.ProvedAt, metadata?.GetMetadata<FreshProofAttribute>() is not null), time.GetUtcNow());
    }

    private async Task<AccessRefusal?> OfCustomer(HttpContext http)
    {
        if (http.User.Identities.FirstOrDefault(who => who is { AuthenticationType: StaffSession.PortalScheme, IsAuthenticated: true }) is null) return AccessRefusal.NoPermission;
        if (http.GetEndpoint()?.Metadata.GetMetadata<AboutAttribute>() is not { } about) return null;
        // A page with and without an id in its address is one page: without, it is about nothing in particular.
        if (!http.Request.RouteValues.ContainsKey(about.Part)) return null;
        return await store.Read(tx => belongings.IsCustomers(tx, about.Thing, Id(http, about), http.User.Id()), http.RequestAborted) ? null : AccessRefusal.OutOfReach;
    }

    private static string Id(HttpContext http, AboutAttribute about) =>
        http.Request.RouteValues[about.Part]?.ToString() ?? throw new InvalidOperationException($"{http.GetEndpoint()} has no part '{about.Part}' in its address.");
}

/// <summary>On pages for a customer the database shows hers alone, whatever a query forgets.</summary>
public static class CustomerWall
{
    public static void UseWall(this WebApplication app) => app.Use(async (http, next) =>
    {
        // What an asynchronous method sets for itself and those it calls is gone when it returns: the next request on this connection does not inherit it.
        if (http.GetEndpoint()?.Metadata.GetOrderedMetadata<IAuthorizeData>().Any(needs => needs.Policy == StaffSession.PortalScheme) == true) Wall.Enter(http.User.Id());
        await next(http);
    });
}

/// <summary>Why the one mechanism said no.</summary>
public sealed class AccessFailure(IAuthorizationHandler handler, AccessRefusal refusal) : AuthorizationFailureReason(handler, refusal.ToString())
{
    public AccessRefusal Refusal => refusal;
}
