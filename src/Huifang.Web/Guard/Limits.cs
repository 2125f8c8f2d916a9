using System.Globalization;
using System.Threading.RateLimiting;
using Huifang.Accounts;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.RateLimiting;

namespace Huifang.Guard;

/// <summary>How much anybody may ask and send. HUIFANG_LIMITS, four numbers with commas: requests a minute at the door, of a stranger, of a person, of a key.</summary>
/// <param name="DoorPerMinute">Attempts to sign in, from one address.</param>
/// <param name="StrangerPerMinute">Everything else that nobody signed in asks, from one address.</param>
/// <param name="PersonPerMinute">What one member of staff or customer asks; the desk looks again often.</param>
/// <param name="KeyPerMinute">What one API key asks.</param>
public sealed record Limits(int DoorPerMinute = 30, int StrangerPerMinute = 600, int PersonPerMinute = 1200, int KeyPerMinute = 1_200_000)
{
    /// <summary>For tests and load measurements that are all one address.</summary>
    public static readonly Limits None = new(int.MaxValue, int.MaxValue, int.MaxValue, int.MaxValue);

    /// <summary>The largest body of a form or fragment. Files and batches have routes with a limit of their own.</summary>
    public const long BodyBytesMax = 1024 * 1024;

    /// <summary>The largest body of a route that takes files or batches.</summary>
    public const long LargeBytesMax = 48 * 1024 * 1024;

    public static Limits FromEnvironment(string? text) =>
        text?.Split(',').Select(part => int.TryParse(part, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : 0).ToArray() is [> 0 and var door, > 0 and var stranger, > 0 and var person, > 0 and var key]
            ? new(door, stranger, person, key) : new();
}

/// <summary>Holds everybody to the limits: too often is answered 429 with the time to wait, too much 413, before anything is read.</summary>
public static class LimitServices
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    public static void AddLimits(this WebApplicationBuilder builder, Limits limits)
    {
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = Limits.LargeBytesMax;
            kestrel.Limits.MaxRequestHeadersTotalSize = 32 * 1024;
            kestrel.Limits.MaxRequestLineSize = 8 * 1024;
        });
        builder.Services.Configure<FormOptions>(form =>
        {
            (form.ValueCountLimit, form.KeyLengthLimit, form.ValueLengthLimit) = (2000, 500, 256 * 1024);
            form.MultipartBodyLengthLimit = Limits.LargeBytesMax;
        });
        builder.Services.AddRateLimiter(options =>
        {
            options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            options.OnRejected = (rejected, _) =>
            {
                if (rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var wait)) rejected.HttpContext.Response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
                return ValueTask.CompletedTask;
            };
            options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(http =>
            {
                var (who, most) = Asker(http, limits);
                return RateLimitPartition.GetFixedWindowLimiter(who, _ => new() { PermitLimit = most, Window = Window, QueueLimit = 0, AutoReplenishment = true });
            });
        });
    }

    /// <summary>Behind our own proxies the address and scheme are those that they tell; anybody else's word for them is not heard.</summary>
    public static void UseProxies(this WebApplication app, IReadOnlyList<string> proxies)
    {
        if (proxies.Count == 0) return;
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto, ForwardLimit = proxies.Count };
        foreach (var proxy in proxies) options.KnownProxies.Add(System.Net.IPAddress.Parse(proxy));
        app.UseForwardedHeaders(options);
    }

    private static readonly HashSet<string> Methods = new(StringComparer.Ordinal) { "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS" };

    /// <summary>TRACE and whatever else nobody built is refused before anything is asked. Source: OWASP ASVS 5.0 V13.4.4.</summary>
    public static void UseKnownMethods(this WebApplication app) => app.Use((http, next) =>
    {
        if (Methods.Contains(http.Request.Method)) return next(http);
        http.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
        return Task.CompletedTask;
    });

    /// <summary>After routing, so that a route may say that it takes more.</summary>
    public static void UseBodyLimits(this WebApplication app) => app.Use((http, next) =>
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature)
            // Files come as multipart; a route may name a limit of its own.
            feature.MaxRequestBodySize = http.GetEndpoint()?.Metadata.GetMetadata<IRequestSizeLimitMetadata>()?.MaxRequestBodySize
                ?? (http.Request.Path.StartsWithSegments("/v1") || http.Request.ContentType?.StartsWith("multipart/form-data", StringComparison.OrdinalIgnoreCase) == true ? Limits.LargeBytesMax : Limits.BodyBytesMax);
        if (http.Request.ContentLength > http.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize)
        {
            http.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            return Task.CompletedTask;
        }
        return next(http);
    });

    private static (string Who, int Most) Asker(HttpContext http, Limits limits)
    {
        var address = http.Connection.RemoteIpAddress?.ToString() ?? "?";
        // Guessing at the door is counted by address whoever else signs in from there.
        if (HttpMethods.IsPost(http.Request.Method) && (http.Request.Path.StartsWithSegments("/signin") || http.Request.Path.StartsWithSegments("/prove"))) return ($"door {address}", limits.DoorPerMinute);
        if (http.Features.Get<Signed>() is { } signed) return ($"staff {signed.Staff.Id}", limits.PersonPerMinute);
        return http.Features.Get<Known>() switch
        {
            { Scheme: StaffSession.PortalScheme, Id: var id } => ($"customer {id}", limits.PersonPerMinute),
            { Scheme: ApiKeyScheme.Name, Id: var id } => ($"key {id}", limits.KeyPerMinute),
            _ => ($"stranger {address}", limits.StrangerPerMinute),
        };
    }

    /// <summary>
    /// Who asks, for counting alone. Only routes name the schemes by which they let somebody in, so keys and customers are not known yet when requests
    /// are counted; and they must not become the request's user here, or a route of another scheme would take them for its own.
    /// </summary>
    public static void UseCounting(this WebApplication app) => app.Use(async (http, next) =>
    {
        if (http.Features.Get<Signed>() is null)
        {
            var scheme = http.Request.Headers.ContainsKey("X-Api-Key") || http.Request.Headers.ContainsKey("Authorization") ? ApiKeyScheme.Name : StaffSession.PortalScheme;
            if (await http.AuthenticateAsync(scheme) is { Succeeded: true, Principal: { } who }) http.Features.Set(new Known(scheme, who.Id()));
        }
        await next(http);
    });

    private sealed record Known(string Scheme, string Id);
}
