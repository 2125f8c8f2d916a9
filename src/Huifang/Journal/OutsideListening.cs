using Huifang.Storage;
using Huifang.Webhooks;

namespace Huifang.Journal;

/// <summary>Which facts somebody outside wants to be told.</summary>
public sealed class OutsideListening
{
    public const string Listener = WebhookReactions.Name;

    /// <returns>Null when nobody wants anything, which is the usual case and costs one look at a table of a few rows.</returns>
    public async ValueTask<Func<string, bool>?> Wanted(Tx tx)
    {
        var wanted = await WebhookTable.LiveKinds(tx);
        if (wanted.Count == 0) return null;
        string[] kinds = [.. wanted.SelectMany(each => each.Split(' ')).Distinct()];
        return kind => WebhookRules.Wants(kinds, kind);
    }
}
