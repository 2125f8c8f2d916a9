using System.Diagnostics;
using Huifang.Accounts;
using Huifang.Calls;
using Huifang.Consents;
using Huifang.Contacts;
using Huifang.Customers;
using Huifang.FollowUps;
using Huifang.Languages;
using Huifang.Planning;
using Huifang.Scripts;
using Huifang.Storage;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;

namespace Huifang.Web.Tests.Calls;

/// <summary>Runs on as time does, but from Tuesday 24 November 2026, 14:02 in Shanghai, when people may be called; a test may jump ahead.</summary>
public sealed class TuesdayClock : TimeProvider
{
    private readonly long _started = Stopwatch.GetTimestamp();
    private TimeSpan _ahead;
    public override DateTimeOffset GetUtcNow() => new DateTimeOffset(2026, 11, 24, 6, 2, 0, TimeSpan.Zero) + Stopwatch.GetElapsedTime(_started) + _ahead;
    public void JumpTo(DateTimeOffset instant) => _ahead += instant - GetUtcNow();
}

/// <summary>The product on a real port with one agent, one supervisor and one customer who has a talk coming; each gets a browser of her own with a voice.</summary>
public sealed class CallSite : IAsyncDisposable
{
    public const string Customer = "c-zhou", FollowUp = "f-zhou", Agent = "a-lin", Supervisor = "s-cheng", Compliance = "s-shen";

    private readonly string _folder = Directory.CreateTempSubdirectory("huifang-call-").FullName;
    private readonly WebApplication _app;
    private readonly List<IBrowser> _browsers = [];
    private IPlaywright? _playwright;

    private CallSite()
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ApplicationName = "Huifang.Web", ContentRootPath = AppContext.BaseDirectory, EnvironmentName = "Development" });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders().AddSimpleConsole().SetMinimumLevel(LogLevel.Warning);
        builder.Services.RemoveAll<IHostedService>();
        builder.AddHuifang(new Settings(_folder, Path.Combine(_folder, "huifang.db"), "http://127.0.0.1:0", IsDemo: false), new TuesdayClock());
        _app = builder.Build().MapHuifang();
        // Signing in has its own tests; here it is one step.
        _app.MapGet("/test/as/{id}", async (string id, HttpContext http, Store store, AccountDesk accounts) =>
        {
            var tried = (await store.Read(tx => accounts.LockOf(tx, id))).Try("correct horse battery");
            var signed = (SignIn.In)await store.Write(async tx => await accounts.SignIn(tx, tried, (await accounts.DemoCode(tx, id))!, "test"));
            await http.SignInAsync(StaffSession.Scheme, StaffSession.Principal(signed.Staff, signed.SessionId));
            return "in";
        }).AllowAnonymous();
    }

    public string Address => _app.Urls.First();
    public T Get<T>() where T : notnull => _app.Services.GetRequiredService<T>();
    public Task<T> Read<T>(Func<Tx, Task<T>> work) => Get<Store>().Read(work);
    public Task<T> Write<T>(Func<Tx, Task<T>> work) => Get<Store>().Write(work);
    public Task Write(Func<Tx, Task> work) => Get<Store>().Write(work);

    public TuesdayClock Clock => (TuesdayClock)Get<TimeProvider>();

    public static async Task<CallSite> Open(string language = Language.Simplified)
    {
        var site = await OpenEmpty(language);
        var now = site.Clock.GetUtcNow();
        await site.Write(async tx =>
        {
            await site.Get<CustomerDesk>().Save(tx, [new CustomerDraft(Customer, language == Language.English ? "Mia Carter" : "周慕晴", language, "Asia/Shanghai", "CN")
            {
                Points = [new(PointKind.App, "device-1", true), new(PointKind.Phone, "+8613812342690", true)], Since = now.AddYears(-2),
            }], "test");
            await site.Get<ConsentDesk>().Give(tx, Customer, Enum.GetValues<Channel>().Select(channel => (Purpose.Service, channel)), "customer", "portal");
            await site.Get<FollowUpDesk>().Arrange(tx, [new FollowUp(FollowUp, Customer, "withdrawal-failed", 1, 1, Purpose.Service, Channel.Voice, ShippedScripts.WithdrawalFailed, 500,
                FollowUpState.Waiting, now, now, now.AddDays(2), now.AddDays(7)) { Language = language }]);
        });
        await site.Get<FollowUpClock>().Round(default);
        return site;
    }

    /// <summary>Staff and no customer yet.</summary>
    public static async Task<CallSite> OpenEmpty(string language)
    {
        var site = new CallSite();
        await Migrations.Apply(site.Get<Store>(), site.Clock);
        await site._app.StartAsync();
        await site.Write(async tx =>
        {
            await site.Get<AccountDesk>().Add(tx, new Staff(Agent, Agent, "林静", [Role.Agent], language), "correct horse battery");
            await site.Get<AccountDesk>().Add(tx, new Staff(Supervisor, Supervisor, "程述", [Role.Supervisor], language), "correct horse battery");
            await site.Get<AccountDesk>().Add(tx, new Staff(Compliance, Compliance, "沈律", [Role.Compliance], language), "correct horse battery");
            await site.Get<PlanningDesk>().SaveAgent(tx, new Agent(Agent, "林静", "Asia/Shanghai", [.. Language.All], ["general"]), "test");
        });
        return site;
    }

    /// <summary>A browser whose microphone hears short tones of this pitch.</summary>
    public async Task<IPage> Person(double pitch, int width = 1440, int height = 900, string locale = "zh-CN")
    {
        _playwright ??= await Playwright.CreateAsync();
        // A busy machine is slow, not wrong.
        Assertions.SetDefaultExpectTimeout(20_000);
        var voice = Path.Combine(_folder, $"voice-{pitch}.wav");
        await File.WriteAllBytesAsync(voice, Beeps(pitch));
        var browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = "/usr/bin/chromium",
            Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run", "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream",
                $"--use-file-for-fake-audio-capture={voice}", "--autoplay-policy=no-user-gesture-required", "--allow-loopback-in-peer-connection"],
        });
        _browsers.Add(browser);
        var context = await browser.NewContextAsync(new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = width, Height = height }, BaseURL = Address, Locale = locale });
        await context.GrantPermissionsAsync(["microphone"]);
        var page = await context.NewPageAsync();
        page.SetDefaultTimeout(20_000);
        return page;
    }

    /// <summary>Lets every worker do its rounds until nothing is left.</summary>
    public async Task Settle()
    {
        for (var turn = 0; turn < 4; turn++)
            foreach (var work in _app.Services.GetServices<Huifang.Work.IWork>())
                while (await work.Round(default)) { }
    }

    public string Enter(string to, string customer = Customer) => $"/me/enter?t={Get<Links>().Make(LinkKind.Portal, customer, Get<TimeProvider>().GetUtcNow().AddMinutes(2))}&to={Uri.EscapeDataString(to)}";

    /// <summary>Tones of a quarter of a second with pauses, as 48 kHz mono: steady ones are taken for noise and removed.</summary>
    private static byte[] Beeps(double pitch)
    {
        const int Rate = 48_000, Seconds = 4;
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        var count = Rate * Seconds;
        writer.Write("RIFF"u8); writer.Write(36 + count * 2); writer.Write("WAVEfmt "u8); writer.Write(16); writer.Write((short)1); writer.Write((short)1);
        writer.Write(Rate); writer.Write(Rate * 2); writer.Write((short)2); writer.Write((short)16); writer.Write("data"u8); writer.Write(count * 2);
        for (var i = 0; i < count; i++)
            writer.Write((short)(i / (Rate / 4) % 2 == 0 ? 12_000 * Math.Sin(2 * Math.PI * pitch * i / Rate) : 0));
        return bytes.ToArray();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var browser in _browsers) await browser.CloseAsync();
        _playwright?.Dispose();
        await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
