using Huifang.Security;
using Huifang.Storage;
using Huifang.Work;

namespace Huifang.Api;

/// <summary>What is to be done with a request that carries a key.</summary>
public abstract record Idempotent
{
    private Idempotent() { }

    /// <summary>It is new, or a try of it broke off: do it, then <see cref="IdempotencyDesk.Keep"/> the answer.</summary>
    public sealed record Do : Idempotent;

    /// <summary>It was done: this was the answer.</summary>
    public sealed record Again(int Status, string? ContentType, byte[] Body) : Idempotent;

    /// <summary>The same is being done at this moment.</summary>
    public sealed record Running : Idempotent;

    /// <summary>The key was used for another request.</summary>
    public sealed record Other : Idempotent;
}

/// <summary>
/// Remembers answers to requests that carried an Idempotency-Key, for seven days, so that a caller who does not know whether it arrived may ask again. Source: draft-ietf-httpapi-idempotency-key-header.
/// The request is done outside this desk's transactions: a crash between doing it and keeping the answer leaves a lease behind, and the next try does it again. Every POST of ours is safe to do twice by itself.
/// </summary>
public sealed class IdempotencyDesk(Store store, Vault vault, TimeProvider time) : IWork
{
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(7);
    public const int KeyLengthMax = 128;

    /// <summary>Larger answers are not kept; the request is done again instead.</summary>
    public const int AnswerBytesMax = 1024 * 1024;

    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    public string Name => "idempotency keys";
    public TimeSpan Every => TimeSpan.FromHours(1);

    /// <param name="client">Whose key it is: keys of two clients have nothing to do with each other.</param>
    /// <param name="request">SHA-256 over method, path and body.</param>
    public async Task<Idempotent> Take(string client, string key, byte[] request, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        return await store.Write<Idempotent>(async tx =>
        {
            // Two at once: one inserts, the other finds the row and its lease.
            if (await tx.Run("insert into idempotency_keys (client, idem_key, request, made_at, leased_until) values (@client, @key, @request, @now, @until) on conflict do nothing", new { client, key, request, now, until = now + Lease }) == 1) return new Idempotent.Do();
            var row = (await tx.One<KeyRow>("select request, made_at as madeat, leased_until as leaseduntil, status, content_type as contenttype, answer from idempotency_keys where client = @client and idem_key = @key FOR_UPDATE", new { client, key }))!;
            if (now - row.MadeAt > KeptFor)
            {
                await tx.Run("update idempotency_keys set request = @request, made_at = @now, leased_until = @until, status = null, answer = null where client = @client and idem_key = @key", new { client, key, request, now, until = now + Lease });
                return new Idempotent.Do();
            }
            if (!row.Request.AsSpan().SequenceEqual(request)) return new Idempotent.Other();
            if (row.Status is { } status) return new Idempotent.Again((int)status, row.ContentType, vault.OpenForHouseBytes(row.Answer!) ?? []);
            if (row.LeasedUntil > now) return new Idempotent.Running();
            await tx.Run("update idempotency_keys set leased_until = @until where client = @client and idem_key = @key", new { client, key, until = now + Lease });
            return new Idempotent.Do();
        }, stop);
    }

    /// <summary>Keeps the answer. One of ours that failed (5xx) is not kept: it may be tried again at once.</summary>
    public Task Keep(string client, string key, int status, string? contentType, byte[] body) => store.Write(tx => status >= 500 || body.Length > AnswerBytesMax
        ? tx.Run("delete from idempotency_keys where client = @client and idem_key = @key and status is null", new { client, key })
        : tx.Run("update idempotency_keys set status = @status, content_type = @contentType, answer = @answer, leased_until = null where client = @client and idem_key = @key", new { client, key, status = (long)status, contentType, answer = vault.SealForHouse(body) }));

    public async Task<bool> Round(CancellationToken stop) =>
        await store.Write(tx => tx.Run("delete from idempotency_keys where client || ' ' || idem_key in (select client || ' ' || idem_key from idempotency_keys where made_at < @before limit 500)", new { before = time.GetUtcNow() - KeptFor }), stop) == 500;

    private sealed record KeyRow(byte[] Request, DateTimeOffset MadeAt, DateTimeOffset? LeasedUntil, long? Status, string? ContentType, byte[]? Answer) { private KeyRow() : this([], default, null, null, null, null) { } }
}
