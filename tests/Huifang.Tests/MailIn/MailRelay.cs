using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Huifang.Tests.MailIn;

/// <summary>A real mail relay (Exim) on loopback that hands everything to one port: what stands before us in an operator's house.</summary>
internal sealed class MailRelay : IAsyncDisposable
{
    private readonly string _folder;
    private readonly Process _process;

    private MailRelay(string folder, Process process, int port) => (_folder, _process, Port) = (folder, process, port);

    public int Port { get; }

    public static async Task<MailRelay> Open(int to)
    {
        var folder = Directory.CreateTempSubdirectory("huifang-relay-").FullName;
        // Exim writes its log as a user of its own.
        File.SetUnixFileMode(folder, (UnixFileMode)0b111_111_111);
        var port = FreePort();
        var config = Path.Combine(folder, "exim.conf");
        await File.WriteAllTextAsync(config, $"""
            primary_hostname = relay.test
            spool_directory = {folder}/spool
            log_file_path = {folder}/%slog
            pid_file_path = {folder}/pid
            local_interfaces = 127.0.0.1
            daemon_smtp_ports = {port}
            message_size_limit = 60M
            smtp_accept_max = 200
            smtp_accept_queue = 0
            smtp_accept_queue_per_connection = 0
            queue_run_max = 20
            remote_max_parallel = 4
            keep_environment =
            tls_advertise_hosts =
            acl_smtp_rcpt = take
            acl_smtp_data = take
            begin acl
            take:
              accept
            begin routers
            out:
              driver = manualroute
              route_list = * 127.0.0.1
              transport = house
              self = send
            begin transports
            house:
              driver = smtp
              port = {to}
              hosts_try_fastopen =
              hosts_avoid_tls = *
            begin retry
            * * F,1h,1s
            """);
        var process = Process.Start(new ProcessStartInfo("/usr/sbin/exim4", ["-bdf", "-q2s", "-C", config]) { RedirectStandardError = true })!;
        for (var tries = 0; ; tries++)
        {
            try { using var probe = new TcpClient(); await probe.ConnectAsync(IPAddress.Loopback, port); break; }
            catch (SocketException) when (tries < 100 && !process.HasExited) { await Task.Delay(50); }
        }
        return new MailRelay(folder, process, port);
    }

    public string Log() => File.Exists(Path.Combine(_folder, "mainlog")) ? File.ReadAllText(Path.Combine(_folder, "mainlog")) : "";

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        for (var tries = 0; tries < 20; tries++)
        {
            // A delivery that was under way may still close its files.
            try { Directory.Delete(_folder, recursive: true); return; }
            catch (IOException) { await Task.Delay(50); }
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
