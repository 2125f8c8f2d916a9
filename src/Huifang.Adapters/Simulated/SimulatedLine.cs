using System.Collections.Concurrent;
using Huifang.Messages;

namespace Huifang.Simulated;

/// <summary>
/// The demo's line: nothing leaves the house, messages are read in the viewer. A number that ends in 0000 does not exist and an address
/// at bounce.example refuses, so that the demo also shows what happens then. What it took, <see cref="SimulatedNetwork"/> reports as arrived.
/// </summary>
public sealed class SimulatedLine : ISmsLine, IMailLine
{
    internal ConcurrentQueue<string> Taken { get; } = [];

    public Task<LineAnswer> Send(OutgoingSms sms, CancellationToken stop) => Task.FromResult(Take(sms.Key, sms.To.EndsWith("0000", StringComparison.Ordinal) ? "number-unknown" : null));

    public Task<LineAnswer> Send(OutgoingMail mail, CancellationToken stop) => Task.FromResult(Take(mail.Key, mail.To.EndsWith("@bounce.example", StringComparison.OrdinalIgnoreCase) ? "smtp-550" : null));

    private LineAnswer Take(string key, string? refusal)
    {
        if (refusal is not null) return new LineAnswer.Refused(refusal, Permanent: true);
        Taken.Enqueue(key);
        return new LineAnswer.Accepted(key);
    }
}
