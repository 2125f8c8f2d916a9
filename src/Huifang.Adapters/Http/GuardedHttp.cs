using System.Net;
using System.Net.Sockets;
using Huifang.Webhooks;

namespace Huifang.Http;

/// <summary>An address that we do not speak to.</summary>
public sealed class AddressRefusedException(string message) : HttpRequestException(message);

/// <summary>
/// The one way to call an address that somebody else named. The name is resolved once and the connection goes to exactly that address, so that a name cannot be public when it is looked at and private when it
/// is used; every address of the name must be public; no redirects, no proxy, no cookies, and an end to time and size. The operator may name hosts of his own that are reachable all the same.
/// </summary>
public sealed class GuardedHttp : IDisposable
{
    /// <summary>An answer is read up to here where nothing else is said.</summary>
    public const int AnswerBytesMax = 64 * 1024;

    private readonly HttpClient _http;
    private readonly Func<string, CancellationToken, Task<IPAddress[]>> _resolve;

    /// <param name="allowed">Hosts with ports (<c>10.1.2.3:8443</c>) that may be private.</param>
    /// <param name="resolve">How names are resolved; the system's way when left out.</param>
    /// <param name="answerBytesMax">An answer is read up to here.</param>
    public GuardedHttp(IReadOnlyCollection<string>? allowed = null, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null, int answerBytesMax = AnswerBytesMax)
    {
        Allowed = allowed ?? [];
        _resolve = resolve ?? ((host, stop) => Dns.GetHostAddressesAsync(host, stop));
        _http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false, UseProxy = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(10), ConnectCallback = Connect, MaxResponseHeadersLength = 16,
            // A pooled connection would outlive the look at its address.
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
        }) { Timeout = TimeSpan.FromSeconds(20), MaxResponseContentBufferSize = answerBytesMax };
    }

    public IReadOnlyCollection<string> Allowed { get; }

    /// <exception cref="AddressRefusedException">The address, or what its name leads to, is not public.</exception>
    /// <exception cref="HttpRequestException">The network or the other side failed.</exception>
    public async Task<HttpResponseMessage> Send(HttpRequestMessage request, CancellationToken stop)
    {
        if (PublicAddress.Refuse(request.RequestUri!.AbsoluteUri, Allowed) is { } reason) throw new AddressRefusedException(reason);
        try { return await _http.SendAsync(request, HttpCompletionOption.ResponseContentRead, stop); }
        catch (HttpRequestException failed) when (failed.InnerException is AddressRefusedException refused) { throw refused; }
        catch (TaskCanceledException late) when (!stop.IsCancellationRequested) { throw new HttpRequestException("timeout", late); }
    }

    private async ValueTask<Stream> Connect(SocketsHttpConnectionContext context, CancellationToken stop)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var addresses = IPAddress.TryParse(host, out var written) ? [written] : await _resolve(host, stop);
        if (addresses.Length == 0) throw new HttpRequestException("unknown-host");
        if (!Allowed.Contains($"{host}:{port}") && addresses.FirstOrDefault(address => !PublicAddress.IsPublic(address)) is not null) throw new AddressRefusedException("not-public");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, port, stop);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch { socket.Dispose(); throw; }
    }

    public void Dispose() => _http.Dispose();
}
