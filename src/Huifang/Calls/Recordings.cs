using Huifang.Journal;
using Huifang.Security;
using Huifang.Storage;
using Huifang.Work;

namespace Huifang.Calls;

/// <summary>Whether a recording is whole.</summary>
public enum Wholeness
{
    /// <summary>Every piece is there and genuine, and the marker confirms the end.</summary>
    Whole,
    /// <summary>Genuine up to its last piece, but the end was never confirmed: the browser was closed, or pieces were cut off.</summary>
    EndMissing,
    /// <summary>A piece is missing, moved or changed.</summary>
    Broken,
    /// <summary>Erased: nobody can read it any more.</summary>
    Erased,
    /// <summary>Whoever asked has seen too many records for now.</summary>
    NotShown,
}

/// <summary>A recording as pages show it.</summary>
public sealed record Recording(string Id, string CallId, string Mime, DateTimeOffset StartedAt, DateTimeOffset? ClosedAt, int Seconds, long Bytes, DateTimeOffset KeepUntil, string? HeldBy, DateTimeOffset? ErasedAt);

/// <summary>
/// Recordings of calls: begun only after the customer agreed, sealed second by second as they arrive, closed by a marker, played back with an entry in the audit,
/// kept as long as the policy says or a legal hold lasts, and unreadable from the moment of erasure.
/// </summary>
public sealed class Recordings(JournalDesk journal, CallParts parts)
{
    /// <summary>How long recordings are kept when no hold says longer.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(180);

    /// <summary>A piece is one second of sound; more than this is no sound of ours.</summary>
    public const int PieceBytesMax = 256 * 1024;

    /// <summary>Four hours.</summary>
    public const int PiecesMax = 4 * 3600;

    /// <summary>Begins a recording. A call may have several: a browser that was closed and opened again begins a new one.</summary>
    public async Task<Done<string>> Begin(Tx tx, string callId, string agentId, string mime)
    {
        if (await CallTable.Find(tx, callId) is not { } call) return CallRefusal.NoSuchCall;
        if (call.AgentId != agentId) return CallRefusal.NotYours;
        if (call.FinishedAt is not null || call.EndedAt is not null) return CallRefusal.AlreadyFinished;
        if (call.Recording != RecordingConsent.Agreed) return CallRefusal.NoConsent;
        var key = new byte[32];
        parts.Ids.Random(key);
        var (id, now) = (parts.Ids.New(), parts.Time.GetUtcNow());
        await RecordingTable.Insert(tx, new RecordingRow
        {
            Id = id, CallId = callId, CustomerId = call.CustomerId, Mime = mime.StartsWith("audio/", StringComparison.Ordinal) && mime.Length <= 80 ? mime : "audio/webm;codecs=opus",
            WrappedKey = (await parts.Vault.KeysFor(tx, [call.CustomerId]))[call.CustomerId].SealBytes(key, Bound(id)), StartedAt = now, KeepUntil = now + KeptFor,
        });
        await CallTable.Moment(tx, callId, "recording-begun", now);
        await journal.Append(tx, parts.Told(call, "recording.begun", agentId, new { recording = id }));
        return id;
    }

    /// <summary>The next second. A repeat of the last one is told "done" again, so that a browser may send twice; anything else out of turn is refused.</summary>
    public async Task<Done<bool>> Append(Tx tx, string recordingId, string agentId, long place, byte[] clear)
    {
        if (clear.Length is 0 or > PieceBytesMax || place is < 0 or >= PiecesMax) return CallRefusal.AnswerNotTaken;
        var (row, key, refusal) = await Mine(tx, recordingId, agentId);
        if (row is null) return refusal;
        if (place == row.Chunks - 1) return true;
        return await RecordingTable.Append(tx, recordingId, place, RecordingSeal.Piece(key!, row.CallId, row.Id, place, clear), clear.Length) ? true : CallRefusal.Overtaken;
    }

    /// <summary>Seals the end.</summary>
    public async Task<Done<bool>> Close(Tx tx, string recordingId, string agentId, long pieces)
    {
        var (row, key, refusal) = await Mine(tx, recordingId, agentId);
        if (row is null) return refusal;
        if (row.ClosedAt is not null) return true;
        if (pieces != row.Chunks) return CallRefusal.Overtaken;
        var now = parts.Time.GetUtcNow();
        if (!await RecordingTable.Close(tx, recordingId, RecordingSeal.Marker(key!, row.CallId, row.Id, row.Chunks, row.Bytes), row.Chunks, now)) return CallRefusal.Overtaken;
        await CallTable.Moment(tx, row.CallId, "recording-closed", now, $$"""{"seconds":{{row.Chunks}}}""");
        return true;
    }

    public async Task<List<Recording>> OfCall(Tx tx, string callId) =>
        (await RecordingTable.OfCall(tx, callId)).ConvertAll(row => new Recording(row.Id, row.CallId, row.Mime, row.StartedAt, row.ClosedAt, (int)row.Chunks, row.Bytes, row.KeepUntil, row.HeldBy, row.ErasedAt));

    /// <summary>Opens a recording for one person; who listened stands in the audit before the first byte leaves.</summary>
    public async Task<(Wholeness State, string Mime, byte[] Sound)> Play(Tx tx, string recordingId, string listenerId)
    {
        if (await RecordingTable.Find(tx, recordingId) is not { } row) return (Wholeness.Erased, "", []);
        var call = (await CallTable.Find(tx, row.CallId))!;
        // Where nothing is left to hear nobody has looked or listened.
        if (row.ErasedAt is not null || await KeyOf(tx, row) is not { } key) return (Wholeness.Erased, row.Mime, []);
        if (!await parts.Sight.Look(tx, listenerId, call.CustomerId, "recording", Sight.Because.Review(call.Id))) return (Wholeness.NotShown, "", []);
        await journal.Append(tx, parts.Told(call, "recording.played", listenerId, new { recording = recordingId }));
        await CallTable.Moment(tx, row.CallId, "recording-played", parts.Time.GetUtcNow(), $$"""{"by":"{{listenerId}}"}""");
        using var sound = new MemoryStream();
        long place = 0;
        while (await RecordingTable.Boxes(tx, recordingId, place, 256) is { Count: > 0 } boxes)
            foreach (var box in boxes)
            {
                if (RecordingSeal.Open(key, row.CallId, row.Id, place++, box) is not { } clear) return (Wholeness.Broken, row.Mime, sound.ToArray());
                sound.Write(clear);
            }
        if (row.Marker is null) return (Wholeness.EndMissing, row.Mime, sound.ToArray());
        var whole = RecordingSeal.ReadMarker(key, row.CallId, row.Id, row.Marker) is { } end && end.Pieces == place && end.Bytes == sound.Length;
        return (whole ? Wholeness.Whole : Wholeness.Broken, row.Mime, sound.ToArray());
    }

    /// <summary>
    /// Keeps it until the hold is lifted, whatever the policy says and whatever becomes of the customer's key: the recording's own key is wrapped once more, under the hold's. Null lifts the hold,
    /// and with it that key is gone.
    /// </summary>
    public async Task<bool> Hold(Tx tx, string recordingId, string? by, string who)
    {
        if (await RecordingTable.Find(tx, recordingId) is not { } row) return false;
        var held = by is null || await KeyOf(tx, row) is not { } key ? null : (await parts.Vault.KeyFor(tx, row.CustomerId, KeyClass.Hold(recordingId))).SealBytes(key, Bound(recordingId));
        if (!await RecordingTable.Hold(tx, recordingId, by, held)) return false;
        if (by is null) await parts.Vault.Destroy(tx, row.CustomerId, KeyClass.Hold(recordingId));
        await journal.Append(tx, parts.Told((await CallTable.Find(tx, row.CallId))!, by is null ? "recording.released" : "recording.held", who, new { recording = recordingId, hold = by }));
        return true;
    }

    /// <summary>Makes it unreadable, here and in every backup: its key is gone. Refused under a legal hold.</summary>
    public async Task<bool> Erase(Tx tx, string recordingId, string who)
    {
        if (await RecordingTable.Find(tx, recordingId) is not { } row || !await RecordingTable.Erase(tx, recordingId, parts.Time.GetUtcNow())) return false;
        await journal.Append(tx, parts.Told((await CallTable.Find(tx, row.CallId))!, "recording.erased", who, new { recording = recordingId }));
        return true;
    }

    internal Task<List<RecordingRow>> Due(Tx tx) => RecordingTable.Due(tx, parts.Time.GetUtcNow());

    private async Task<(RecordingRow? Row, byte[]? Key, CallRefusal Refusal)> Mine(Tx tx, string recordingId, string agentId)
    {
        if (await RecordingTable.Find(tx, recordingId) is not { ErasedAt: null } row) return (null, null, CallRefusal.NoSuchCall);
        if ((await CallTable.Find(tx, row.CallId))?.AgentId != agentId) return (null, null, CallRefusal.NotYours);
        return await KeyOf(tx, row) is { } key ? (row, key, default) : (null, null, CallRefusal.NoSuchCall);
    }

    private async Task<byte[]?> KeyOf(Tx tx, RecordingRow row)
    {
        if (row.WrappedKey is not null && await parts.Vault.KeyOf(tx, row.CustomerId) is { } customer) return customer.OpenBytes(row.WrappedKey, Bound(row.Id));
        return row.HeldKey is not null && await parts.Vault.KeyOf(tx, row.CustomerId, KeyClass.Hold(row.Id)) is { } hold ? hold.OpenBytes(row.HeldKey, Bound(row.Id)) : null;
    }

    private static byte[] Bound(string recordingId) => System.Text.Encoding.UTF8.GetBytes($"recording:{recordingId}");
}

/// <summary>Each hour: recordings whose time is over are erased.</summary>
public sealed class RecordingRetention(Store store, Recordings recordings) : IWork
{
    public string Name => "recording retention";
    public TimeSpan Every => TimeSpan.FromHours(1);

    public async Task<bool> Round(CancellationToken stop)
    {
        var due = await store.Read(recordings.Due, stop);
        foreach (var row in due) await store.Write(tx => recordings.Erase(tx, row.Id, "house"), stop);
        return due.Count > 0;
    }
}
