using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Huifang.Journal;
using Huifang.Storage;

namespace Huifang.Accounts;

/// <summary>An integration that may speak to us, and about what.</summary>
public sealed record ApiKey(string Id, string Name, IReadOnlyList<string> Scopes);

/// <summary>What an API key may be used for.</summary>
public static class Scope
{
    public const string Events = "events";
    public const string Customers = "customers";
    public const string FollowUps = "follow-ups";
    public const string Messages = "messages";
    public const string Complaints = "complaints";
    public const string Feedback = "feedback";
    public const string Audit = "audit";
    public const string Webhooks = "webhooks";
    public static readonly IReadOnlyList<string> All = [Events, Customers, FollowUps, Messages, Audit, Webhooks, Complaints, Feedback];
}

/// <summary>A key as people see it; the key itself is not kept.</summary>
/// <param name="FollowedBy">The key that took its place; until <paramref name="ExpiresAt"/> both open.</param>
public sealed record ApiKeyLine(string Id, string Name, string Scopes, DateTimeOffset MadeAt, DateTimeOffset? ExpiresAt, DateTimeOffset? RevokedAt, string? FollowedBy, DateTimeOffset? UsedAt)
{
    private ApiKeyLine() : this("", "", "", default, null, null, null, null) { }

    public bool IsInForce(DateTimeOffset now) => RevokedAt is null && (ExpiresAt is null || ExpiresAt > now);
}

/// <summary>Keys of the wallet's own systems. Only a hash is kept; the key itself is shown once.</summary>
public sealed class ApiKeyDesk(JournalDesk journal, Ids ids, TimeProvider time)
{
    /// <summary>The longest that a key may live before it is rotated.</summary>
    public const int DaysMax = 730;

    /// <summary>How long the old key still opens after a rotation, so that systems change over without a gap.</summary>
    public static readonly TimeSpan Overlap = TimeSpan.FromHours(24);

    // A use is written at most so often, so that events do not cost an update each.
    private static readonly TimeSpan UsedEvery = TimeSpan.FromHours(1);

    /// <returns>The key to hand over, <c>hf_id_secret</c>.</returns>
    public async Task<string> Make(Tx tx, string name, IReadOnlyList<string> scopes, DateTimeOffset? expiresAt = null, string by = "command-line")
    {
        var (id, key) = await Insert(tx, name, string.Join(' ', scopes), expiresAt, by);
        await Tell(tx, "api-key.made", by, new { key = id, name, scopes });
        return key;
    }

    /// <summary>A new key of the same name and scopes; the old one opens for <see cref="Overlap"/> more.</summary>
    /// <returns>Null when no such key is in force, or it was rotated already.</returns>
    public async Task<string?> Rotate(Tx tx, string id, DateTimeOffset? expiresAt, string by)
    {
        var now = time.GetUtcNow();
        // Two who rotate at once: the second finds the key followed already and changes nothing.
        if (await tx.One<ApiKeyLine>($"update api_keys set followed_by = 'next', expires_at = case when expires_at is null or expires_at > @until then @until else expires_at end where id = @id and revoked_at is null and followed_by is null and (expires_at is null or expires_at > @now) returning {Columns}",
            new { id, now, until = now + Overlap }) is not { } old) return null;
        var (next, key) = await Insert(tx, old.Name, old.Scopes, expiresAt, by);
        await tx.Run("update api_keys set followed_by = @next where id = @id", new { id, next });
        await Tell(tx, "api-key.rotated", by, new { key = id, next });
        return key;
    }

    /// <summary>Whose key this is, or null when it is forged, expired or revoked.</summary>
    public async Task<ApiKey?> Find(Tx tx, string key)
    {
        var parts = key.Split('_');
        if (parts is not ["hf", var id, var secret]) return null;
        var row = await tx.One<KeyRow>("select id, name, hash, scopes from api_keys where id = @id and revoked_at is null and (expires_at is null or expires_at > @now)", new { id, now = time.GetUtcNow() });
        return row is not null && CryptographicOperations.FixedTimeEquals(row.Hash, Hash(secret)) ? new(row.Id, row.Name, row.Scopes.Split(' ')) : null;
    }

    /// <summary>Notes that a key was used, at most once an hour.</summary>
    public Task<int> Used(Tx tx, string id) =>
        tx.Run("update api_keys set used_at = @now where id = @id and (used_at is null or used_at < @since)", new { id, now = time.GetUtcNow(), since = time.GetUtcNow() - UsedEvery });

    public async Task<int> Revoke(Tx tx, string id, string by = "command-line")
    {
        var ended = await tx.Run("update api_keys set revoked_at = @now where id = @id and revoked_at is null", new { id, now = time.GetUtcNow() });
        if (ended == 1) await Tell(tx, "api-key.ended", by, new { key = id });
        return ended;
    }

    public Task<List<ApiKeyLine>> All(Tx tx) => tx.Query<ApiKeyLine>($"select {Columns} from api_keys order by made_at desc limit 200");

    private const string Columns = "id, name, scopes, made_at as madeat, expires_at as expiresat, revoked_at as revokedat, followed_by as followedby, used_at as usedat";

    private async Task<(string Id, string Key)> Insert(Tx tx, string name, string scopes, DateTimeOffset? expiresAt, string by)
    {
        var random = new byte[32];
        ids.Random(random);
        var (id, secret) = (Convert.ToHexStringLower(random.AsSpan(0, 6)), Convert.ToHexStringLower(random.AsSpan(6)));
        await tx.Run("insert into api_keys (id, name, hash, scopes, made_at, expires_at, made_by) values (@id, @name, @hash, @scopes, @now, @expiresAt, @by)",
            new { id, name, hash = Hash(secret), scopes, now = time.GetUtcNow(), expiresAt = expiresAt?.ToUnixTimeMilliseconds(), by });
        return (id, $"hf_{id}_{secret}");
    }

    private Task Tell(Tx tx, string kind, string by, object data) => journal.Append(tx, new Fact(Fact.Care, ids.New(), kind, null, time.GetUtcNow(), by, JsonSerializer.Serialize(data)));

    private static byte[] Hash(string secret) => SHA256.HashData(Encoding.ASCII.GetBytes(secret));

    private sealed record KeyRow(string Id, string Name, byte[] Hash, string Scopes);
}
