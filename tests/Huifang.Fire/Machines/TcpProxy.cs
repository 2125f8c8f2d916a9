using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Huifang.Fire.Machines;

/// <summary>Stands between two and misbehaves when it is told to: slow, deaf while it stays connected, or gone.</summary>
public sealed class TcpProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<Socket, Socket> _pairs = new();
    private readonly CancellationTokenSource _ended = new();
    private readonly int _to;
    private volatile int _delay;
    private volatile int _era;

    public TcpProxy(int to)
    {
        _to = to;
        _listener.Start();
        _ = Task.Run(Take);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Every piece waits so long; whatever is under way too.</summary>
    public void Delay(TimeSpan time) => _delay = (int)time.TotalMilliseconds;

    /// <summary>Everything that is connected now is never forwarded again, and nobody is told: both sides believe that the other one is only slow. New connections work.</summary>
    public void Deafen() => _era++;

    /// <summary>Everything that is connected now is cut in the middle of whatever it says.</summary>
    public void Cut()
    {
        foreach (var (from, to) in _pairs)
            foreach (var side in new[] { from, to })
            {
                // A reset, not a polite end.
                try { side.LingerState = new LingerOption(true, 0); } catch (Exception gone) when (gone is SocketException or ObjectDisposedException) { }
                side.Dispose();
            }
        _pairs.Clear();
    }

    private async Task Take()
    {
        try
        {
            while (true)
            {
                var from = await _listener.AcceptSocketAsync(_ended.Token);
                _ = Task.Run(() => Join(from));
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException) { }
    }

    private async Task Join(Socket from)
    {
        var to = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        from.NoDelay = true;
        var era = _era;
        try
        {
            await to.ConnectAsync(IPAddress.Loopback, _to, _ended.Token);
            _pairs[from] = to;
            await Task.WhenAny(Pass(from, to, era), Pass(to, from, era));
        }
        catch (Exception gone) when (gone is SocketException or OperationCanceledException or ObjectDisposedException) { }
        _pairs.TryRemove(from, out _);
        from.Dispose();
        to.Dispose();
    }

    private async Task Pass(Socket from, Socket to, int era)
    {
        var buffer = new byte[32 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, _ended.Token) is > 0 and var length)
            {
                if (_delay > 0) await Task.Delay(_delay, _ended.Token);
                // Deaf: what comes is thrown away, and the connection stays.
                if (_era != era) { while (await from.ReceiveAsync(buffer, _ended.Token) > 0) { } return; }
                for (var sent = 0; sent < length;) sent += await to.SendAsync(buffer.AsMemory(sent, length - sent), _ended.Token);
            }
        }
        catch (Exception gone) when (gone is SocketException or OperationCanceledException or ObjectDisposedException) { }
    }

    public void Dispose()
    {
        _ended.Cancel();
        _listener.Stop();
        Cut();
        _ended.Dispose();
    }
}
