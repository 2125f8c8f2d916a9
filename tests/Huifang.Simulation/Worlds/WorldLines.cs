using System.Collections.Concurrent;
using Huifang.Messages;
using Huifang.Simulation.Machine;

namespace Huifang.Simulation.Worlds;

/// <summary>
/// The networks outside: they take, refuse, break, or take and say nothing. What becomes of a message hangs on its own key and try, not on the order of sending, because the
/// house sends several at once.
/// </summary>
internal sealed class WorldLines : ISmsLine, IMailLine
{
    private readonly ConcurrentDictionary<string, int> _tries = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<Handed> _handed = new();
    private ulong _seed;
    private bool _fails;

    /// <summary>Something that the network has in hand.</summary>
    public sealed record Handed(string Key, string Channel, string? LineId);

    public void Attach(World world)
    {
        (_seed, _fails) = (world.Seed, world.LinesFail);
        _tries.Clear();
        _handed.Clear();
    }

    public Task<LineAnswer> Send(OutgoingSms sms, CancellationToken stop) => Task.FromResult(Take(sms.Key, "Sms"));
    public Task<LineAnswer> Send(OutgoingMail mail, CancellationToken stop) => Task.FromResult(Take(mail.Key, "Email"));

    /// <summary>What was handed over since the last look, in an order that hangs on nothing but the keys.</summary>
    public List<Handed> Drain()
    {
        var all = new List<Handed>();
        while (_handed.TryDequeue(out var one)) all.Add(one);
        return [.. all.OrderBy(one => one.Key, StringComparer.Ordinal)];
    }

    private LineAnswer Take(string key, string channel)
    {
        var tries = _tries.AddOrUpdate(key, 1, (_, before) => before + 1);
        var fate = _fails ? new Chance(Chance.Of(_seed, $"{key}/{tries}")).Share() : 1;
        if (fate < .04) return new LineAnswer.Refused("unknown number", Permanent: true);
        if (fate < .12) return new LineAnswer.Refused("busy", Permanent: false);
        if (fate < .15) throw new IOException("the line broke before it took the message");
        _handed.Enqueue(new(key, channel, $"line-{key}"));
        // It has it, and we don't know.
        if (fate < .19) throw new IOException("the line broke after it had taken the message");
        return new LineAnswer.Accepted($"line-{key}");
    }
}
