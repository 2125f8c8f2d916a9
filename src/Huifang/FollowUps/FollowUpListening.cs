using Huifang.Journal;
using Huifang.Storage;

namespace Huifang.FollowUps;

/// <summary>
/// Who wants a fact: for kinds of our own the listeners they are declared with, for the wallet's kinds this room when a live rule
/// speaks of them. What no rule wants has its final decision when it is written.
/// </summary>
public sealed class FollowUpListening(LiveRules rules, OutsideListening outsiders) : IListening
{
    private static readonly string[] Rules = [FollowUpReactions.Name];

    public async ValueTask<Func<string, string[]>> Listeners(Tx tx)
    {
        var live = await rules.Of(tx);
        var outside = await outsiders.Wanted(tx);
        string[] Inside(string kind) => Facts.Declared.TryGetValue(kind, out var declared) ? declared : live.Wants(kind) ? Rules : Facts.Nobody;
        return outside is null ? Inside : kind => outside(kind) ? [.. Inside(kind), OutsideListening.Listener] : Inside(kind);
    }
}
