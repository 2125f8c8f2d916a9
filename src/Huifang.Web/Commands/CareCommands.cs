using System.CommandLine;
using System.Runtime.InteropServices;
using Huifang.Storage;

namespace Huifang.Commands;

/// <summary>Looking after the house: backup, restore, doctor.</summary>
public static class CareCommands
{
    public static IEnumerable<Command> Make() => [Backup(), Restore(), Doctor()];

    private static Command Backup()
    {
        var file = new Argument<FileInfo>("file") { Description = "Where to write it; must not exist yet." };
        var command = new Command("backup", "Writes a consistent copy of the database while the server runs. Keep the key folder apart from it.") { file };
        command.SetAction(async (parsed, stop) =>
        {
            await using var house = await CommandLine.OpenHouse(stop);
            try { await house.GetRequiredService<Store>().Backup(parsed.GetValue(file)!.FullName, stop); }
            catch (IOException refused) { return CommandLine.Wrong(refused.Message); }
            Console.WriteLine($"{parsed.GetValue(file)} holds the database as of now ({new FileInfo(parsed.GetValue(file)!.FullName).Length / 1024} KiB). No key is in it: back up {Settings.FromEnvironment().KeyFolder} apart.");
            return 0;
        });
        return command;
    }

    private static Command Restore()
    {
        var file = new Argument<FileInfo>("file") { Description = "A file that backup wrote." };
        var command = new Command("restore", "Puts a backup in place of an empty database. An existing one is never overwritten.") { file };
        command.SetAction(async (parsed, stop) =>
        {
            var (settings, from) = (Settings.FromEnvironment(), parsed.GetValue(file)!);
            if (!from.Exists) return CommandLine.Wrong($"There is no file {from}.");
            if (settings.Database.StartsWith("postgres", StringComparison.Ordinal)) return CommandLine.Wrong("Restore into PostgreSQL with pg_restore; docs/operating.md has the line.");
            if (File.Exists(settings.Database)) return CommandLine.Wrong($"{settings.Database} exists. Move it away first; restore never overwrites.");
            // SQLite would take the log of the database that was here before for this one's, and mix the two.
            if (File.Exists($"{settings.Database}-wal")) return CommandLine.Wrong($"{settings.Database}-wal exists: it belongs to the database that was here before. Move it away together with that one, for it holds its last changes.");
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(settings.Database))!);
            // Under its name only when it is whole.
            File.Copy(from.FullName, $"{settings.Database}.restoring", overwrite: true);
            File.Move($"{settings.Database}.restoring", settings.Database);
            var (keys, erased) = await VaultCommand.TakeKeys(stop);
            Console.WriteLine($"{settings.Database} is restored from {from}, with {keys} customers' keys; {erased} people who were erased stay so. Check it with: huifang check, huifang audit verify");
            return 0;
        });
        return command;
    }

    private static Command Doctor()
    {
        var command = new Command("doctor", "Says whether this machine and this database are fit to serve, and what to do if not.");
        command.SetAction(async (_, stop) =>
        {
            var (settings, wrong) = (Settings.FromEnvironment(), 0);
            void Say(bool good, string what, string otherwise) { Console.WriteLine($"{(good ? "ok " : "NO ")} {(good ? what : otherwise)}"); if (!good) wrong++; }

            Say(TimeZoneInfo.TryFindSystemTimeZoneById("Asia/Shanghai", out var _), "time zones are known", "time zones are not known: install tzdata");
            Say(RuntimeInformation.FrameworkDescription.StartsWith(".NET 10", StringComparison.Ordinal), RuntimeInformation.FrameworkDescription, "this is not .NET 10");
            try
            {
                await using var house = await CommandLine.OpenHouse(stop);
                var store = house.GetRequiredService<Store>();
                Say(true, $"{store.Dialect.Name} answers, migrated to {Migrations.Newest()}", "");
                var facts = await store.Read(tx => tx.One<long>("select coalesce(max(seq), 0) from journal"), stop);
                var waiting = await store.Read(tx => tx.One<long>("select count(*) from reactions"), stop);
                var stuck = await store.Read(tx => tx.One<long>("select count(*) from reactions where tries > 0"), stop);
                Say(true, $"{facts} facts in the journal, {waiting} reactions waiting", "");
                if (!store.Dialect.IsSqlite) Say(await store.Read(tx => tx.One<bool>(Dialect.HasWall), stop), "customers' pages read behind row-level security", "customers' pages read without row-level security: let the database user make roles (alter role … createrole) and start once more");
                Say(stuck == 0, "no reaction has failed", $"{stuck} reactions have failed; see the intake page");
            }
            catch (Exception failed) when (failed is not OperationCanceledException) { Say(false, "", $"the database does not open: {failed.Message}"); }
            Say(!OperatingSystem.IsLinux() || (File.GetUnixFileMode(settings.KeyFolder) & (UnixFileMode.GroupRead | UnixFileMode.OtherRead)) == 0, $"only we can read {settings.KeyFolder}", $"others can read {settings.KeyFolder}: chmod 700 it");
            return wrong == 0 ? 0 : 1;
        });
        return command;
    }
}
