using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Huifang.Fire.Fuzz;

/// <summary>An answer as it came over the wire.</summary>
public sealed record RawAnswer(int Status, IReadOnlyList<(string Name, string Value)> Headers, byte[] Body, bool Closed)
{
    public string? Header(string name) => Headers.FirstOrDefault(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
    public string Text => Encoding.UTF8.GetString(Body);
}

/// <summary>HTTP/1.1 by hand: what a well-behaved client would never send has to be sendable. One request at a time on a connection that is kept while it lasts.</summary>
public sealed class RawClient(int port, TimeSpan patience) : IDisposable
{
    private TcpClient? _client;
    private NetworkStream? _stream;
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _from, _to;

    /// <returns>Null when the server closed the connection without an answer.</returns>
    /// <exception cref="TimeoutException">It did not answer in time.</exception>
    public async Task<RawAnswer?> Send(byte[] request, bool hasNoBody)
    {
        for (var tries = 0; ; tries++)
        {
            var isFresh = _client is null;
            if (isFresh) await Open();
            try
            {
                using var late = new CancellationTokenSource(patience);
                // It may answer and close before it has read all; then what it said still counts.
                try { await _stream!.WriteAsync(request, late.Token); } catch (IOException) { }
                try
                {
                    var answer = await Read(hasNoBody, late.Token);
                    if (answer is null || answer.Closed) Close();
                    if (answer is null && !isFresh && tries == 0) continue;
                    return answer;
                }
                catch (IOException) { Close(); if (isFresh || tries > 0) return null; }
            }
            catch (OperationCanceledException) { Close(); throw new TimeoutException(); }
        }
    }

    private async Task Open()
    {
        _client = new TcpClient { NoDelay = true };
        await _client.ConnectAsync("127.0.0.1", port);
        _stream = _client.GetStream();
        _from = _to = 0;
    }

    private void Close()
    {
        _client?.Dispose();
        _client = null;
    }

    private async Task<RawAnswer?> Read(bool hasNoBody, CancellationToken stop)
    {
        if (await Line(stop) is not { } first) return null;
        var parts = first.Split(' ', 3);
        if (parts.Length < 2 || !int.TryParse(parts[1], CultureInfo.InvariantCulture, out var status)) throw new IOException($"This is no status line: {first}");
        var headers = new List<(string, string)>();
        while (await Line(stop) is { Length: > 0 } line) headers.Add((line[..line.IndexOf(':', StringComparison.Ordinal)], line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim()));
        if (status == 100) return await Read(hasNoBody, stop);
        string? Header(string name) => headers.FirstOrDefault(header => header.Item1.Equals(name, StringComparison.OrdinalIgnoreCase)).Item2;
        var closed = string.Equals(Header("Connection"), "close", StringComparison.OrdinalIgnoreCase);
        using var body = new MemoryStream();
        if (hasNoBody || status is 204 or 304) { }
        else if (string.Equals(Header("Transfer-Encoding"), "chunked", StringComparison.OrdinalIgnoreCase))
        {
            while (int.Parse((await Line(stop))!.Split(';')[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture) is > 0 and var length) { await Take(length, body, stop); await Line(stop); }
            await Line(stop);
        }
        else if (Header("Content-Length") is { } text) await Take(int.Parse(text, CultureInfo.InvariantCulture), body, stop);
        else if (closed) while (await Fill(stop)) { body.Write(_buffer, _from, _to - _from); _from = _to; }
        return new(status, headers, body.ToArray(), closed || status == 101);
    }

    private async Task Take(int length, MemoryStream into, CancellationToken stop)
    {
        while (length > 0)
        {
            if (_from == _to && !await Fill(stop)) throw new IOException("The answer ended early.");
            var some = Math.Min(length, _to - _from);
            into.Write(_buffer, _from, some);
            _from += some;
            length -= some;
        }
    }

    private async Task<string?> Line(CancellationToken stop)
    {
        var line = new StringBuilder();
        while (true)
        {
            if (_from == _to && !await Fill(stop)) return line.Length > 0 ? line.ToString() : null;
            var c = (char)_buffer[_from++];
            if (c == '\n') return line.ToString().TrimEnd('\r');
            line.Append(c);
        }
    }

    private async Task<bool> Fill(CancellationToken stop)
    {
        _from = 0;
        _to = await _stream!.ReadAsync(_buffer, stop);
        return _to > 0;
    }

    public void Dispose() => Close();
}
