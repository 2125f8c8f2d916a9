using System.CommandLine;
using Huifang.Security;
using Huifang.Storage;

namespace Huifang.Commands;

/// <summary><c>huifang vault</c>: the master keys, their rotation, and customers' keys after a restore.</summary>
public static class VaultCommand
{
    private const string By = "command-line";

    public static Command Make() => new("vault", "The master keys: state, rotate, retire an old one, take customers' keys after a restore.") { State(), Rotate(), Retire(), Take() };

    /// <summary>Puts customers' keys from the key folder into a restored database.</summary>
    public static async Task<(long Keys, long Erased)> TakeKeys(CancellationToken stop)
    {
        await using var house = await CommandLine.OpenHouse(stop);
        return await house.GetRequiredService<KeyCopy>().Restore(stop);
    }

    private static Command State()
    {
        var command = new Command("state", "Says which master keys there are, how many customers' keys each wraps, and how far the copy kept apart is.");
        command.SetAction(async (_, stop) =>
        {
            await using var house = await CommandLine.OpenHouse(stop);
            var state = await house.GetRequiredService<Store>().Read(house.GetRequiredService<KeyRotation>().State, stop);
            foreach (var id in house.GetRequiredService<Keyring>().Ids) Console.WriteLine($"{id}{(id == state.CurrentId ? " (current)" : "")}: {state.Keys.Where(key => key.MasterId == id).Sum(key => key.Keys)} keys");
            Console.WriteLine($"{state.Erased} people erased; {state.CopyWaiting} changes are not yet in the copy kept apart");
            return 0;
        });
        return command;
    }

    private static Command Rotate()
    {
        var command = new Command("rotate", "Makes a new master key and wraps every customer's key anew; the server may run meanwhile.");
        command.SetAction(async (_, stop) =>
        {
            await using var house = await CommandLine.OpenHouse(stop);
            var (rotation, store) = (house.GetRequiredService<KeyRotation>(), house.GetRequiredService<Store>());
            var id = await rotation.Begin(By);
            await Spectre.Console.AnsiConsoleExtensions.Progress(Spectre.Console.AnsiConsole.Console).StartAsync(async progress =>
            {
                var state = await store.Read(rotation.State, stop);
                var bar = progress.AddTask($"wrapping under {id}", maxValue: Math.Max(1, state.All));
                while (await rotation.Round(stop)) bar.Value = (await store.Read(rotation.State, stop)).Done;
                bar.Value = bar.MaxValue;
            });
            Console.WriteLine($"{(await store.Read(rotation.State, stop)).Done} keys are wrapped under {id}. The older master key stays until: huifang vault retire ID");
            return 0;
        });
        return command;
    }

    private static Command Retire()
    {
        var id = new Argument<string>("id") { Description = "The master key to destroy." };
        var command = new Command("retire", "Destroys an old master key that wraps nothing any more.") { id };
        command.SetAction(async (parsed, stop) =>
        {
            await using var house = await CommandLine.OpenHouse(stop);
            return await house.GetRequiredService<KeyRotation>().Retire(parsed.GetValue(id)!, By) switch
            {
                null => 0,
                RetireRefusal.NoSuchKey => CommandLine.Wrong("There is no such master key."),
                RetireRefusal.IsCurrent => CommandLine.Wrong("This is the current master key; rotate first."),
                _ => CommandLine.Wrong("It still wraps customers' keys; the rotation is not through."),
            };
        });
        return command;
    }

    private static Command Take()
    {
        var command = new Command("restore-keys", "After pg_restore: puts customers' keys, as they are now, into the restored database.");
        command.SetAction(async (_, stop) =>
        {
            var (keys, erased) = await TakeKeys(stop);
            Console.WriteLine($"{keys} keys are back; {erased} people who were erased stay so.");
            return 0;
        });
        return command;
    }
}
