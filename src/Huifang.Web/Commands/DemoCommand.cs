using System.CommandLine;
using Huifang.Accounts;
using Huifang.Demo;
using Huifang.Storage;
using Spectre.Console;

namespace Huifang.Commands;

/// <summary><c>huifang demo</c>: seeds an operator on first start, then serves and keeps time running.</summary>
public static class DemoCommand
{
    public static Command Make()
    {
        var command = new Command("demo", "Starts a demo: an operator with thirty days of life, and time goes on. Only for this machine.");
        command.SetAction((_, stop) => Run(Settings.FromEnvironment() with { IsDemo = true }, stop));
        return command;
    }

    private static async Task<int> Run(Settings settings, CancellationToken stop)
    {
        var urls = settings.Urls.Split(';');
        if (urls.Any(url => !new Uri(url.Replace("*", "0.0.0.0", StringComparison.Ordinal).Replace("+", "0.0.0.0", StringComparison.Ordinal)).IsLoopback))
            return CommandLine.Wrong("A demo lets anybody in as anybody, so it listens on localhost only. Set HUIFANG_URLS to an address of localhost, or use `huifang serve`.");
        var clock = new DemoClock();
        await using var app = ServeCommand.Build(settings, [], clock);
        await Migrations.Apply(app.Services.GetRequiredService<Store>(), TimeProvider.System, stop);
        if (await app.Services.GetRequiredService<DemoSeed>().IsNeeded()) await Seed(app.Services, settings, stop);
        await app.StartAsync(stop);
        Console.WriteLine($"Huifang is open at {string.Join(", ", app.Urls)}/demo — everybody there is made up, and messages are shown instead of sent.");
        await app.WaitForShutdownAsync(stop);
        return 0;
    }

    private static async Task Seed(IServiceProvider services, Settings settings, CancellationToken stop)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        IReadOnlyList<StaffSecrets> secrets = [];
        await console.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn()).StartAsync(async progress =>
        {
            var bar = progress.AddTask("Living through thirty days", maxValue: 1);
            secrets = await services.GetRequiredService<DemoHistory>().Live((done, at) => { bar.Value = done; bar.Description = $"Living through thirty days: {at}"; }, stop);
        });
        var table = new Table().AddColumns("sign-in", "password", "one-time code secret");
        foreach (var secret in secrets) table.AddRow(secret.Login, Markup.Escape(secret.Password), secret.TotpSecret);
        console.Write(table);
        console.WriteLine($"These are shown once. The demo's front page (/demo) also lets you in as any of them; delete {settings.DataFolder} to begin anew.");
    }
}
