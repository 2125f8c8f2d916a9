using System.CommandLine;
using Huifang.Storage;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;

namespace Huifang.Commands;

/// <summary>The <c>huifang</c> command: one executable for serving, bringing data in and out, and looking after it.</summary>
public static class CommandLine
{
    public static Task<int> Run(string[] args)
    {
        var root = new RootCommand("Huifang, the customer-care front office of a digital wallet.");
        Command[] commands =
        [
            ServeCommand.Make(),
            DemoCommand.Make(),
            CheckCommand.Make(),
            AuditCommand.Make(),
            VaultCommand.Make(),
            ImportCommand.Make(),
            ExportCommand.Make(),
            ExportCommand.MakeReplay(),
            StaffCommand.Make(),
            KeyCommand.Make(),
            Contacts.ContactCommand.Make(),
            Complaints.DeadlineCommand.Make(),
            Planning.PlanCommand.Make(),
            InsightCommand.Make(),
            .. CareCommands.Make(),
        ];
        foreach (var command in commands) root.Subcommands.Add(command);
        // `huifang` alone, or with only the web server's own switches, serves.
        return root.Parse(args.Length == 0 ? ["serve"] : args).InvokeAsync();
    }

    /// <summary>Opens the house without its web pages, migrated, for one command.</summary>
    public static async Task<ServiceProvider> OpenHouse(CancellationToken stop)
    {
        var settings = Settings.FromEnvironment();
        var services = new ServiceCollection().AddLogging(log => log.AddSimpleConsole(o => o.SingleLine = true).SetMinimumLevel(LogLevel.Warning));
        services.AddSingleton(settings);
        services.AddSingleton(KeyGuards.Of(settings));
        services.AddSingleton<Webhooks.IWebhookLine>(new Webhooks.HttpWebhookLine(new Http.GuardedHttp(settings.FetchAllowed)));
        services.AddRooms(settings.Ground);
        var house = services.BuildServiceProvider();
        await Migrations.Apply(house.GetRequiredService<Store>(), TimeProvider.System, stop);
        return house;
    }

    /// <summary>Says what is wrong, in red where there is colour, and gives the exit code for bad input.</summary>
    public static int Wrong(string sentence)
    {
        AnsiConsole.Console.Profile.Out.Writer.Flush();
        Console.Error.WriteLine(sentence);
        return 2;
    }
}
