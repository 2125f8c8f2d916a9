using Huifang.Calls;
using Huifang.Storage;

namespace Huifang.Planning;

/// <summary>Knows how likely customers are to answer, and when. Learned anew once an hour from the latest tries.</summary>
public sealed class AnswerDesk(CallTries tries, TimeProvider time)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromHours(1);

    private (DateTimeOffset At, AnswerModel Model)? _learned;

    /// <summary>What everybody does, as learned within the last hour.</summary>
    public async Task<AnswerModel> Model(Tx tx)
    {
        var now = time.GetUtcNow();
        if (_learned is { } known && now - known.At < Fresh && known.At <= now) return known.Model;
        var model = AnswerModel.Learn(await tries.Latest(tx, now));
        _learned = (now, model);
        return model;
    }

    /// <summary>These customers' own tries.</summary>
    public Task<ILookup<string, CallTry>> TriesOf(Tx tx, IEnumerable<string> customerIds) => tries.Of(tx, customerIds, time.GetUtcNow());

    /// <summary>Whether the chances come true: learned from the earlier tries and asked about the later ones.</summary>
    public async Task<(AnswerModel Model, AnswerTest? Test)> Tested(Tx tx)
    {
        var latest = await tries.Latest(tx, time.GetUtcNow(), 20_000);
        return (await Model(tx), AnswerTest.Of(latest));
    }
}
