using System.Security.Cryptography;
using System.Text;
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
    public static readonly IReadOnlyList<string> All = [Events, Customers, FollowUps, Messages, Complaints];
}

/// <summary>Keys of the wallet's own systems. Only a hash is kept; the key itself is shown once.</summary>
public sealed class ApiKeyDesk(Ids ids, TimeProvider time)
{
    /// <returns>The key to hand over, <c>hf_id_secret</c>.</returns>
    public async Task<string> Make(Tx tx, string name, IReadOnlyList<string> scopes, DateTimeOffset? expiresAt = null)
    {
        Span<byte> random = stackalloc byte[32];
        ids.Random(random);
        var id = Convert.ToHexStringLower(random[..6]);
        var secret = Convert.ToHexStringLower(random[6..]);
        await tx.Run("insert into api_keys (id, name, hash, scopes, made_at, expires_at) values (@id, @name, @hash, @scopes, @now, @expiresAt)",
            new { id, name, hash = Hash(secret), scopes = string.Join(' ', scopes), now = time.GetUtcNow(), expiresAt = expiresAt?.ToUnixTimeMilliseconds() });
        return $"hf_{id}_{secret}";
    }

    /// <summary>Whose key this is, or null when it is forged, expired or revoked.</summary>
    public async Task<ApiKey?> Find(Tx tx, string key)
    {
        var parts = key.Split('_');
        if (parts is not ["hf", var id, var secret]) return null;
        var row = await tx.One<KeyRow>("select id, name, hash, scopes from api_keys where id = @id and revoked_at is null and (expires_at is null or expires_at > @now)", new { id, now = time.GetUtcNow() });
        return row is not null && CryptographicOperations.FixedTimeEquals(row.Hash, Hash(secret)) ? new(row.Id, row.Name, row.Scopes.Split(' ')) : null;
    }

    public Task<int> Revoke(Tx tx, string id) => tx.Run("update api_keys set revoked_at = @now where id = @id and revoked_at is null", new { id, now = time.GetUtcNow() });

    private static byte[] Hash(string secret) => SHA256.HashData(Encoding.ASCII.GetBytes(secret));

    private sealed record KeyRow(string Id, string Name, byte[] Hash, string Scopes);
}
