using System.Net;
using System.Net.Sockets;
using System.Text;
using Huifang.Fire.Load;
using Huifang.Fire.Machines;

namespace Huifang.Fire.Soak;

/// <summary>A webhook receiver that takes every connection and never says a word.</summary>
internal sealed class Mute : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<TcpClient> _held = [];

    public Mute()
    {
        _listener.Start();
        _ = Task.Run(async () =>
        {
            try { while (true) { var client = await _listener.AcceptTcpClientAsync(); lock (_held) _held.Add(client); } }
            catch (Exception ended) when (ended is SocketException or ObjectDisposedException) { }
        });
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;
    public int Taken { get { lock (_held) return _held.Count; } }

    public void Dispose()
    {
        _listener.Stop();
        lock (_held) _held.ForEach(client => client.Dispose());
    }
}

/// <summary>Connections that asked once and stay, as browsers and apps do.</summary>
internal sealed class Idle : IDisposable
{
    private readonly List<TcpClient> _open = [];
    public int Count => _open.Count;

    /// <summary>As many as are wanted, or as the limit of open files allows.</summary>
    public static async Task<Idle> Open(Place place, int most)
    {
        var idle = new Idle();
        var buffer = new byte[4096];
        try
        {
            while (idle._open.Count < most)
            {
                var client = new TcpClient { NoDelay = true };
                await client.ConnectAsync(IPAddress.Loopback, place.Port);
                await client.GetStream().WriteAsync("GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray());
                if (await client.GetStream().ReadAsync(buffer) == 0) break;
                idle._open.Add(client);
            }
        }
        catch (Exception full) when (full is SocketException or IOException) { }
        return idle;
    }

    public void Dispose() => _open.ForEach(client => client.Dispose());
}

/// <summary>The wallet's stream: events by the batch, each acknowledged by itself.</summary>
internal sealed class Batches(Place place, Population people, int seed)
{
    private const int Size = 200;
    private readonly HttpClient _http = new() { BaseAddress = new(place.Address), Timeout = TimeSpan.FromSeconds(30), DefaultRequestHeaders = { { "X-Api-Key", people.Key } } };
    private readonly Random _random = new(seed);
    private int _sent;

    public async Task<bool> Send(Crowd crowd, CancellationToken stop)
    {
        var ids = Enumerable.Range(0, Size).Select(_ => $"b{seed}-{_sent++}").ToList();
        var body = "[" + string.Join(',', ids.Select(id => $$"""{"specversion":"1.0","id":"{{id}}","source":"wallet","type":"payment.completed","subject":"k{{_random.Next(Population.Told)}}","data":{"amount":2580,"currency":"CNY"} }""")) + "]";
        using var answer = await _http.PostAsync("/v1/events", new StringContent(body, Encoding.UTF8, "application/cloudevents-batch+json"), stop);
        if (!answer.IsSuccessStatusCode) return false;
        foreach (var id in ids) crowd.Deeds.Acknowledge(new(Deed.Event, id, ""), id);
        return true;
    }
}
