using System.Diagnostics;
using System.Net;
using Huifang.Audit;
using Huifang.Security;
using Huifang.TimeStamps;
using Microsoft.Extensions.DependencyInjection;

namespace Huifang.Tests.Audit;

/// <summary>Time-stamps from a real peer: OpenSSL's own authority behind a small web server.</summary>
public sealed class TimeStampTests
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Heads_are_stamped_and_the_stamps_are_checked(string database)
    {
        using var authority = await OpenSslAuthority.Start();
        await using var house = await House.Open(database, services => services.AddSingleton<ITimeStamper>(new Rfc3161Authority(authority.Address)));
        await AuditLogTests.Tell(house, 3);
        await AuditLogTests.Round(house);
        var report = await AuditLogTests.IsWhole(house);
        Assert.Equal(2, report.Stamps);   // In the database and in the anchor file.
        Assert.True((await house.Read(AuditLog.Head)).IsStamped);

        // A stamp of another head is no stamp of this one.
        var other = await new Rfc3161Authority(authority.Address).Stamp("another head"u8.ToArray(), default);
        await house.Write(tx => tx.Run("update audit_checkpoints set stamp = @other", new { other }));
        Assert.Contains((await AuditLogTests.Verify(house)).Findings, finding => finding.Fault == AuditFault.StampWrong);
    }

    [Fact]
    public async Task OpenSSL_confirms_the_stamp_that_we_keep()
    {
        using var authority = await OpenSslAuthority.Start();
        var data = "a head"u8.ToArray();
        var token = await new Rfc3161Authority(authority.Address).Stamp(data, default);
        Assert.Contains("Verification: OK", await authority.Verify(data, token), StringComparison.Ordinal);
        Assert.DoesNotContain("Verification: OK", await authority.Verify("another head"u8.ToArray(), token), StringComparison.Ordinal);
    }

    [Theory, InlineData("refused"), InlineData("nonsense"), InlineData("old"), InlineData("gone")]
    public async Task An_authority_that_fails_holds_no_head_back(string how)
    {
        using var authority = await OpenSslAuthority.Start();
        authority.Fails = how;
        await using var house = await House.Open(Databases.Sqlite, services => services.AddSingleton<ITimeStamper>(new Rfc3161Authority(authority.Address)));
        await AuditLogTests.Tell(house, 1);
        await AuditLogTests.Round(house);
        var head = await house.Read(AuditLog.Head);
        Assert.NotNull(head.AnchoredAt);
        Assert.False(head.IsStamped);
        await AuditLogTests.IsWhole(house);
        authority.Fails = null;
        await AuditLogTests.Tell(house, 1);
        await AuditLogTests.Round(house);
        Assert.True((await house.Read(AuditLog.Head)).IsStamped);
    }

    /// <summary>An authority with a certificate of its own, made for this test.</summary>
    private sealed class OpenSslAuthority : IDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("huifang-tsa-").FullName;
        private readonly HttpListener _listener = new();
        private byte[]? _old;

        public Uri Address { get; private init; } = null!;

        /// <summary>How it fails, when it does.</summary>
        public string? Fails { get; set; }

        public static async Task<OpenSslAuthority> Start()
        {
            var port = FreePort();
            var authority = new OpenSslAuthority { Address = new Uri($"http://127.0.0.1:{port}/") };
            await File.WriteAllTextAsync(authority.At("openssl.cnf"), $"""
                [req]
                distinguished_name = dn
                prompt = no
                x509_extensions = ext
                [dn]
                CN = Test Time-Stamp Authority
                [ext]
                extendedKeyUsage = critical,timeStamping
                [tsa]
                default_tsa = one
                [one]
                serial = {authority.At("serial")}
                signer_cert = {authority.At("tsa.crt")}
                signer_key = {authority.At("tsa.key")}
                signer_digest = sha256
                default_policy = 1.2.3.4.1
                digests = sha256
                """);
            await authority.OpenSsl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-config", authority.At("openssl.cnf"), "-keyout", authority.At("tsa.key"), "-out", authority.At("tsa.crt"));
            authority._listener.Prefixes.Add(authority.Address.ToString());
            authority._listener.Start();
            _ = Task.Run(authority.Serve);
            return authority;
        }

        public async Task<string> Verify(byte[] data, byte[] token)
        {
            await File.WriteAllBytesAsync(At("data"), data);
            await File.WriteAllBytesAsync(At("token"), token);
            return await OpenSsl("ts", "-verify", "-data", At("data"), "-in", At("token"), "-token_in", "-CAfile", At("tsa.crt"));
        }

        private async Task Serve()
        {
            while (_listener.IsListening)
            {
                HttpListenerContext asked;
                try { asked = await _listener.GetContextAsync(); }
                catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException) { return; }
                using var body = new MemoryStream();
                await asked.Request.InputStream.CopyToAsync(body);
                await File.WriteAllBytesAsync(At("query"), body.ToArray());
                await OpenSsl("ts", "-reply", "-config", At("openssl.cnf"), "-section", "one", "-queryfile", At("query"), "-out", At("reply"));
                var reply = await File.ReadAllBytesAsync(At("reply"));
                if (Fails == "refused") asked.Response.StatusCode = 503;
                if (Fails == "gone") { asked.Response.Abort(); continue; }
                // "old" is a true answer to another question, played again.
                if (Fails == "old" && _old is null) { await File.WriteAllBytesAsync(At("elsewhere"), [1]); await OpenSsl("ts", "-query", "-data", At("elsewhere"), "-sha256", "-cert", "-out", At("query")); await OpenSsl("ts", "-reply", "-config", At("openssl.cnf"), "-section", "one", "-queryfile", At("query"), "-out", At("reply")); _old = await File.ReadAllBytesAsync(At("reply")); }
                asked.Response.ContentType = "application/timestamp-reply";
                await asked.Response.OutputStream.WriteAsync(Fails switch { "nonsense" => "<html>"u8.ToArray(), "old" => _old!, _ => reply });
                asked.Response.Close();
            }
        }

        private string At(string name) => Path.Combine(_folder, name);

        private async Task<string> OpenSsl(params string[] arguments)
        {
            var start = new ProcessStartInfo("openssl", arguments) { RedirectStandardOutput = true, RedirectStandardError = true, Environment = { ["OPENSSL_CONF"] = "/dev/null" } };
            using var process = Process.Start(start)!;
            var said = await process.StandardOutput.ReadToEndAsync() + await process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            return said;
        }

        private static int FreePort()
        {
            using var socket = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
            socket.Start();
            return ((IPEndPoint)socket.LocalEndpoint).Port;
        }

        public void Dispose()
        {
            _listener.Close();
            Directory.Delete(_folder, recursive: true);
        }
    }
}
