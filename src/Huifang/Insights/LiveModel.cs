using Huifang.Storage;

namespace Huifang.Insights;

/// <summary>
/// The model that reads what comes in: the one that a person let go live, else the one that ships. Asked inside the transaction that reads, so that every node changes over with the commit that changed it;
/// the model itself is read from its row once and kept.
/// </summary>
public sealed class LiveModel
{
    private static readonly Lock Once = new();
    private static Task<Understanding>? _learnt;
    private Understanding? _known;

    // It is the same for everybody in this process, and learning it takes seconds: once is enough, and whoever asks first should not wait for it.
    public LiveModel(Ground ground)
    {
        lock (Once) _learnt ??= Task.Run(() => Learn(ground.CacheFolder));
        Shipped = _learnt;
    }

    /// <summary>The model that ships, ready when this is.</summary>
    public Task<Understanding> Shipped { get; }

    public async Task<Understanding> Of(Tx tx)
    {
        if (await ModelTable.LiveVersion(tx) is not { } version) return Shipped.GetAwaiter().GetResult();
        if (_known is { } known && known.Version == version) return known;
        using var stream = new MemoryStream(await ModelTable.Content(tx, version) ?? throw new InvalidOperationException($"Model {version} has no content."));
        return _known = Understanding.Read(stream);
    }

    /// <summary>Reads what an earlier start of the same build has learnt, so that a restart is quick; else learns and keeps it. A file that is damaged or cannot be written costs only the time.</summary>
    private static Understanding Learn(string? folder)
    {
        if (folder is null) return UnderstandingTrainer.Train(ShippedSentences.All());
        // The build's own name: whatever changes in the words or in the learning makes another file.
        var file = Path.Combine(folder, $"shipped-{typeof(Understanding).Module.ModuleVersionId:n}.model");
        try
        {
            using var kept = File.OpenRead(file);
            return Understanding.Read(kept);
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException or InvalidDataException) { }
        var learnt = UnderstandingTrainer.Train(ShippedSentences.All());
        try
        {
            Directory.CreateDirectory(folder);
            var aside = $"{file}.making";
            using (var stream = File.Create(aside)) learnt.Write(stream);
            File.Move(aside, file, overwrite: true);
        }
        catch (Exception full) when (full is IOException or UnauthorizedAccessException) { }
        return learnt;
    }
}
