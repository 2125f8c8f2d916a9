namespace Huifang.Calls;

/// <summary>What the customer's app says about calls, on home, payment and unfreeze pages.</summary>
public enum CallStatusKind
{
    /// <summary>We are not calling you.</summary>
    Quiet,
    /// <summary>We are calling you now: this agent, for this reason, with these words.</summary>
    Calling,
    /// <summary>Somebody is calling who is not us: she said that her telephone rings, and no call of ours is announced; or she denied ours.</summary>
    NotUs,
    /// <summary>We cannot tell, so do not talk: signed out, older than 30 seconds, or two calls at once.</summary>
    CannotConfirm,
}

/// <param name="Call">The call, when <see cref="CallStatusKind.Calling"/>.</param>
/// <param name="CheckedAt">When the server looked.</param>
public sealed record CallStatus(CallStatusKind Kind, CallVerification? Call, DateTimeOffset CheckedAt)
{
    /// <summary>Older than this it is worth nothing.</summary>
    public static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(30);

    /// <param name="signedIn">A valid session of this customer.</param>
    /// <param name="calls">Her calls that have not ended, as committed at <paramref name="checkedAt"/>.</param>
    /// <param name="someoneIsCalling">She said so.</param>
    public static CallStatus For(bool signedIn, IEnumerable<CallVerification> calls, bool someoneIsCalling, DateTimeOffset checkedAt, DateTimeOffset now)
    {
        if (!signedIn || now - checkedAt > FreshFor || checkedAt > now + FreshFor) return new(CallStatusKind.CannotConfirm, null, checkedAt);
        var live = calls.Where(call => call.IsLive(now)).Take(2).ToList();
        return live switch
        {
            [] => new(someoneIsCalling ? CallStatusKind.NotUs : CallStatusKind.Quiet, null, checkedAt),
            [{ Stage: VerificationStage.Denied }] => new(CallStatusKind.NotUs, null, checkedAt),
            [var call] => new(CallStatusKind.Calling, call, checkedAt),
            _ => new(CallStatusKind.CannotConfirm, null, checkedAt),
        };
    }
}
