using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Huifang.MailIn;

/// <summary>Where we listen for letters, and for whom.</summary>
/// <param name="At">An address of this machine or of a private network: the relay in front has TLS, spam and sender checks.</param>
/// <param name="For">Letters to anybody else are refused while the relay still holds them. Empty: everybody.</param>
public sealed record SmtpListenerSettings(IPEndPoint At, IReadOnlyCollection<string> For)
{
    /// <summary>Reads <c>smtp://127.0.0.1:2525?for=complaints@wallet.example,help@wallet.example</c>.</summary>
    public static SmtpListenerSettings Read(string address)
    {
        var uri = new Uri(address);
        var query = System.Web.HttpUtility.ParseQueryString(uri.Query);
        return new(new IPEndPoint(IPAddress.Parse(uri.Host), uri.Port > 0 ? uri.Port : 2525), (query["for"] ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
    }
}

/// <summary>What became of a letter that was handed over.</summary>
public enum Handover { Kept, TooLarge, StorageFull }

/// <summary>
/// Takes letters from a mail relay (SMTP, RFC 5321; SIZE, 8BITMIME, SMTPUTF8, PIPELINING). "250" after the last dot means that the letter is durable;
/// a connection that breaks before leaves it with the relay, which tries again. Written here because the feed has no SMTP server; tested behind a real relay.
/// </summary>
public sealed class SmtpListener(SmtpListenerSettings settings, Func<byte[], CancellationToken, Task<Handover>> take, ILogger<SmtpListener> log) : BackgroundService
{
    public const int LetterBytesMax = 40 * 1024 * 1024;
    private const int LineBytesMax = 4096, RecipientsMax = 100, FaultsMax = 20, ConnectionsMax = 100, LettersAtOnce = 8;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly SemaphoreSlim _letters = new(LettersAtOnce);
    private readonly TaskCompletionSource<IPEndPoint> _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _connections;

    /// <summary>Where it listens, once it does.</summary>
    public Task<IPEndPoint> Open => _open.Task;

    protected override async Task ExecuteAsync(CancellationToken stop)
    {
        using var listener = new TcpListener(settings.At);
        listener.Start(ConnectionsMax);
        _open.TrySetResult((IPEndPoint)listener.LocalEndpoint);
        try
        {
            while (!stop.IsCancellationRequested) _ = Serve(await listener.AcceptTcpClientAsync(stop), stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested) { }
    }

    private async Task Serve(TcpClient client, CancellationToken stop)
    {
        var count = Interlocked.Increment(ref _connections);
        try
        {
            using (client)
            await using (var stream = client.GetStream())
            {
                if (count > ConnectionsMax) { await stream.WriteAsync("421 4.3.2 Too many connections, try again later\r\n"u8.ToArray(), stop); return; }
                await new Talk(stream, this).Run(stop);
            }
        }
        catch (Exception broken) when (broken is IOException or SocketException or OperationCanceledException or InvalidDataException) { }
        catch (Exception failed) { log.LogError(failed, "A mail connection failed."); }
        finally { Interlocked.Decrement(ref _connections); }
    }

    /// <summary>One connection.</summary>
    private sealed class Talk(NetworkStream stream, SmtpListener house)
    {
        private readonly PipeReader _in = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true));
        private string? _from;
        private int _recipients, _faults;

        public async Task Run(CancellationToken stop)
        {
            await Say("220 huifang ESMTP", stop);
            while (_faults < FaultsMax && await Line(stop) is { } line)
            {
                var verb = line.Split(' ', 2)[0].ToUpperInvariant();
                switch (verb)
                {
                    case "EHLO": await Say($"250-huifang\r\n250-SIZE {LetterBytesMax}\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-ENHANCEDSTATUSCODES\r\n250 PIPELINING", stop); Reset(); break;
                    case "HELO": await Say("250 huifang", stop); Reset(); break;
                    case "MAIL": await Mail(line, stop); break;
                    case "RCPT": await Recipient(line, stop); break;
                    case "DATA": if (!await Data(stop)) return; break;
                    case "RSET": Reset(); await Say("250 2.0.0 Forgotten", stop); break;
                    case "NOOP": await Say("250 2.0.0 Ok", stop); break;
                    case "VRFY": await Say("252 2.1.5 Send it and see", stop); break;
                    case "QUIT": await Say("221 2.0.0 Goodbye", stop); return;
                    default: await Fault("500 5.5.2 Not a command that we know", stop); break;
                }
            }
            if (_faults >= FaultsMax) await Say("421 4.7.0 Too many errors", stop);
        }

        private void Reset() => (_from, _recipients) = (null, 0);

        private async Task Mail(string line, CancellationToken stop)
        {
            if (Path(line, "FROM:") is not { } from) { await Fault("501 5.5.4 MAIL FROM:<address>", stop); return; }
            var size = line.ToUpperInvariant().Split(" SIZE=") is [_, var rest] && long.TryParse(rest.Split(' ')[0], out var said) ? said : 0;
            if (size > LetterBytesMax) { await Fault($"552 5.3.4 At most {LetterBytesMax} bytes", stop); return; }
            (_from, _recipients) = (from, 0);
            await Say("250 2.1.0 Ok", stop);
        }

        private async Task Recipient(string line, CancellationToken stop)
        {
            if (_from is null) await Fault("503 5.5.1 MAIL first", stop);
            else if (Path(line, "TO:") is not { Length: > 0 } to) await Fault("501 5.5.4 RCPT TO:<address>", stop);
            else if (!house.TakesFor(to)) await Fault("550 5.1.1 Nobody of that name takes letters here", stop);
            else if (_recipients >= RecipientsMax) await Fault("452 4.5.3 Too many recipients", stop);
            else { _recipients++; await Say("250 2.1.5 Ok", stop); }
        }

        private async Task<bool> Data(CancellationToken stop)
        {
            if (_recipients == 0) { await Fault("503 5.5.1 RCPT first", stop); return true; }
            await house._letters.WaitAsync(stop);
            try
            {
                await Say("354 End with a dot on a line of its own", stop);
                if (await Letter(stop) is not { } letter) return false;
                Reset();
                if (letter.Length == 0) { await Say($"552 5.3.4 At most {LetterBytesMax} bytes", stop); return true; }
                await Say(await Take(letter, stop), stop);
                return true;
            }
            finally { house._letters.Release(); }
        }

        // "Try again" for whatever is ours to mend: the relay keeps the letter until then.
        private async Task<string> Take(byte[] letter, CancellationToken stop)
        {
            try
            {
                return await house.Take(letter, stop) switch
                {
                    Handover.Kept => "250 2.0.0 Kept",
                    Handover.TooLarge => "552 5.3.4 Too large",
                    _ => "452 4.3.1 No room at the moment, try again later",
                };
            }
            catch (Exception failed) when (failed is not OperationCanceledException)
            {
                house.Log.LogError(failed, "A letter could not be stored; the relay keeps it.");
                return "451 4.3.0 It could not be stored, try again later";
            }
        }

        /// <summary>Until CR LF . CR LF and nothing else: a bare line feed before the dot is part of the letter, or letters could be smuggled in. Null: the connection broke. Empty: too large.</summary>
        private async Task<byte[]?> Letter(CancellationToken stop)
        {
            var letter = new ArrayBufferWriter<byte>(16 * 1024);
            var (state, size) = (2, 0L);
            while (true)
            {
                using var patience = Limit(stop);
                var read = await _in.ReadAsync(patience.Token);
                if (read.IsCompleted && read.Buffer.IsEmpty) return null;
                var done = Copy(read.Buffer, letter, ref state, ref size, out var consumed);
                _in.AdvanceTo(consumed);
                if (done) return size > LetterBytesMax ? [] : letter.WrittenSpan.ToArray();
            }
        }

        // 0: in a line · 1: after CR · 2: at the beginning of a line · 3: after a dot there · 4: after dot and CR.
        private static bool Copy(ReadOnlySequence<byte> buffer, ArrayBufferWriter<byte> letter, ref int state, ref long size, out SequencePosition consumed)
        {
            var at = 0L;
            foreach (var memory in buffer)
                foreach (var octet in memory.Span)
                {
                    at++;
                    if (state == 2 && octet == '.') { state = 3; continue; }
                    if (state == 3 && octet == '\r') { state = 4; continue; }
                    if (state == 4 && octet == '\n') { consumed = buffer.GetPosition(at); return true; }
                    if (state == 4) Put(letter, (byte)'\r', ref size);
                    Put(letter, octet, ref size);
                    state = octet == '\r' ? 1 : state == 1 && octet == '\n' ? 2 : 0;
                }
            consumed = buffer.End;
            return false;
        }

        private static void Put(ArrayBufferWriter<byte> letter, byte octet, ref long size)
        {
            if (++size > LetterBytesMax) return;
            letter.GetSpan(1)[0] = octet;
            letter.Advance(1);
        }

        private async Task<string?> Line(CancellationToken stop)
        {
            while (true)
            {
                using var patience = Limit(stop);
                var read = await _in.ReadAsync(patience.Token);
                if (read.Buffer.PositionOf((byte)'\n') is { } end)
                {
                    var line = Encoding.UTF8.GetString(read.Buffer.Slice(0, end)).TrimEnd('\r');
                    _in.AdvanceTo(read.Buffer.GetPosition(1, end));
                    if (line.Length > LineBytesMax) throw new InvalidDataException("A line without end.");
                    return line;
                }
                if (read.IsCompleted) return null;
                if (read.Buffer.Length > LineBytesMax) throw new InvalidDataException("A line without end.");
                _in.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            }
        }

        private static CancellationTokenSource Limit(CancellationToken stop)
        {
            var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
            limit.CancelAfter(Patience);
            return limit;
        }

        private Task Fault(string answer, CancellationToken stop)
        {
            _faults++;
            return Say(answer, stop);
        }

        private async Task Say(string answer, CancellationToken stop) => await stream.WriteAsync(Encoding.ASCII.GetBytes($"{answer}\r\n"), stop);

        private static string? Path(string line, string keyword)
        {
            var at = line.IndexOf(keyword, StringComparison.OrdinalIgnoreCase);
            if (at < 0) return null;
            var open = line.IndexOf('<', at);
            var close = open < 0 ? -1 : line.IndexOf('>', open);
            return close < 0 ? null : line[(open + 1)..close];
        }
    }

    private Task<Handover> Take(byte[] letter, CancellationToken stop) => take(letter, stop);
    private ILogger Log => log;
    private bool TakesFor(string to) => settings.For.Count == 0 || settings.For.Contains(to, StringComparer.OrdinalIgnoreCase);
}
