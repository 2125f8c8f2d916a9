using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Huifang.Accounts;
using Huifang.Fire.Machines;
using Huifang.Guard;
using Huifang.Storage;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Huifang.Fire.Fuzz;

/// <summary>The whole product on a real port in this process, on a clock that stands still, with everybody who may ask and something of every kind to ask about.</summary>
public sealed partial class FuzzSite : IAsyncDisposable
{
    public static readonly DateTimeOffset Morning = new(2026, 11, 24, 2, 12, 0, TimeSpan.Zero);
    private readonly string _folder = Directory.CreateTempSubdirectory("huifang-fuzz-").FullName;
    private readonly WebApplication _app;
    private readonly HashSet<string> _touched = new(StringComparer.Ordinal);
    // Kept, or the collector would take what SQLite still calls.
    private SQLitePCL.delegate_update? _hook;

    private FuzzSite(string? database)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ApplicationName = "Huifang.Web", ContentRootPath = AppContext.BaseDirectory, EnvironmentName = "Production" });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.AddHuifang(new Settings(_folder, database ?? Path.Combine(_folder, "huifang.db"), "http://127.0.0.1:0", IsDemo: false) { PublicUrl = "http://127.0.0.1", Limits = Limits.None, CacheFolder = Path.Combine(Path.GetTempPath(), "huifang-fire-cache") }, new Still());
        builder.Services.RemoveAll<IHostedService>();
        // Whoever fuzzes looks at more customers in a second than anybody may in a day.
        builder.Services.AddSingleton(new Sight.SightBudget { CustomersPerHourMax = int.MaxValue, UnmaskingsPerDayMax = int.MaxValue });
        // The same ids in every run, so that a request which was kept means the same.
        builder.Services.AddSingleton<Ids>(new SeededIds());
        _app = builder.Build().MapHuifang();
        _app.MapGet("/test/as/{id}", async (string id, HttpContext http, Store store, AccountDesk desk) =>
        {
            if (await store.Write(tx => desk.DemoSignIn(tx, id, "fire")) is not { } signed) return Results.NotFound();
            await http.SignInAsync(StaffSession.Scheme, StaffSession.Principal(signed.Staff, signed.SessionId));
            return Results.Ok();
        }).AllowAnonymous();
        _app.MapGet("/test/customer/{id}", (string id, HttpContext http) => http.SignInAsync(StaffSession.PortalScheme, StaffSession.Customer(id, Morning))).AllowAnonymous();
    }

    public int Port => new Uri(_app.Urls.First()).Port;
    public string Folder => _folder;
    public T Get<T>() where T : notnull => _app.Services.GetRequiredService<T>();
    public Store Store => Get<Store>();
    public IReadOnlyList<Route> Routes { get; private set; } = [];
    public IReadOnlyList<Asker> Askers { get; private set; } = [];
    public FuzzIds Ids { get; private set; } = null!;

    /// <summary>What must never stand in an answer to somebody else: keys, passwords, codes.</summary>
    public List<string> Secrets { get; } = [];

    public static async Task<FuzzSite> Open(string? database = null)
    {
        var site = new FuzzSite(database);
        await Migrations.Apply(site.Store, TimeProvider.System);
        await site._app.StartAsync();
        await FuzzSeed.Fill(site);
        site.Routes = RouteMap.Of(site.Get<EndpointDataSource>());
        site.Ids = await FuzzIds.Of(site);
        var askers = new List<Asker> { new("nobody"), new("customer") };
        askers.AddRange(Enum.GetValues<Role>().Select(role => new Asker($"{role}")));
        foreach (var scope in Scope.All) askers.Add(new($"key:{scope}") { Key = await site.NewKey(scope) });
        site.Askers = askers;
        foreach (var asker in askers.Where(asker => asker.Key is null)) await site.SignIn(asker);
        await site.Watch();
        return site;
    }

    private async Task<string> NewKey(string scope)
    {
        var key = await Store.Write(tx => Get<ApiKeyDesk>().Make(tx, scope, [scope]));
        Secrets.Add(key);
        return key;
    }

    /// <summary>A new session for her, or a new key.</summary>
    /// <returns>False when she is no longer let in.</returns>
    public async Task<bool> SignIn(Asker asker)
    {
        if (asker.Key is not null) { asker.Key = await NewKey(asker.Name[4..]); return true; }
        var jar = new CookieContainer();
        using var http = new HttpClient(new HttpClientHandler { CookieContainer = jar, AllowAutoRedirect = false }) { BaseAddress = new(_app.Urls.First()) };
        if (asker.Name != "nobody")
        {
            using var entered = await http.GetAsync(asker.Name == "customer" ? $"/test/customer/{FuzzSeed.Customer(0)}" : $"/test/as/s-{asker.Name}");
            if (!entered.IsSuccessStatusCode) return false;
        }
        var page = await http.GetStringAsync(asker.Name switch { "nobody" => "/signin", "customer" => "/me/ask", _ => "/my/sign-in" });
        asker.Token = WebUtility.HtmlDecode(Token().Match(page).Groups[1].Value);
        asker.Cookies = jar.GetCookieHeader(http.BaseAddress);
        return asker.Token.Length > 0;
    }

    /// <summary>Whether she is still who she was.</summary>
    public async Task<bool> IsIn(Asker asker)
    {
        using var http = new HttpClient(new HttpClientHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = new(_app.Urls.First()) };
        using var request = new HttpRequestMessage(HttpMethod.Get, asker switch { { Key: not null } => "/v1/webhooks", { Name: "nobody" } => "/signin", { Name: "customer" } => "/me/ask", _ => "/my/sign-in" });
        if (asker.Key is { } key) request.Headers.Add("X-Api-Key", key); else request.Headers.Add("Cookie", asker.Cookies);
        using var answer = await http.SendAsync(request);
        return asker.Key is not null ? answer.StatusCode != HttpStatusCode.Unauthorized : answer.IsSuccessStatusCode;
    }

    /// <summary>On SQLite every row that is written names its table here, also those that are rolled back.</summary>
    private Task Watch() => Store.Write(tx =>
    {
        if (tx.Connection is SqliteConnection connection)
        {
            _hook = (_, _, _, table, _) => _touched.Add(table.utf8_to_string());
            SQLitePCL.raw.sqlite3_update_hook(connection.Handle, _hook, null);
        }
        return Task.FromResult(true);
    });

    /// <summary>The tables that were written to since it was asked the last time. A transaction of its own, so everything before is through.</summary>
    public Task<IReadOnlyList<string>> Touched() => Store.Write<IReadOnlyList<string>>(_ =>
    {
        string[] touched = [.. _touched.Order(StringComparer.Ordinal)];
        _touched.Clear();
        return Task.FromResult<IReadOnlyList<string>>(touched);
    });

    /// <summary>All that stands in some tables, as one text.</summary>
    public Task<string> Dump(IEnumerable<string> tables) => Store.Read(async tx =>
    {
        var text = new System.Text.StringBuilder();
        foreach (var table in tables)
            foreach (IDictionary<string, object?> row in await tx.Query<dynamic>($"select * from {table}"))
                text.Append(table).Append(' ').AppendJoin('|', row.Values.Select(value => value is byte[] bytes ? Convert.ToHexString(bytes) : Convert.ToString(value, CultureInfo.InvariantCulture))).Append('\n');
        return text.ToString();
    });

    /// <summary>Lets every worker do its rounds.</summary>
    public async Task Settle(int turns = 4)
    {
        for (var turn = 0; turn < turns; turn++)
            foreach (var work in _app.Services.GetServices<Work.IWork>())
                while (await work.Round(default)) { }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\"[^>]*value=\"([^\"]+)\"")] private static partial Regex Token();

    private sealed class Still : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Morning;
    }

    private sealed class SeededIds() : Ids(TimeProvider.System)
    {
        private readonly Random _random = new(7);

        public override string New()
        {
            Span<byte> bytes = stackalloc byte[16];
            lock (_random) _random.NextBytes(bytes);
            bytes[6] = (byte)(0x70 | (bytes[6] & 15));
            return new Guid(bytes, bigEndian: true).ToString("D");
        }
    }
}
