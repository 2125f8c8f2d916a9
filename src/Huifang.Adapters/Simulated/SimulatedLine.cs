using Huifang.Messages;

namespace Huifang.Simulated;

/// <summary>
/// The demo's line: nothing leaves the house, messages are read in the viewer. A number that ends in 0000 does not exist and an address
/// at bounce.example refuses, so that the demo also shows what happens then.
/// </summary>
public sealed class SimulatedLine : ISmsLine, IMailLine
{
    public Task<LineAnswer> Send(OutgoingSms sms, CancellationToken stop) =>
        Task.FromResult<LineAnswer>(sms.To.EndsWith("0000", StringComparison.Ordinal) ? new LineAnswer.Refused("number-unknown", Permanent: true) : new LineAnswer.Accepted(sms.Key));

    public Task<LineAnswer> Send(OutgoingMail mail, CancellationToken stop) =>
        Task.FromResult<LineAnswer>(mail.To.EndsWith("@bounce.example", StringComparison.OrdinalIgnoreCase) ? new LineAnswer.Refused("smtp-550", Permanent: true) : new LineAnswer.Accepted(mail.Key));
}
