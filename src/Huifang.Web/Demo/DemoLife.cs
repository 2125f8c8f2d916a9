using Huifang.Booking;
using Huifang.Calls;
using Huifang.FollowUps;
using Huifang.Intake;
using Huifang.Planning;
using Huifang.Scripts;
using Huifang.Storage;
using Huifang.Work;

namespace Huifang.Demo;

/// <summary>
/// Lets the demo live: the wallet tells what happens, customers answer their invitations, agents take their calls. Everything goes through the
/// same desks that people use; only the people are made up.
/// </summary>
public sealed class DemoLife(Store store, IntakeDesk intake, DemoAnswers answers, DemoCalls calls)
{
    /// <summary>Tells the events of this stretch of time.</summary>
    public async Task Tell(DateTimeOffset from, DateTimeOffset to, CancellationToken stop)
    {
        for (var hour = new DateTimeOffset(from.Ticks - from.Ticks % TimeSpan.TicksPerHour, TimeSpan.Zero); hour < to; hour = hour.AddHours(1))
        {
            var events = DemoWallet.EventsOf(hour).Where(r => r is Reading.Event { Value.At: var at } && at >= from && at < to).ToList();
            await intake.Take(events, "wallet-core", IntakeDesk.EventContent, stop);
        }
    }

    /// <summary>One round of everybody's doings at this instant.</summary>
    public async Task Act(IEnumerable<IWork> works, DateTimeOffset now, bool alone, CancellationToken stop)
    {
        if (alone) await Settle(works, stop);
        await answers.Round(now, stop);
        await calls.Round(now, alone, stop);
        if (alone) await Settle(works, stop);
    }

    /// <summary>Something that cannot be read comes in now and then, as in life.</summary>
    public Task Garble(DateTimeOffset at, CancellationToken stop) =>
        intake.Take(EventReader.ReadBatch(System.Text.Encoding.UTF8.GetBytes($$"""[{"specversion":"1.0","id":"g-{{at.ToUnixTimeSeconds()}}","source":"{{DemoWallet.Source}}","type":"withdrawal.returned","subject":"{{DemoCustomers.IdOf(17)}}","time":"{{at:yyyy-MM-ddTHH:mm:ssZ}}","data":{"amount":"4,300.00","currency":"CNY","reason":"name_check_timeout"} }]"""), at), "wallet-core", IntakeDesk.EventContent, stop);

    private static async Task Settle(IEnumerable<IWork> works, CancellationToken stop)
    {
        for (var turn = 0; turn < 6; turn++)
        {
            var more = false;
            foreach (var work in works) more |= await work.Round(stop);
            if (!more) return;
        }
    }

    public Task<long> Count(string table) => store.Read(tx => tx.One<long>(table switch
    {
        "journal" => "select coalesce(max(seq), 0) from journal",
        "calls" => "select count(*) from calls",
        _ => "select count(*) from follow_ups",
    }));
}

/// <summary>Customers answer invitations: most take a time, some decline, a few want it in writing or never again.</summary>
public sealed class DemoAnswers(Store store, BookingBoard board, BookingDesk desk)
{
    public async Task Round(DateTimeOffset now, CancellationToken stop)
    {
        var invited = await store.Read(tx => tx.Query<(string Id, DateTimeOffset At)>("select id, changed_at from follow_ups where state = 'Invited' and changed_at < @before order by changed_at desc limit 200", new { before = now.AddMinutes(-20) }), stop);
        foreach (var (id, at) in invited)
        {
            // What she does and when is fixed by the instant of her invitation, so that it is drawn once and not anew in every round.
            var random = new Random(unchecked((int)((at.ToUnixTimeMilliseconds() * 31 + id[^1]) % int.MaxValue)));
            var (what, after) = (random.NextDouble(), TimeSpan.FromMinutes(20 - 240 * Math.Log(1 - random.NextDouble())));
            if (at + after > now || what > .84) continue;
            await store.Write(async tx =>
            {
                switch (what)
                {
                    case < .02: await desk.Never(tx, id, "customer", "link"); break;
                    case < .05: await desk.InWriting(tx, id, Contacts.Channel.InApp, "customer"); break;
                    case < .14: await desk.Decline(tx, id, "customer"); break;
                    default:
                        if (await board.Look(tx, id, 8) is { Offers.Count: > 0 } view) await desk.Book(tx, id, view.Offers[random.Next(view.Offers.Count)].Id, "customer");
                        break;
                }
            }, stop);
        }
    }
}

/// <summary>Agents on shift take the next talk, verify, ask, write down and wrap up.</summary>
public sealed class DemoCalls(Store store, CallQueue queue, DemoPhones phones, CallDesk desk, WrapUp wrapUp)
{
    private readonly Random _random = new(DemoCustomers.Seed + 3);

    /// <param name="alone">While the past is lived through, everybody works; afterwards the first agent and the customers who have the portal open are left to people.</param>
    public async Task Round(DateTimeOffset now, bool alone, CancellationToken stop)
    {
        var local = TimeZoneInfo.ConvertTime(now, TimeZoneInfo.FindSystemTimeZoneById(DemoStaff.Zone));
        foreach (var person in DemoStaff.All.Where(p => p.TakesCalls).Skip(alone ? 0 : 1))
        {
            if (local.Hour < person.ShiftStart || local.Hour >= person.ShiftStart + 8) continue;
            await OneCall(person, alone ? null : await Promised(person, now, stop), alone, stop);
        }
    }

    /// <summary>Beside people, a made-up agent keeps her own promises only; what waits is theirs.</summary>
    private Task<string?> Promised(DemoStaff.Person person, DateTimeOffset now, CancellationToken stop) => store.Read(tx =>
        tx.One<string>("select id from follow_ups where state = 'Booked' and agent_id = @agent and due_at <= @now order by due_at limit 1", new { agent = person.Staff.Id, now }), stop);

    private async Task OneCall(DemoStaff.Person person, string? promised, bool alone, CancellationToken stop)
    {
        var agent = person.Staff.Id;
        if (!alone && promised is null) return;
        var taken = await store.Write(tx => promised is null ? queue.Take(tx, new AgentReach(agent, person.Languages, person.Skills)) : queue.Take(tx, promised, agent), stop);
        if (taken.Value is not { } call) return;
        if (_random.NextDouble() > await Answers(call, stop)) { await Close(call, agent, _random.NextDouble() < .8 ? CallOutcome.NoAnswer : CallOutcome.Busy, stop); return; }
        await store.Write(tx => phones.PickUp(tx, call, agent), stop);
        var outcome = await Talk(call, agent, stop);
        if (_random.NextDouble() < .4) await store.Write(tx => desk.Note(tx, call.Id, agent, DemoTexts.Say(call.Language, _random)), stop);
        await Close(call, agent, outcome, stop);
    }

    /// <summary>People have times at which they answer: most of them the evening, each one part of her day more than others, and some hardly ever.</summary>
    private async Task<double> Answers(Call call, CancellationToken stop)
    {
        var zone = await store.Read(tx => tx.One<string>("select time_zone from customers where id = @CustomerId", new { call.CustomerId }), stop);
        var time = AnswerTime.At(call.TakenAt, Calendars.ZoneClock.Find(zone) ?? Calendars.ZoneClock.Of(TimeZoneInfo.Utc));
        var own = call.CustomerId.Aggregate(7, (hash, letter) => unchecked(hash * 31 + letter) & 0xffff);
        return 1 / (1 + Math.Exp(-(0.9 + (own % 7 - 3) * 0.35 + (time.Part is DayPart.Evening ? 0.5 : 0) + ((int)time.Part == own % 5 ? 1.1 : 0) - (time.IsWeekend ? 0.3 : 0))));
    }

    private async Task<CallOutcome> Talk(Call call, string agent, CancellationToken stop)
    {
        var low = _random.NextDouble() < .22;
        for (var asked = 0; asked < 60; asked++)
        {
            var hand = await store.Read(tx => desk.InHand(tx, call), stop);
            if (hand.Walk.Open is not { } open) break;
            await store.Write(tx => desk.Answer(tx, call.Id, agent, AnswerTo(open.Question, call.Language, low)), stop);
        }
        return low ? CallOutcome.NeedsMore : CallOutcome.Satisfied;
    }

    private Answer AnswerTo(Question question, string language, bool low) => question.Kind switch
    {
        QuestionKind.Say => new(question.Id, Question.Said, null),
        QuestionKind.Rating => new(question.Id, (low ? _random.Next(1, 4) : _random.Next(4, 6)).ToString(System.Globalization.CultureInfo.InvariantCulture), null),
        QuestionKind.YesNo => new(question.Id, question.Id is "time" or "recording" ? question.Id == "time" || _random.NextDouble() < .8 ? Question.Yes : Question.No : _random.NextDouble() < .5 ? Question.Yes : Question.No, null),
        QuestionKind.Choice when question.Id == "solved" => new(question.Id, low ? "unsolved" : "solved", null),
        QuestionKind.Choice => new(question.Id, question.Choices[_random.Next(question.Choices.Count)].Id, null),
        QuestionKind.Text => !question.Required && _random.NextDouble() < .5 ? Answer.Skip(question.Id) : new(question.Id, null, DemoTexts.Say(language, _random)),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private Task Close(Call call, string agent, CallOutcome outcome, CancellationToken stop) =>
        store.Write(tx => wrapUp.Finish(tx, call.Id, agent, new WrapUpDraft(outcome, outcome == CallOutcome.NeedsMore ? [NextStep.SecondFollowUp] : [])), stop);
}
