using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Huifang.Storage;
using Npgsql;

namespace Huifang.Bench;

/// <summary>
/// Request Tracker 5 (Debian request-tracker5) as the peer of the complaints bench, where it is installed: a database of its own on the same PostgreSQL,
/// its own web server, REST 2 with a session's cookie, mail handed to nobody.
/// </summary>
internal sealed class RequestTracker : IAsyncDisposable
{
    private const string Server = "/usr/share/request-tracker5/libexec/rt-server", Setup = "/usr/sbin/rt-setup-database-5";

    private readonly Process _process;
    private readonly HttpClient _http;

    private RequestTracker(Process process, HttpClient http) => (_process, _http) = (process, http);

    public static bool IsInstalled => File.Exists(Server) && File.Exists(Setup);

    /// <param name="workers">Null: as it comes, one process after another's request. Otherwise Starlet with so many workers.</param>
    public static async Task<RequestTracker> Start(string postgres, string folder, int? workers)
    {
        var (port, name) = (FreePort(), $"rt_{Environment.ProcessId}_{workers ?? 0}");
        var address = new NpgsqlConnectionStringBuilder(PostgresStore.ConnectionString(postgres));
        foreach (var sub in new[] { "", "mason", "data", "sessions", "none" }) Directory.CreateDirectory(Path.Combine(folder, sub));
        var config = Path.Combine(folder, $"RT_SiteConfig-{name}.pm");
        await File.WriteAllTextAsync(config, $$"""
            Set($rtname, 'bench'); Set($Organization, 'bench'); Set($WebDomain, '127.0.0.1'); Set($WebPort, {{port}}); Set($WebBaseURL, 'http://127.0.0.1:{{port}}');
            Set($DatabaseType, 'Pg'); Set($DatabaseHost, '{{address.Host}}'); Set($DatabasePort, '{{address.Port}}'); Set($DatabaseUser, '{{address.Username}}'); Set($DatabaseAdmin, '{{address.Username}}');
            Set($DatabasePassword, ''); Set($DatabaseName, '{{name}}'); Set($LogToSyslog, undef); Set($LogToSTDERR, 'critical'); Set($MailCommand, 'testfile'); Set($RestrictReferrer, 0);
            Set($MasonLocalComponentRoot, '{{folder}}/mason'); Set($MasonDataDir, '{{folder}}/data'); Set($MasonSessionDir, '{{folder}}/sessions');
            1;
            """);
        await Run(config, folder, Setup, "--action", "init", "--dba", address.Username!, "--dba-password", "", "--force");
        string[] how = workers is { } many ? ["--server", "Starlet", "--max-workers", $"{many}"] : [];
        var process = Process.Start(Environmental(config, folder, new ProcessStartInfo(Server, ["--port", $"{port}", .. how]) { RedirectStandardError = true, RedirectStandardOutput = true }))!;
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        var http = new HttpClient(new SocketsHttpHandler { CookieContainer = new CookieContainer(), MaxConnectionsPerServer = 8 }) { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromSeconds(60) };
        for (var tries = 0; ; tries++)
        {
            try
            {
                using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["user"] = "root", ["pass"] = "password" });
                (await http.PostAsync("/NoAuth/Login.html", form)).EnsureSuccessStatusCode();
                return new RequestTracker(process, http);
            }
            catch (HttpRequestException) when (tries < 120 && !process.HasExited) { await Task.Delay(250); }
        }
    }

    /// <summary>Creates one ticket.</summary>
    /// <returns>Its number.</returns>
    public async Task<string> Create(string subject, string words, string requestor)
    {
        // With its length beforehand: its server does not read chunks.
        using var body = new StringContent(JsonSerializer.Serialize(new { Queue = "General", Subject = subject, Content = words, Requestor = requestor }), System.Text.Encoding.UTF8, "application/json");
        using var answer = await _http.PostAsync("/REST/2.0/ticket", body);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
    }

    public async Task View(string id) => (await _http.GetAsync($"/REST/2.0/ticket/{id}")).EnsureSuccessStatusCode();

    public async Task OfPerson(string address) => (await _http.GetAsync($"/REST/2.0/tickets?query={Uri.EscapeDataString($"Requestor.EmailAddress = '{address}'")}")).EnsureSuccessStatusCode();

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static ProcessStartInfo Environmental(string config, string folder, ProcessStartInfo start)
    {
        (start.Environment["RT_SITE_CONFIG"], start.Environment["RT_SITE_CONFIG_DIR"]) = (config, Path.Combine(folder, "none"));
        return start;
    }

    private static async Task Run(string config, string folder, string program, params string[] arguments)
    {
        using var process = Process.Start(Environmental(config, folder, new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true, RedirectStandardInput = true }))!;
        process.StandardInput.Close();
        var (said, wrong) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program}: {await wrong} {await said}");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
