using Huifang.Storage;

namespace Huifang.Insights;

/// <summary>
/// The model that reads what comes in: the one that a person let go live, else the one that ships. Asked inside the transaction that reads, so that every node changes over with the commit that changed it;
/// the model itself is read from its row once and kept.
/// </summary>
public sealed class LiveModel
{
    // It is the same for everybody in this process, and learning it takes seconds: once is enough.
    private static readonly Lazy<Task<Understanding>> Learnt = new(() => Task.Run(() => UnderstandingTrainer.Train(ShippedSentences.All())));
    private Understanding? _known;

    // Whoever asks first should not wait for it.
    public LiveModel() => _ = Learnt.Value;

    /// <summary>The model that ships, ready when this is.</summary>
    public Task<Understanding> Shipped => Learnt.Value;

    public async Task<Understanding> Of(Tx tx)
    {
        if (await ModelTable.LiveVersion(tx) is not { } version) return Learnt.Value.GetAwaiter().GetResult();
        if (_known is { } known && known.Version == version) return known;
        using var stream = new MemoryStream(await ModelTable.Content(tx, version) ?? throw new InvalidOperationException($"Model {version} has no content."));
        return _known = Understanding.Read(stream);
    }
}
