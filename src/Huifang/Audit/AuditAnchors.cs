using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Huifang.Storage;
using Huifang.Work;
using Microsoft.Extensions.Logging;

namespace Huifang.Audit;

/// <summary>A time-stamp authority that confirms when something existed.</summary>
public interface ITimeStamper
{
    /// <summary>Asks for a time-stamp over these bytes.</summary>
    /// <returns>The token, DER (RFC 3161).</returns>
    /// <exception cref="HttpRequestException">The authority was not reached, refused, or answered something else than a token over these bytes. Asked again later.</exception>
    Task<byte[]> Stamp(byte[] data, CancellationToken stop);
}

/// <summary>A line of the anchor file: a signed head, its time-stamp if there is one, and the hash of the line before, so that a line cannot be taken out unseen.</summary>
public sealed record Anchor(string Note, string? Stamp, string Before)
{
    /// <summary>What the first line names as the line before it.</summary>
    public const string First = "";

    public string Line() => JsonSerializer.Serialize(this, Relaxed);

    public static string HashOf(string line) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(line)));

    public static Anchor? Read(string line)
    {
        try { return JsonSerializer.Deserialize<Anchor>(line, Relaxed) is { Note: not null, Before: not null } anchor && anchor.Line() == line ? anchor : null; }
        catch (JsonException) { return null; }
    }

    private static readonly JsonSerializerOptions Relaxed = new(JsonSerializerDefaults.Web) { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, RespectNullableAnnotations = false };
}

/// <summary>Each minute: signs the log's head when it has grown.</summary>
public sealed class AuditCheckpoints(Store store, AuditKey key, TimeProvider time) : IWork
{
    public string Name => "audit checkpoints";
    public TimeSpan Every => TimeSpan.FromMinutes(1);

    public async Task<bool> Round(CancellationToken stop)
    {
        await store.Write(SignHead, stop);
        return false;
    }

    private async Task SignHead(Tx tx)
    {
        var size = await AuditTable.LockSize(tx);
        if (size == 0 || (await AuditTable.LastCheckpoint(tx))?.Size == size) return;
        var now = time.GetUtcNow();
        await AuditTable.AddCheckpoint(tx, size, now, key.Sign(new Checkpoint(key.Name, size, await AuditLog.Root(tx, size), now)));
    }
}

/// <summary>
/// Carries signed heads out of the database: has each time-stamped where an authority is named, and appends it to the anchor file. A head is marked only when it is on
/// the disk outside; after a crash it is appended again, so the file may hold one twice and never lacks one.
/// </summary>
public sealed class AuditAnchors(Store store, AnchorFile file, IEnumerable<ITimeStamper> stampers, TimeProvider time, ILogger<AuditAnchors> log) : IWork
{
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);

    public string Name => "audit anchors";
    public TimeSpan Every => TimeSpan.FromSeconds(10);

    public async Task<bool> Round(CancellationToken stop)
    {
        var now = time.GetUtcNow();
        if (await store.Write(tx => AuditTable.LeaseOldest(tx, now, now + Lease), stop) is not { } head) return false;
        var stamp = head.Stamp ?? await Stamp(head, stop);
        file.Append(head.Note, stamp);
        await store.Write(tx => AuditTable.Anchored(tx, head.Size, time.GetUtcNow()), stop);
        return true;
    }

    private async Task<byte[]?> Stamp(CheckpointRow head, CancellationToken stop)
    {
        if (stampers.FirstOrDefault() is not { } authority) return null;
        try
        {
            var stamp = await authority.Stamp(Encoding.UTF8.GetBytes(head.Note), stop);
            await store.Write(tx => AuditTable.Stamped(tx, head.Size, stamp), stop);
            return stamp;
        }
        catch (HttpRequestException unreachable)
        {
            // The head goes out unstamped; the next one's stamp covers this one too, because its log begins with this one's.
            log.LogWarning("The time-stamp authority did not confirm the head of {Size} entries: {Why}", head.Size, unreachable.Message);
            return null;
        }
    }
}

/// <summary>The file outside the database to which signed heads are appended.</summary>
public sealed class AnchorFile(Ground ground, AuditKey key)
{
    private const int LineBytesMax = 64 * 1024;

    public string Path => ground.AnchorFile;

    public void Append(string note, byte[]? stamp)
    {
        var folder = Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!).FullName;
        // Whoever checks needs the public key, and should have it before the day of checking.
        if (System.IO.Path.Combine(folder, "audit-key.txt") is var keyFile && !File.Exists(keyFile)) File.WriteAllText(keyFile, key.Text + "\n");
        using var stream = new FileStream(Path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        var before = LastLine(stream);
        stream.Seek(0, SeekOrigin.End);
        stream.Write(Encoding.UTF8.GetBytes(new Anchor(note, stamp is null ? null : Convert.ToBase64String(stamp), before is null ? Anchor.First : Anchor.HashOf(before)).Line() + "\n"));
        stream.Flush(flushToDisk: true);
    }

    private static string? LastLine(FileStream stream)
    {
        var tail = new byte[(int)Math.Min(stream.Length, LineBytesMax)];
        if (tail.Length == 0) return null;
        stream.Seek(-tail.Length, SeekOrigin.End);
        stream.ReadExactly(tail);
        // A line that a crash cut off is ended here, so that the next one stands by itself; the verifier names it.
        if (tail[^1] != '\n') stream.WriteByte((byte)'\n');
        return Encoding.UTF8.GetString(tail).TrimEnd('\n').Split('\n')[^1];
    }
}
