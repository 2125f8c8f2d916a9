using System.Security.Claims;
using Huifang.Accounts;
using Huifang.Storage;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;

namespace Huifang.Accounts;

/// <summary>
/// Who is speaking: staff by a session cookie that the database can end, customers by a portal cookie, the wallet's systems by a key.
/// Each route names the permission it needs; nothing is open by default but what says so.
/// </summary>
public static class StaffSession
{
    public const string Scheme = "staff";
    public const string PortalScheme = "portal";
    public const string SessionClaim = "session";
    public const string PermissionClaim = "may";

    public static void AddAccounts(this IServiceCollection services)
    {
        services.AddAuthentication(Scheme)
            .AddCookie(Scheme, options =>
            {
                Harden(options.Cookie, "hf-staff", SameSiteMode.Strict);
                options.LoginPath = "/signin";
                options.AccessDeniedPath = "/refused";
                options.ExpireTimeSpan = TimeSpan.FromHours(12);
                options.SlidingExpiration = false;
                options.Events.OnValidatePrincipal = StillOpen;
                options.Events.OnRedirectToLogin = Answer(StatusCodes.Status401Unauthorized);
                options.Events.OnRedirectToAccessDenied = Answer(StatusCodes.Status403Forbidden);
            })
            .AddCookie(PortalScheme, options =>
            {
                Harden(options.Cookie, "hf-me", SameSiteMode.Lax);
                options.LoginPath = "/me/enter";
                options.ExpireTimeSpan = TimeSpan.FromMinutes(30);
                options.Events.OnRedirectToLogin = Answer(StatusCodes.Status401Unauthorized);
            })
            .AddScheme<AuthenticationSchemeOptions, ApiKeyScheme>(ApiKeyScheme.Name, null);
        // Behind https cookies are bound to this very host and never leave it in the clear.
        foreach (var (scheme, name) in new[] { (Scheme, "hf-staff"), (PortalScheme, "hf-me") })
            services.AddOptions<CookieAuthenticationOptions>(scheme).Configure<Settings>((options, settings) =>
            {
                if (settings.IsSecure) (options.Cookie.Name, options.Cookie.SecurePolicy) = ($"__Host-{name}", CookieSecurePolicy.Always);
            });
        services.AddOptions<Microsoft.AspNetCore.Antiforgery.AntiforgeryOptions>().Configure<Settings>((options, settings) =>
        {
            if (settings.IsSecure) (options.Cookie.Name, options.Cookie.SecurePolicy) = ("__Host-hf-form", CookieSecurePolicy.Always);
        });
        services.AddSingleton<MyAccessDesks>();
        services.AddIdentityCore<Staff>().AddUserStore<PasskeyStore>();
        services.AddScoped<IPasskeyHandler<Staff>, PasskeyHandler<Staff>>();
        services.AddScoped<PasskeyCeremony>();
        services.AddOptions<IdentityPasskeyOptions>().Configure<Settings>((options, settings) =>
        {
            options.ServerDomain = new Uri(settings.PublicUrl).Host;
            (options.UserVerificationRequirement, options.ResidentKeyRequirement, options.AttestationConveyancePreference) = ("required", "required", "none");
        });
        services.AddSingleton<IAuthorizationHandler, AccessHandler>();
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, Refusals>();
        var authorization = services.AddAuthorizationBuilder();
        foreach (var permission in Permission.All)
            authorization.AddPolicy(permission, policy => policy.AddAuthenticationSchemes(Scheme).RequireAuthenticatedUser().AddRequirements(new StaffRequirement(permission)));
        foreach (var scope in Scope.All)
            authorization.AddPolicy($"api:{scope}", policy => policy.AddAuthenticationSchemes(ApiKeyScheme.Name).RequireClaim(ApiKeyScheme.ScopeClaim, scope));
        authorization.AddPolicy(PortalScheme, policy => policy.AddAuthenticationSchemes(PortalScheme).RequireAuthenticatedUser().AddRequirements(new CustomerRequirement()));
        authorization.AddPolicy(Scheme, policy => policy.AddAuthenticationSchemes(Scheme).RequireAuthenticatedUser().AddRequirements(new StaffRequirement(null)));
        // A route that forgot to say who may call it is closed to everybody; an address without a route is answered 404 as ever.
        authorization.SetFallbackPolicy(new AuthorizationPolicyBuilder(Scheme).RequireAssertion(asked => asked.Resource is HttpContext http && http.GetEndpoint() is null).Build());
    }

    public static ClaimsPrincipal Principal(Staff staff, string sessionId) => new(new ClaimsIdentity(
        [new(ClaimTypes.NameIdentifier, staff.Id), new(ClaimTypes.Name, staff.Name), new(Shell.PageLanguage.Claim, staff.Language), new(SessionClaim, sessionId),
            .. staff.Roles.Select(role => new Claim(ClaimTypes.Role, role.ToString().ToLowerInvariant())), .. staff.Grants.Keys.Select(p => new Claim(PermissionClaim, p))], Scheme));

    /// <param name="enteredAt">When she came in from the app, by its link: what matters most asks for a fresh coming in.</param>
    public static ClaimsPrincipal Customer(string customerId, DateTimeOffset enteredAt) =>
        new(new ClaimsIdentity([new(ClaimTypes.NameIdentifier, customerId), new(EnteredClaim, enteredAt.ToUnixTimeMilliseconds().ToString(System.Globalization.CultureInfo.InvariantCulture))], PortalScheme));

    /// <summary>When a customer came in from the app; null for whoever is none.</summary>
    public static DateTimeOffset? EnteredAt(this ClaimsPrincipal user) =>
        long.TryParse(user.FindFirstValue(EnteredClaim), System.Globalization.CultureInfo.InvariantCulture, out var at) ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null;

    private const string EnteredClaim = "entered";

    /// <summary>The id of whoever is signed in by the scheme that let this request in.</summary>
    public static string Id(this ClaimsPrincipal user) => user.FindFirstValue(ClaimTypes.NameIdentifier) ?? throw new InvalidOperationException("Nobody is signed in on a route that demands it.");

    /// <summary>The signed-in person with her session, on a route that demands one.</summary>
    public static Signed Signed(this HttpContext http) => http.Features.Get<Signed>() ?? throw new InvalidOperationException("Nobody is signed in on a route that demands it.");

    public static bool May(this ClaimsPrincipal user, string permission) => user.HasClaim(PermissionClaim, permission);

    // The cookie only names a session; roles are read anew with every request, so that a change or an end holds at once.
    private static async Task StillOpen(CookieValidatePrincipalContext context)
    {
        var services = context.HttpContext.RequestServices;
        var session = context.Principal?.FindFirstValue(SessionClaim);
        var (store, desk) = (services.GetRequiredService<Store>(), services.GetRequiredService<SessionDesk>());
        var signed = session is null ? null : await store.Read(tx => desk.Signed(tx, session), context.HttpContext.RequestAborted);
        if (signed is null) { context.RejectPrincipal(); return; }
        if (services.GetRequiredService<TimeProvider>().GetUtcNow() - signed.SeenAt >= SessionDesk.SeenGrain) await store.Write(tx => desk.Seen(tx, signed.SessionId), context.HttpContext.RequestAborted);
        context.HttpContext.Features.Set(signed);
        context.ReplacePrincipal(Principal(signed.Staff, signed.SessionId));
    }

    private static void Harden(CookieBuilder cookie, string name, SameSiteMode sameSite)
    {
        (cookie.Name, cookie.HttpOnly, cookie.SameSite, cookie.IsEssential) = (name, true, sameSite, true);
        cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
    }

    // Pages lead to the sign-in page; programs get the status.
    private static Func<RedirectContext<CookieAuthenticationOptions>, Task> Answer(int status) => context =>
    {
        if (context.Request.Path.StartsWithSegments("/v1") || context.Request.Path.StartsWithSegments("/hub") || context.Request.Headers.ContainsKey("HX-Request")) context.Response.StatusCode = status;
        else if (status == StatusCodes.Status403Forbidden) context.Response.StatusCode = status;
        else context.Response.Redirect(context.RedirectUri);
        return Task.CompletedTask;
    };
}
