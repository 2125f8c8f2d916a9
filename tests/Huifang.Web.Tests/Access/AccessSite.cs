using System.Net;
using Huifang.Accounts;
using Huifang.Calls;
using Huifang.Contacts;
using Huifang.Customers;
using Huifang.Guard;
using Huifang.Storage;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Huifang.Web.Tests.Access;

/// <summary>
/// The product with one person of each role, each with a call in hand, a colleague with another, and somebody of another team with a third.
/// A request with the header X-Probe stops where it would have been let through, so that asking changes nothing.
/// </summary>
public sealed class AccessSite : IAsyncDisposable
{
    public const int LetThrough = 299;
    private static readonly DateTimeOffset Morning = new(2026, 11, 24, 2, 12, 0, TimeSpan.Zero);

    private readonly string _folder = Directory.CreateTempSubdirectory("huifang-access-").FullName;
    private readonly WebApplication _app;
    private readonly StandingClock _clock;

    private AccessSite(Limits limits, OpenId.ProviderSettings? provider, StandingClock? clock, Func<Settings, Settings>? tune)
    {
        _clock = clock ?? new(Morning);
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ApplicationName = "Huifang.Web", ContentRootPath = AppContext.BaseDirectory, EnvironmentName = "Development" });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders().AddSimpleConsole().SetMinimumLevel(LogLevel.Error);
        var settings = new Settings(_folder, Path.Combine(_folder, "huifang.db"), "http://127.0.0.1:0", IsDemo: false) { PublicUrl = "http://localhost", Limits = limits, Provider = provider };
        builder.AddHuifang(tune?.Invoke(settings) ?? settings, _clock);
        builder.Services.RemoveAll<IHostedService>();
        builder.Services.AddSingleton<IAuthorizationMiddlewareResultHandler, Probe>();
        _app = builder.Build().MapHuifang();
        // Open routes never ask the mechanism: what comes this far was let through.
        _app.Use((http, next) =>
        {
            if (!http.Request.Headers.ContainsKey("X-Probe") || http.GetEndpoint() is null) return next(http);
            http.Response.StatusCode = LetThrough;
            return Task.CompletedTask;
        });
        _app.MapGet("/test/broken", IResult () => throw new InvalidOperationException("select secret from vault")).AllowAnonymous();
        _app.MapGet("/test/address", (HttpContext http) => http.Connection.RemoteIpAddress!.ToString()).AllowAnonymous();
        _app.MapGet("/test/as/{id}", async (string id, HttpContext http, Store store, AccountDesk desk) =>
        {
            var signed = (await store.Write(tx => desk.DemoSignIn(tx, id, "test")))!;
            await http.SignInAsync(StaffSession.Scheme, StaffSession.Principal(signed.Staff, signed.SessionId));
        }).AllowAnonymous();
        _app.MapGet("/test/customer/{id}", (string id, HttpContext http) => http.SignInAsync(StaffSession.PortalScheme, StaffSession.Customer(id, http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow()))).AllowAnonymous();
    }

    public string Address => _app.Urls.First();

    /// <summary>The same place by the name that passkeys are bound to.</summary>
    public string Named => Address.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);

    public const string Password = "correct horse battery";
    public T Get<T>() where T : notnull => _app.Services.GetRequiredService<T>();
    public Task Write(Func<Tx, Task> work) => Get<Store>().Write(work);
    public void Pass(TimeSpan time) => _clock.Set(_clock.GetUtcNow() + time);

    /// <summary>Every route of the product with its methods; the tests' own are left out.</summary>
    public IReadOnlyList<(string Method, RouteEndpoint Route)> Routes =>
        [.. Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Where(route => route.RoutePattern.RawText?.StartsWith("/test", StringComparison.Ordinal) != true)
            .SelectMany(route => (route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]).Where(method => method != "HEAD").Select(method => (method, route)))
            .OrderBy(one => one.route.RoutePattern.RawText, StringComparer.Ordinal).ThenBy(one => one.method, StringComparer.Ordinal)];

    public static async Task<AccessSite> Open(Limits? limits = null, OpenId.ProviderSettings? provider = null, StandingClock? clock = null, Func<Settings, Settings>? tune = null)
    {
        var site = new AccessSite(limits ?? Limits.None, provider, clock, tune);
        await Migrations.Apply(site.Get<Store>(), site._clock);
        await site._app.StartAsync();
        await site.Write(async tx =>
        {
            foreach (var role in Enum.GetValues<Role>()) await site.Hand(tx, new Staff($"s-{role}", $"s-{role}".ToLowerInvariant(), $"{role}", [role], "en"));
            await site.Hand(tx, new Staff("s-mate", "mate", "Mate", [Role.Agent], "en"));
            await site.Hand(tx, new Staff("s-far", "far", "Far", [Role.Agent], "en") { Team = "night" });
        });
        return site;
    }

    /// <summary>Lets a person work: a customer of hers, a call in hand, a recording of it, and what she was written and decided on.</summary>
    private async Task Hand(Tx tx, Staff staff)
    {
        var (now, customer) = (Morning, $"c-{staff.Id}");
        await Get<AccountDesk>().Add(tx, staff, Password);
        await Get<CustomerDesk>().Save(tx, [new CustomerDraft(customer, "周慕晴", "zh-Hans", "Asia/Shanghai", "CN")], "test");
        await tx.Run("insert into calls (id, follow_up_id, customer_id, agent_id, purpose, channel, script_key, script_version, language, decision_id, seal_key, taken_at) values (@id, @f, @customer, @agent, 'Service', 'Voice', 'standard', 1, 'en', 'd', @key, @now)",
            new { id = $"call-{staff.Id}", f = $"f-{staff.Id}", customer, agent = staff.Id, key = new byte[32], now });
        await tx.Run("insert into complaints (id, customer_id, door, received_at, day, pack, pack_version, facts, state, owner_id, language, severity, verified, subject, changed_at) values (@id, @customer, 'App', @now, '2026-11-24', 'cn', '2026.11', '', 'Received', @owner, 'en', 'Medium', 1, @subject, @now)",
            new { id = $"complaint-{staff.Id}", customer, now, owner = staff.Id, subject = Array.Empty<byte>() });
        await tx.Run("insert into recordings (id, call_id, customer_id, mime, started_at, keep_until) values (@id, @call, @customer, 'audio/webm', @now, @now)", new { id = $"recording-{staff.Id}", call = $"call-{staff.Id}", customer, now });
        await tx.Run("insert into contact_decisions (id, customer_id, purpose, channel, stage, at, decided_at, outcome, verdict) values (@id, @customer, 'Service', 'Voice', 'Planned', @now, @now, 'Drop', '{}')", new { id = $"decision-{staff.Id}", customer, now });
        await tx.Run("insert into messages (id, once, customer_id, template, purpose, channel, language, draft, state, queued_at, try_at, not_after) values (@id, @id, @customer, 'invitation', 'Service', 'Sms', 'en', @draft, 'Sent', @now, @now, @now)", new { id = $"message-{staff.Id}", customer, now, draft = Array.Empty<byte>() });
    }

    /// <summary>How far everybody's customer is verified in the open call.</summary>
    public Task Verify(Level level) => Write(tx => tx.Run("update calls set verification = @verification", new { verification = System.Text.Json.JsonSerializer.Serialize(new CallVerification("call", "c", "s", "purpose", Morning, VerificationStage.Confirmed, level, null, 0, [], Level.StepUp, null)) }));

    public async Task<HttpClient> Staff(string id) => await Signed($"/test/as/{id}");

    public async Task<HttpClient> Customer(string id) => await Signed($"/test/customer/{id}");

    public async Task<HttpClient> Key(string scope)
    {
        var http = Signed();
        var key = await Get<Store>().Write(tx => Get<ApiKeyDesk>().Make(tx, scope, [scope]));
        http.DefaultRequestHeaders.Add("X-Api-Key", key);
        return http;
    }

    public HttpClient Signed() => new(new HttpClientHandler { CookieContainer = new CookieContainer(), AllowAutoRedirect = false }) { BaseAddress = new(Address), DefaultRequestHeaders = { { "X-Probe", "1" } } };

    private async Task<HttpClient> Signed(string by)
    {
        var http = Signed();
        using var first = new HttpRequestMessage(HttpMethod.Get, by);
        http.DefaultRequestHeaders.Remove("X-Probe");
        (await http.SendAsync(first)).EnsureSuccessStatusCode();
        http.DefaultRequestHeaders.Add("X-Probe", "1");
        return http;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Asks the product's own mechanism, and answers instead of the route when it says yes.</summary>
    private sealed class Probe : IAuthorizationMiddlewareResultHandler
    {
        private readonly Refusals _own = new();

        public Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
        {
            if (!authorizeResult.Succeeded || !context.Request.Headers.ContainsKey("X-Probe")) return _own.HandleAsync(next, context, policy, authorizeResult);
            context.Response.StatusCode = LetThrough;
            return Task.CompletedTask;
        }
    }
}
