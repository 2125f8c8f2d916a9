using Huifang.Contacts;
using Huifang.Planning;

namespace Huifang.Bench;

/// <summary>A way of deciding who is called next, and which times a customer is offered.</summary>
internal abstract class MonthWay
{
    public abstract string Name { get; }

    /// <summary>A half hour begins.</summary>
    public virtual void Look(Month month, int quarter) { }

    /// <summary>Whom an idle agent calls, or null.</summary>
    public abstract Owed? Next(Month month, int desk, int quarter);

    /// <summary>Which of the free places are offered; the first ones, when the way has no opinion.</summary>
    public virtual IEnumerable<(int Quarter, int Desk)> Offer(Month month, IEnumerable<(int Quarter, int Desk)> free) => free;
}

/// <summary>Down the list by an order, as dialling systems do.</summary>
internal sealed class ListWay(string name, Comparison<Owed> order) : MonthWay
{
    public override string Name => name;

    public override Owed? Next(Month month, int desk, int quarter)
    {
        Owed? best = null;
        foreach (var call in month.Waiting)
            if (call.Promised < 0 && call.IsOpen(quarter) && month.World.Desks[desk].Can(call) && (best is null || order(call, best) < 0)) best = call;
        return best;
    }
}

/// <summary>By the plan, as the desk does: where calling now is worth most against waiting.</summary>
internal sealed class PlanWay : MonthWay
{
    private Dictionary<int, PlannedCall> plan = [];
    private Dictionary<(string Type, int Block), long> prices = [];
    private AnswerModel model = AnswerModel.Learn([]);
    private PlanSpan span = new(MonthWorld.Begin, PlanSpan.DaysAhead);
    private int learned = -1;

    public override string Name => "plan";

    /// <summary>Solved, and how long all of it took.</summary>
    public int Plans { get; private set; }
    public TimeSpan Took { get; private set; }

    public override void Look(Month month, int quarter)
    {
        var began = System.Diagnostics.Stopwatch.GetTimestamp();
        if (quarter / MonthWorld.QuartersPerDay is var day && day != learned) (learned, model) = (day, AnswerModel.Learn([.. month.World.Before, .. month.Tried]));
        span = PlanSpan.From(MonthWorld.At(quarter), MonthWorld.Zone);
        var own = month.World.Before.Concat(month.Tried).ToLookup(one => one.CustomerId, StringComparer.Ordinal);
        var people = month.World.Desks.Select((desk, i) => new PlanPerson(desk.Id, desk.Languages, desk.Skills, [.. Enumerable.Range(0, span.Quarters).Select(ahead => month.IsFree(i, Quarter(ahead)) && Quarter(ahead) >= quarter)])).ToList();
        var open = month.Waiting.Where(call => call.Promised < 0).ToList();
        var sheet = PlanSheet.Of(span, [.. open.Select(call => new PlanCall($"{call.Id}", call.Value, call.Urgency, call.Language, call.Skill, Window(call, quarter), model.Of(Channel.Voice, [.. own[$"k{call.Customer}"]]), MonthWorld.Zone, false))], people);
        var reading = PlanReading.Of(sheet, PlanSolver.Solve(sheet.Problem), Block(quarter));
        plan = Enumerable.Range(0, open.Count).ToDictionary(i => open[i].Id, i => reading.Calls[i]);
        prices = reading.Cells.ToDictionary(cell => (cell.AgentType, cell.Block), cell => cell.Price);
        (Plans, Took) = (Plans + 1, Took + System.Diagnostics.Stopwatch.GetElapsedTime(began));
    }

    public override Owed? Next(Month month, int desk, int quarter)
    {
        var (now, who) = (MonthWorld.At(quarter), month.World.Desks[desk]);
        return month.Waiting.Where(call => call.Promised < 0 && call.IsOpen(quarter) && who.Can(call) && plan.ContainsKey(call.Id))
            .MaxBy(call => (plan[call.Id].Now - (plan[call.Id] is { AgentId: { } whose, At: { } at } && whose != who.Id && at <= now ? CallNow.OfColleague : 0), call.Value, -call.Id));
    }

    /// <summary>The cheapest places, of equals the soonest.</summary>
    public override IEnumerable<(int Quarter, int Desk)> Offer(Month month, IEnumerable<(int Quarter, int Desk)> free) =>
        free.OrderBy(place => prices.GetValueOrDefault((new PlanPerson("", month.World.Desks[place.Desk].Languages, month.World.Desks[place.Desk].Skills, []).Type, Block(place.Quarter)))).ThenBy(place => place.Quarter);

    private int First => (int)((span.Begin - MonthWorld.Begin).TotalMinutes / 15);
    private int Quarter(int ahead) => First + ahead;
    private int Block(int quarter) => (quarter - First) / PlanSpan.QuartersPerBlock;

    private int[] Window(Owed call, int quarter)
    {
        var runs = new List<int>();
        for (var block = Block(quarter); block < span.Blocks; block++)
            if (call.IsOpen(Math.Max(quarter, Quarter(block * PlanSpan.QuartersPerBlock))) && call.IsOpen(Quarter(block * PlanSpan.QuartersPerBlock + 1)))
                if (runs.Count > 0 && runs[^1] == block) runs[^1]++;
                else runs.AddRange([block, block + 1]);
        return [.. runs];
    }
}
