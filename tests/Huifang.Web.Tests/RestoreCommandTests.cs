using System.Diagnostics;

namespace Huifang.Web.Tests;

/// <summary>The command that puts a backup back, as a process of its own.</summary>
public sealed class RestoreCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("huifang-restore-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_backup_is_not_restored_beside_the_log_of_the_database_that_was_there_before()
    {
        var (backup, second) = (Path.Combine(_folder, "backup.db"), Path.Combine(_folder, "second"));
        Assert.Equal(0, (await Run("first", "backup", backup)).Code);
        // What a crash leaves when only the database itself was moved away: the log, with its last changes.
        var log = Path.Combine(Directory.CreateDirectory(second).FullName, "huifang.db-wal");
        await File.WriteAllTextAsync(log, "the last changes of another database");

        var (code, said) = await Run("second", "restore", backup);
        Assert.Equal(2, code);
        Assert.Contains("huifang.db-wal", said, StringComparison.Ordinal);
        Assert.Equal([log], Directory.GetFiles(second));
        Assert.Equal("the last changes of another database", await File.ReadAllTextAsync(log));

        File.Move(log, Path.Combine(_folder, "kept-wal"));
        Assert.Equal(0, (await Run("second", "restore", backup)).Code);
        Assert.Equal(0, (await Run("second", "check")).Code);
        Assert.Equal(2, (await Run("second", "restore", backup)).Code);
    }

    private async Task<(int Code, string Error)> Run(string place, params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Huifang.Web.dll"), .. args]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("HUIFANG_", StringComparison.Ordinal)).ToList()) start.Environment.Remove(name);
        start.Environment["HUIFANG_DATA"] = Path.Combine(_folder, place);
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await Task.WhenAll(output, error, process.WaitForExitAsync());
        return (process.ExitCode, await error);
    }
}
