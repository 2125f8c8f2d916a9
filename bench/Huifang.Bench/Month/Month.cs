using Huifang.Contacts;
using Huifang.Planning;

namespace Huifang.Bench;

/// <summary>What came of a month.</summary>
internal sealed record MonthResult(int Owed, int Reached, long Value, long Delay, double Promised, int Kept, double WaitingHours, double Occupancy, int Tries, int Expired);

/// <summary>One way of working lives through a world, quarter of an hour by quarter of an hour.</summary>
internal sealed class Month(MonthWorld world, MonthWay way)
{
    // Minutes: nobody answers; somebody does; a long talk goes on into the next quarter.
    private const int TryTakes = 3, TalkTakes = 12, Quarter = 15;
    private const int TriesMost = 3, RetryAfter = 12, Offered = 3, OfferDays = 4;

    private readonly HashSet<(int Quarter, int Desk)> promised = [];
    private readonly int[] busyUntil = new int[world.Desks.Count];
    private int reached, promises, kept, expired, tries, talked, onDuty;
    private long value, delay, waited;

    public MonthWorld World => world;
    public List<Owed> Waiting { get; } = [];
    public List<CallTry> Tried { get; } = [];

    /// <summary>On duty, as far as is known, and not promised.</summary>
    public bool IsFree(int desk, int quarter) => quarter < world.Desks[desk].Shift.Length && world.Desks[desk].Shift[quarter] && !promised.Contains((quarter, desk)) && !IsKnownIll(desk, quarter);

    private int today;
    private bool IsKnownIll(int desk, int quarter) => quarter / MonthWorld.QuartersPerDay == today && world.Desks[desk].Ill[today];

    public MonthResult Live(Action<double> progress)
    {
        var (arriving, last) = (new Queue<Owed>(world.Calls.Select(call => call.Copy())), MonthWorld.Days * MonthWorld.QuartersPerDay);
        for (var quarter = 0; quarter < last; quarter++)
        {
            today = quarter / MonthWorld.QuartersPerDay;
            while (arriving.TryPeek(out var next) && next.Arrives <= quarter) Arrive(arriving.Dequeue(), quarter);
            if (quarter % MonthWorld.QuartersPerDay is < MonthWorld.Opens or >= MonthWorld.Closes) continue;
            expired += Waiting.RemoveAll(call => call.IsOver || call.Deadline <= quarter && call.Promised < 0 && Over(call));
            if (quarter % PlanSpan.QuartersPerBlock == 0) way.Look(this, quarter);
            for (var desk = 0; desk < world.Desks.Count; desk++)
                if (world.Desks[desk].Shift[quarter] && !world.Desks[desk].Ill[today]) onDuty += Quarter;
            KeepPromises(quarter);
            for (var desk = 0; desk < world.Desks.Count; desk++)
                if (world.Desks[desk].Shift[quarter] && !world.Desks[desk].Ill[today] && !promised.Contains((quarter, desk))) Work(desk, quarter);
            progress((double)quarter / last);
        }
        return new(world.Calls.Count, reached, value, delay, promises, kept, reached == 0 ? 0 : waited / 4.0 / reached, (double)talked / onDuty, tries, expired);
    }

    private static bool Over(Owed call) => !call.IsOver && (call.IsOver = true);

    private void Arrive(Owed call, int quarter)
    {
        if (call.IsDeclined) return;
        Waiting.Add(call);
        if (call.Books) Book(call, quarter + 4);
    }

    private void Book(Owed call, int soonest)
    {
        var free = from item in Enumerable.Range(soonest, OfferDays * MonthWorld.QuartersPerDay) where call.IsOpen(item)
                   from desk in Enumerable.Range(0, world.Desks.Count) where IsFree(desk, item) && world.Desks[desk].Can(call)
                   select (item, desk);
        var offered = way.Offer(this, free).DistinctBy(place => place.Quarter).Take(Offered).ToList();
        if (offered.Count == 0) return;
        (call.Promised, call.PromisedTo) = offered[(int)(call.Choice * offered.Count)];
        promised.Add((call.Promised, call.PromisedTo));
        promises++;
    }

    /// <summary>Whoever was promised this quarter is called by whom she was promised, else by a colleague who has nothing promised; else she has another time offered.</summary>
    private void KeepPromises(int quarter)
    {
        foreach (var call in Waiting.Where(call => call.Promised == quarter && !call.IsOver).ToList())
        {
            bool Here(int desk) => world.Desks[desk].Shift[quarter] && !world.Desks[desk].Ill[today] && busyUntil[desk] <= quarter * Quarter;
            var desk = Here(call.PromisedTo) ? call.PromisedTo : Enumerable.Range(0, world.Desks.Count).FirstOrDefault(other => Here(other) && !promised.Contains((quarter, other)) && world.Desks[other].Can(call), -1);
            promised.Remove((quarter, call.PromisedTo));
            (call.Promised, call.PromisedTo) = (-1, -1);
            if (desk < 0)
            {
                Book(call, quarter + 1);
                continue;
            }
            kept++;
            // Whoever chose her own time is there, nine times of ten.
            Talk(call, desk, quarter, atLeast: .9);
        }
    }

    private void Work(int desk, int quarter)
    {
        busyUntil[desk] = Math.Max(busyUntil[desk], quarter * Quarter);
        while (busyUntil[desk] + TalkTakes <= (quarter + 1) * Quarter && way.Next(this, desk, quarter) is { } call) Talk(call, desk, quarter, atLeast: 0);
    }

    private void Talk(Owed call, int desk, int quarter, double atLeast)
    {
        var (at, began) = (MonthWorld.At(quarter), Math.Max(busyUntil[desk], quarter * Quarter));
        var answered = call.Answer[Math.Min(call.Tries, TriesMost - 1)] < Math.Max(atLeast, MonthWorld.Answers(call.Kind, AnswerTime.At(at, MonthWorld.Zone)));
        tries++;
        call.Tries++;
        Tried.Add(new($"k{call.Customer}", Channel.Voice, at, AnswerTime.At(at, MonthWorld.Zone), answered));
        var takes = !answered ? TryTakes : call.IsLong ? TalkTakes + Quarter : TalkTakes;
        busyUntil[desk] = began + takes;
        talked += takes;
        if (answered)
        {
            reached++;
            waited += quarter - call.Arrives;
            value += 100L * call.Value;
            delay += 8L * call.Urgency * ((quarter - call.Arrives) / MonthWorld.QuartersPerDay);
            call.IsOver = true;
        }
        else if (call.Tries >= TriesMost) call.IsOver = true;
        else call.NotBefore = quarter + RetryAfter;
        if (call.IsOver) Waiting.Remove(call);
    }
}
