using System.Diagnostics;
using System.Text.Json;

namespace Huifang.Tests.Messages;

/// <summary>A real counterpart in node (tests/peers): it tells what happens to it line by line as JSON, and is told what to do the same way.</summary>
public sealed class NodePeer : IAsyncDisposable
{
    private static readonly SemaphoreSlim Installing = new(1);
    private readonly Process _process;

    private NodePeer(Process process) => _process = process;

    public int Port { get; private set; }

    public static async Task<NodePeer> Start(string script)
    {
        var folder = Folder();
        await Install(folder);
        var peer = new NodePeer(Process.Start(new ProcessStartInfo("node", Path.Combine(folder, script)) { RedirectStandardInput = true, RedirectStandardOutput = true })!);
        peer.Port = (await peer.Next(told => told.TryGetProperty("port", out _))).GetProperty("port").GetInt32();
        return peer;
    }

    /// <summary>The next thing it tells that is of this kind; others are passed over.</summary>
    public async Task<JsonElement> Next(Func<JsonElement, bool> kind)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (await _process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            using var told = JsonDocument.Parse(line);
            if (kind(told.RootElement)) return told.RootElement.Clone();
        }
        throw new InvalidOperationException("The peer ended.");
    }

    public async Task Tell(object order)
    {
        await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(order));
        await _process.StandardInput.FlushAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(2000)) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static string Folder()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "tests", "peers", "package.json"))) root = root.Parent;
        return Path.Combine(root?.FullName ?? throw new DirectoryNotFoundException("tests/peers"), "tests", "peers");
    }

    private static async Task Install(string folder)
    {
        await Installing.WaitAsync();
        try
        {
            if (File.Exists(Path.Combine(folder, "node_modules", ".package-lock.json"))) return;
            using var npm = Process.Start(new ProcessStartInfo("npm", "ci --ignore-scripts --no-audit --no-fund --loglevel=error") { WorkingDirectory = folder })!;
            await npm.WaitForExitAsync();
        }
        finally { Installing.Release(); }
    }
}
