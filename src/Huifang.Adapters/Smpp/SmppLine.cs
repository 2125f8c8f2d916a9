using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Huifang.Messages;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Huifang.Smpp;

/// <summary>The SMS centre and our name there.</summary>
/// <param name="Sender">The number or word that customers see.</param>
public sealed record SmppSettings(string Host, int Port, string SystemId, string Password, string Sender)
{
    public TimeSpan EnquireEvery { get; init; } = TimeSpan.FromSeconds(30);
    public TimeSpan AnswerWithin { get; init; } = TimeSpan.FromSeconds(20);
    public TimeSpan ReconnectAfter { get; init; } = TimeSpan.FromSeconds(5);
}

/// <summary>
/// A transceiver of SMPP 3.4: keeps one bound connection, sends, and tells receipts and replies. When the connection is lost it comes back by itself;
/// until then messages are refused for now. A reply is confirmed to the centre only after we have it for good, else the centre keeps it.
/// </summary>
public sealed class SmppLine(SmppSettings settings, LineEars ears, TimeProvider time, ILogger<SmppLine> log) : BackgroundService, ISmsLine
{
    private readonly ConcurrentDictionary<uint, TaskCompletionSource<Pdu>> _waiting = new();
    private readonly Dictionary<(string From, int Reference), (string?[] Parts, DateTimeOffset Since)> _parts = [];
    private readonly SemaphoreSlim _writing = new(1);
    private volatile NetworkStream? _bound;
    private uint _sequence;
    private int _reference;

    public bool IsBound => _bound is not null;

    public async Task<LineAnswer> Send(OutgoingSms sms, CancellationToken stop)
    {
        string? id = null;
        foreach (var body in ShortMessages.Submit(settings.Sender, sms.To, sms.Text, (byte)Interlocked.Increment(ref _reference)))
        {
            if (_bound is not { } stream) return new LineAnswer.Refused("centre-unreachable", Permanent: false);
            try
            {
                var answer = await Ask(stream, SmppCommand.SubmitSm, body, stop);
                if (answer.Status != 0) return new LineAnswer.Refused($"smpp-0x{answer.Status:x2}", IsForGood(answer.Status));
                id = new PduReader(answer.Body).Text();
            }
            catch (Exception lost) when (lost is IOException or TimeoutException or InvalidDataException or ObjectDisposedException) { return new LineAnswer.Refused("centre-lost", Permanent: false); }
        }
        return new LineAnswer.Accepted(id);
    }

    // Invalid destination address, or the subscriber cannot be reached by this centre at all.
    private static bool IsForGood(uint status) => status is 0x0b or 0x33 or 0x34 or 0x48 or 0x50 or 0x51;

    protected override async Task ExecuteAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try { await Connection(stop); }
            catch (OperationCanceledException) when (stop.IsCancellationRequested) { return; }
            catch (Exception lost) when (lost is SocketException or IOException or InvalidDataException or TimeoutException or OperationCanceledException)
            {
                log.LogWarning("The SMS centre was lost: {Reason}. We come back in {Seconds} s.", lost.Message, settings.ReconnectAfter.TotalSeconds);
            }
            try { await Task.Delay(settings.ReconnectAfter, time, stop); }
            catch (OperationCanceledException) { return; }
        }
    }

    private async Task Connection(CancellationToken stop)
    {
        using var client = new TcpClient { NoDelay = true };
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        await client.ConnectAsync(settings.Host, settings.Port, end.Token).AsTask().WaitAsync(settings.AnswerWithin, time, stop);
        await using var stream = client.GetStream();
        var reading = ReadAll(stream, end.Token);
        try
        {
            var bind = new PduBody().Text(settings.SystemId).Text(settings.Password).Text("").Octets(0x34, 0, 0).Text("").Done();
            var answer = await Ask(stream, SmppCommand.BindTransceiver, bind, stop);
            if (answer.Status != 0) throw new InvalidDataException($"the bind was refused with 0x{answer.Status:x2}");
            _bound = stream;
            using var every = new PeriodicTimer(settings.EnquireEvery, time);
            while (await Task.WhenAny(reading, every.WaitForNextTickAsync(stop).AsTask()) != reading) await Ask(stream, SmppCommand.EnquireLink, [], stop);
            await reading;
        }
        finally
        {
            _bound = null;
            if (stop.IsCancellationRequested) await Farewell(stream);
            await end.CancelAsync();
            foreach (var waiting in _waiting.Values) waiting.TrySetException(new IOException("the connection closed"));
            _waiting.Clear();
        }
    }

    private async Task Farewell(NetworkStream stream)
    {
        try { await Write(stream, new(SmppCommand.Unbind, 0, Interlocked.Increment(ref _sequence), [])); }
        catch (IOException) { /* The centre was gone first. */ }
    }

    private async Task<Pdu> Ask(NetworkStream stream, uint command, byte[] body, CancellationToken stop)
    {
        var sequence = Interlocked.Increment(ref _sequence);
        var waiting = _waiting[sequence] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            await Write(stream, new(command, 0, sequence, body));
            return await waiting.Task.WaitAsync(settings.AnswerWithin, time, stop);
        }
        finally { _waiting.TryRemove(sequence, out _); }
    }

    private async Task Write(NetworkStream stream, Pdu pdu)
    {
        await _writing.WaitAsync();
        try { await stream.WriteAsync(pdu.Write()); }
        finally { _writing.Release(); }
    }

    private async Task ReadAll(NetworkStream stream, CancellationToken stop)
    {
        while (await Pdu.Read(stream, stop) is { } pdu)
        {
            if ((pdu.Command & SmppCommand.Answer) != 0)
            {
                if (_waiting.TryGetValue(pdu.Sequence, out var waiting)) waiting.TrySetResult(pdu);
                continue;
            }
            var status = 0u;
            if (pdu.Command == SmppCommand.DeliverSm) status = await Take(pdu, stop);
            await Write(stream, new(pdu.Command is SmppCommand.DeliverSm or SmppCommand.EnquireLink or SmppCommand.Unbind ? pdu.Command | SmppCommand.Answer : SmppCommand.GenericNack,
                pdu.Command is SmppCommand.DeliverSm or SmppCommand.EnquireLink or SmppCommand.Unbind ? status : 0x03, pdu.Sequence, pdu.Command == SmppCommand.DeliverSm ? [0] : []));
            if (pdu.Command == SmppCommand.Unbind) return;
        }
    }

    // A status other than 0 makes the centre keep the message and bring it again.
    private async Task<uint> Take(Pdu pdu, CancellationToken stop)
    {
        try
        {
            var delivery = ShortMessages.ReadDelivery(pdu.Body);
            if (delivery.IsReceipt)
            {
                if (ShortMessages.ReadReceipt(delivery, time.GetUtcNow()) is { } receipt) await ears.Receipt(receipt, stop);
            }
            else if (Join(delivery) is { } text)
            {
                var from = "+" + delivery.From.TrimStart('+');
                var id = Convert.ToHexStringLower(SHA256.HashData([.. Encoding.UTF8.GetBytes($"{from}\n{text}\n{time.GetUtcNow().ToUnixTimeSeconds() / 60}")]).AsSpan(0, 16));
                await ears.Arrival(new(id, from, text, time.GetUtcNow()), stop);
            }
            return 0;
        }
        catch (InvalidDataException) { return 0x0d; }
        catch (Exception failed) when (failed is not OperationCanceledException)
        {
            log.LogError(failed, "A message from the SMS centre could not be kept; the centre brings it again.");
            return 0x64;
        }
    }

    private string? Join(Delivery delivery)
    {
        if (ShortMessages.Place(delivery) is not { } place) return ShortMessages.Words(delivery.Coding, delivery.Octets);
        var words = ShortMessages.Words(delivery.Coding, delivery.Octets.AsSpan(place.HeaderLength));
        if (place.Parts <= 1) return words;
        foreach (var old in _parts.Where(one => one.Value.Since < time.GetUtcNow().AddHours(-1)).Select(one => one.Key).ToList()) _parts.Remove(old);
        var key = (delivery.From, place.Reference);
        if (!_parts.TryGetValue(key, out var kept) || kept.Parts.Length != place.Parts) _parts[key] = kept = (new string?[place.Parts], time.GetUtcNow());
        if (place.Part >= 1 && place.Part <= place.Parts) kept.Parts[place.Part - 1] = words;
        if (kept.Parts.Any(part => part is null)) return null;
        _parts.Remove(key);
        return string.Concat(kept.Parts);
    }
}
