using System.Diagnostics;

namespace Huifang.Fire.Machines;

/// <summary>A running server, to be killed without warning.</summary>
public sealed class ServerProcess : IDisposable
{
    private static readonly TimeSpan OpensWithin = TimeSpan.FromMinutes(2);
    private readonly Process _process;
    private readonly StreamWriter _log;

    private ServerProcess(Process process, StreamWriter log) => (_process, _log) = (process, log);

    public bool HasEnded => _process.HasExited;
    public int Id => _process.Id;

    /// <summary>Starts a server and waits until it takes requests.</summary>
    /// <param name="die">The edge at which it ends itself, like <c>After:37</c>; null: never.</param>
    /// <returns>Null when it ended before it was open, as one that dies early may.</returns>
    public static async Task<ServerProcess?> Start(Place place, string? die = null, params IReadOnlyList<(string Name, string Value)> more)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Huifang.Fire.dll"), "serve"]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = place.Folder };
        foreach (var (name, value) in place.Environment) start.Environment[name] = value;
        foreach (var (name, value) in more) start.Environment[name] = value;
        start.Environment[MortalServer.Variable] = die ?? "";
        var process = Process.Start(start)!;
        var log = new StreamWriter(new FileStream(place.LogFile, FileMode.Append, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true };
        var open = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        void Heard(string? line)
        {
            if (line is null) { open.TrySetResult(false); return; }
            if (line.Contains("is open at", StringComparison.Ordinal)) open.TrySetResult(true);
            else lock (log) try { log.WriteLine(line); } catch (ObjectDisposedException) { }
        }
        process.OutputDataReceived += (_, line) => Heard(line.Data);
        process.ErrorDataReceived += (_, line) => { if (line.Data is { } said) Heard(said); };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var server = new ServerProcess(process, log);
        if (await Task.WhenAny(open.Task, Task.Delay(OpensWithin)) == open.Task && await open.Task) return server;
        var ended = process.HasExited;
        server.Dispose();
        return ended || die is not null ? null : throw new InvalidOperationException($"The server did not open within {OpensWithin}; see {place.LogFile}");
    }

    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public Task Ended(CancellationToken stop) => _process.WaitForExitAsync(stop);

    public void Dispose()
    {
        if (!_process.HasExited) Kill();
        _process.Dispose();
        lock (_log) _log.Dispose();
    }
}
