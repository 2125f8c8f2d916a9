using Huifang.Audit;
using Huifang.Complaints;
using Huifang.Storage;

namespace Huifang.Reports;

/// <summary>What the operator tells the public about itself: complaints, promises, attacks that were stopped, and the head of the audit log.</summary>
/// <param name="Blocked">What was stopped within the last 90 days, by kind; small numbers too, because they say nothing about anybody.</param>
/// <param name="ByMonth">Complaints received and answered late, by month.</param>
public sealed record Transparency(PublicFigures Complaints, IReadOnlyList<MonthFigures> ByMonth, long PromisesKept, long PromisesBroken, IReadOnlyList<(string Kind, long Count)> Blocked, long Copies, long Erasures, AuditHead Head, string? Note, DateTimeOffset At);

/// <summary>Counts for the public, at most once in ten minutes however many look.</summary>
public sealed class TransparencyBoard(Store store, ComplaintFigures complaints, TimeProvider time)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LookedBack = TimeSpan.FromDays(90);
    private readonly SemaphoreSlim _one = new(1);
    private Transparency? _known;

    public async Task<Transparency> Look(CancellationToken stop)
    {
        await _one.WaitAsync(stop);
        try
        {
            var now = time.GetUtcNow();
            if (_known is { } known && now >= known.At && now - known.At < Fresh) return known;
            return _known = await store.Read(tx => Count(tx, now), stop);
        }
        finally { _one.Release(); }
    }

    private async Task<Transparency> Count(Tx tx, DateTimeOffset now)
    {
        var since = now - LookedBack;
        Task<long> Facts(params string[] kinds) => tx.One<long>("select count(*) from journal where kind in @kinds and source = 'care' and at >= @since", new { kinds, since });
        var head = await AuditLog.Head(tx);
        return new(await complaints.Public(tx), (await complaints.Supervisors(tx)).Months, await Facts("promise.kept"), await Facts("promise.broken"),
            [("false-calls", await Facts("call.denied", "call.alarmed")), ("sign-ins", await Facts("staff.refused")), ("curious-staff", await Facts("sight.refused", "sight.alarmed")), ("contacts", await tx.One<long>("select count(*) from contact_decisions where outcome = 'Drop' and decided_at >= @since", new { since }))],
            await tx.One<long>("select count(*) from privacy_requests where kind = 'Access' and state = 'Done' and ended_at >= @since", new { since }), await tx.One<long>("select count(*) from privacy_requests where kind = 'Erasure' and state = 'Done' and ended_at >= @since", new { since }),
            head, head.Note, now);
    }
}
