using System.CommandLine;
using Huifang.Storage;

namespace Huifang.Commands;

/// <summary><c>huifang serve</c>: migrates, starts, says where.</summary>
public static class ServeCommand
{
    public static Command Make()
    {
        var command = new Command("serve", "Starts the server: pages, API and workers.");
        command.SetAction((_, stop) => Serve(Settings.FromEnvironment(), stop));
        return command;
    }

    public static async Task<int> Serve(Settings settings, CancellationToken stop)
    {
        await using var app = Build(settings, []);
        await Migrations.Apply(app.Services.GetRequiredService<Store>(), TimeProvider.System, stop);
        await app.StartAsync(stop);
        Console.WriteLine($"Huifang is open at {string.Join(", ", app.Urls)}");
        await app.WaitForShutdownAsync(stop);
        return 0;
    }

    /// <param name="time">Another clock than the system's, for the demo and for tests.</param>
    public static WebApplication Build(Settings settings, string[] args, TimeProvider? time = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory, WebRootPath = "wwwroot" });
        builder.WebHost.UseUrls(settings.Urls.Split(';'));
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        return builder.AddHuifang(settings, time ?? TimeProvider.System).Build().MapHuifang();
    }
}
