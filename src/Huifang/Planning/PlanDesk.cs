using System.Diagnostics;
using Huifang.Storage;

namespace Huifang.Planning;

/// <summary>Whether the desk runs on plans.</summary>
/// <param name="IsOn">False: the queue's order is that of value, as it was before there were plans.</param>
public sealed record PlanSettings(bool IsOn)
{
    /// <summary>Plans are the default.</summary>
    public static readonly PlanSettings Shipped = new(true);
}

/// <summary>Makes plans: loads what there is, has it solved outside any transaction, and saves what has changed.</summary>
public sealed class PlanDesk(PlanLoader loader, Store store, PlanParts parts) : IDisposable
{
    /// <summary>However large the house, a plan is at hand by then, with its true gap.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <summary>Somebody did something that a plan must know.</summary>
    public Task Wish(Tx tx) => PlanTable.Wish(tx);

    /// <summary>One plan at a time; what is different from the last one is all that is planned.</summary>
    private readonly SemaphoreSlim turn = new(1);
    private readonly StandingPlan standing = new();

    /// <summary>Makes a plan from what is known now and puts it in force.</summary>
    public async Task<MadePlan> Make(CancellationToken stop)
    {
        await turn.WaitAsync(stop);
        try { return await MakeInTurn(stop); }
        finally { turn.Release(); }
    }

    private async Task<MadePlan> MakeInTurn(CancellationToken stop)
    {
        var began = Stopwatch.GetTimestamp();
        var input = await store.Read(loader.Load, stop);
        var loaded = Stopwatch.GetElapsedTime(began);
        var sheet = PlanSheet.Of(input.Span, input.Calls, input.People);
        var reading = PlanReading.Of(sheet, standing.Follow(sheet, Until(Limit), stop), input.Span.BlockOf(input.Now));
        var solved = Stopwatch.GetElapsedTime(began) - loaded;
        return await store.Write(async tx =>
        {
            var before = (await PlanTable.All(tx)).ToDictionary(row => row.FollowUpId, StringComparer.Ordinal);
            var rows = Rows(sheet, reading);
            var changed = rows.Where(row => !before.TryGetValue(row.FollowUpId, out var was) || was != row).ToList();
            var moved = changed.Count(row => before.TryGetValue(row.FollowUpId, out var was) && was.BlockAt is { } at && at >= input.Now && was.BlockAt != row.BlockAt);
            var here = rows.Select(row => row.FollowUpId).ToHashSet(StringComparer.Ordinal);
            var plan = new MadePlan(parts.Ids.New(), input.Now, input.Span.Begin, rows.Count, reading.Planned, moved, input.Promised, reading.Objective, reading.Bound, (long)loaded.TotalMilliseconds, (long)solved.TotalMilliseconds);
            await PlanTable.Save(tx, plan, changed, [.. before.Keys.Where(id => !here.Contains(id))], [.. reading.Cells.Select(cell => new PlacedCell(cell.AgentType, input.Span.At(cell.Block), cell.Capacity, cell.Used, cell.Price))]);
            tx.AfterCommit(parts.Live.LookAgain);
            return plan;
        }, stop);
    }

    /// <summary>What a plan would be for something else than what is: two agents more, a campaign. Nothing is saved.</summary>
    public static (PlanSheet Sheet, PlanReading Reading) Solve(PlanInput input, CancellationToken stop)
    {
        var sheet = PlanSheet.Of(input.Span, input.Calls, input.People);
        return (sheet, PlanReading.Of(sheet, PlanSolver.Solve(sheet.Problem, null, Until(Limit), stop), input.Span.BlockOf(input.Now)));
    }

    private static PlanLimit Until(TimeSpan most)
    {
        var began = Stopwatch.GetTimestamp();
        return new(() => Stopwatch.GetElapsedTime(began), most);
    }

    private static List<PlanRow> Rows(PlanSheet sheet, PlanReading reading)
    {
        var (rows, span) = (new List<PlanRow>(reading.Calls.Count), sheet.Span);
        for (var i = 0; i < reading.Calls.Count; i++)
        {
            var (call, said) = (sheet.Calls[i], reading.Calls[i]);
            var blocks = 0;
            for (var run = 0; run < call.Window.Length; run += 2) blocks += call.Window[run + 1] - call.Window[run];
            rows.Add(new(call.FollowUpId, said.IsPlanned ? span.At(said.Block) : null, said.At, said.From, said.AgentType, said.AgentId, said.Gain, said.Price, said.Chance, said.OtherAt, said.OtherLoss, said.Reason?.ToString(),
                call.Value, call.Urgency, blocks == 0 ? null : span.At(call.Window[0]), blocks == 0 ? null : span.At(call.Window[^1]), blocks, said.Now));
        }
        return rows;
    }

    public void Dispose() => turn.Dispose();
}
