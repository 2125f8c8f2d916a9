using Huifang.Complaints;
using Huifang.Simulation.Machine;
using Huifang.Storage;

namespace Huifang.Simulation.Worlds;

/// <summary>Complaints with their clocks: brought twice, worked on late or never, stopped, extended, answered, reopened, and paid for.</summary>
internal sealed partial class World
{
    private static readonly string[] Packs = ["cn", "hk", "tw", "sg", "uk-disp", "us-cfpb", "us-reg-e", "eu-psd2"];

    private void Complain(Chance chance)
    {
        var customer = Template.IdOf(_active[chance.Below(_active.Count)]);
        var external = $"x-{chance.Next():x}";
        var draft = new ComplaintDraft(chance.Of([ComplaintDoor.App, ComplaintDoor.Phone, ComplaintDoor.Regulator, ComplaintDoor.Api]), $"到账太慢，手续费没有说明 {external}")
        {
            CustomerId = chance.Is(.9) ? customer : null, Name = "somebody", Category = "withdrawal", Subcategory = "pending", Amount = 120_000, Currency = "CNY", TransactionId = $"t-{chance.Below(4)}", Country = "CN",
            Pack = chance.Is(.6) ? chance.Of(Packs) : null, Facts = chance.Is(.3) ? [chance.Of(Enum.GetValues<CaseFact>())] : [],
        };
        async Task Bring()
        {
            var (brought, _) = await Get<ComplaintIntake>().Bring(draft, "app", external);
            if (brought is null) return;
            _witness.Filed(brought.ArrivalId);
            if (brought.Complaint is { } complaint && _calls.Add(complaint.Id)) Work(complaint.Id, chance.Fork("work"));
        }
        var at = Sometime(chance);
        At(at, "she complains", Bring);
        if (Has(Troubles.Repeats) && chance.Is(.4)) At(at + chance.Within(TimeSpan.Zero, TimeSpan.FromMinutes(1)), "her complaint comes again", Bring);
    }

    /// <summary>The owner's steps, when there are any: one in ten complaints is forgotten, and its deadlines must be said aloud all the same.</summary>
    private void Work(string id, Chance chance)
    {
        TakeLongest(id);
        if (chance.Is(.1)) return;
        var at = Now;
        Step("it is assessed", (tx, by) => Get<ComplaintDesk>().Assess(tx, id, new(chance.Of(Enum.GetValues<Severity>()), "withdrawal", "pending", null, 120_000, "CNY", chance.Is(.2) ? [chance.Of(Enum.GetValues<CaseFact>())] : []), by));
        while (chance.Is(.7))
            switch (chance.Below(6))
            {
                case 0: Step("she is told more", (tx, by) => Get<ComplaintDesk>().Update(tx, id, "明天有结果就告诉您。", by)); break;
                case 1: Step("the clock is stopped", (tx, by) => Get<ClockDesk>().Stop(tx, id, "AwaitingCustomer", "等客户补材料", by)); Step("the clock goes on", (tx, by) => Get<ClockDesk>().Resume(tx, id, by)); break;
                case 2: Step("it takes longer", (tx, by) => Get<ClockDesk>().Extend(tx, id, chance.Of(["final-complex", "final-exceptional", "final-progress", "final-45", "final-special"]), "案情复杂", by, chance.Is(.5) ? "s-shen" : null)); break;
                case 3: Step("it is looked into", (tx, by) => Get<ComplaintDesk>().Investigate(tx, id, by)); break;
                case 4: Step("it is given on", (tx, by) => Get<ComplaintDesk>().Assign(tx, id, chance.Of(["s-cheng", "s-wei", "s-jiang"]), by)); break;
                case 5: Pay(); break;
            }
        if (chance.Is(.8)) Finish();

        void Step(string name, Func<Tx, string, Task> act)
        {
            at += chance.Within(TimeSpan.FromMinutes(1), chance.Is(.7) ? TimeSpan.FromDays(2) : TimeSpan.FromDays(14));
            At(at, name, () => Store.Write(async tx => { if (await Get<ComplaintDesk>().Find(tx, id) is { } complaint) await act(tx, complaint.OwnerId); }));
        }

        void Pay()
        {
            var (amount, kind, transaction) = (chance.Of<long>([1_500, 2_000, 2_001, 90_000]), chance.Of([Resolution.Refund, Resolution.Goodwill]), $"t-{chance.Below(3)}");
            for (var times = Has(Troubles.Races) && chance.Is(.4) ? 2 : 1; times > 0; times--)
                Step("money is proposed", (tx, by) => Get<RedressDesk>().Propose(tx, id, kind, amount, "CNY", kind == Resolution.Refund ? transaction : null, "补偿", by));
            Step("money is decided", async (tx, by) =>
            {
                foreach (var redress in await Get<RedressDesk>().Of(tx, (await Get<ComplaintDesk>().Find(tx, id))!))
                    if (redress.State == RedressDesk.Proposed) await Get<RedressDesk>().Decide(tx, redress.Id, chance.Is(.7), chance.Is(.4) ? redress.ProposedBy : "s-shen");
            });
        }

        void Finish()
        {
            Step("it is answered", async (tx, by) =>
            {
                if (await Get<ComplaintDesk>().Find(tx, id) is not { } complaint) return;
                await Get<RedressDesk>().Propose(tx, id, Resolution.Explanation, null, null, null, "已说明", by);
                await Get<ComplaintLetters>().Write(tx, id, "We have looked into it and explain it here.", null, by);
                await Get<ComplaintClosing>().Answer(tx, id, ComplaintOutcome.Upheld, RootCause.Communication, by);
            });
            switch (chance.Share())
            {
                case < .25: Step("it was not solved", (tx, _) => Get<ComplaintClosing>().Reopen(tx, id, "还是没有到账。", ComplaintParts.Customer, "survey:no")); if (chance.Is(.7)) Finish(); break;
                case < .4: Step("she wants it looked at again", (tx, _) => Get<ComplaintClosing>().Appeal(tx, id, null, ComplaintParts.Customer)); if (chance.Is(.7)) Finish(); break;
                case < .6: Step("she is content", (tx, _) => Get<ComplaintClosing>().Close(tx, id, ComplaintParts.Customer, "satisfied")); break;
                case < .65: Step("she takes it back", (tx, _) => Get<ComplaintClosing>().Withdraw(tx, id, null, ComplaintParts.Customer)); break;
            }
        }
    }

    /// <summary>One in six owners wants the longest time that there is, and tries to take it alone.</summary>
    private void TakeLongest(string id)
    {
        var chance = new Chance(Chance.Of(Seed, $"longest {id}"));
        if (!chance.Is(.16)) return;
        var at = Now;
        foreach (var extension in new[] { "final-complex", "final-special" })
        {
            at += chance.Within(TimeSpan.FromHours(1), TimeSpan.FromDays(2));
            At(at, "it takes longest", () => Store.Write(async tx => { if (await Get<ComplaintDesk>().Find(tx, id) is { } complaint) await Get<ClockDesk>().Extend(tx, id, extension, "案情特别复杂", complaint.OwnerId, null); }));
        }
    }

    /// <summary>Somebody who has an open complaint leaves, with whatever else she has in hand; the house finds out by itself. Seniors stay, because others' steps name them.</summary>
    private async Task Leave()
    {
        const string whose = "select owner_id from complaints where state in ('Received', 'Assessed', 'Investigating', 'Answered') and owner_id not in ('s-jiang', 's-shen') order by id limit 1";
        var leaver = await Store.Write(async tx =>
        {
            var who = await tx.One<string>(whose) ?? "s-cheng";
            await tx.Run("update staff set disabled_at = @now where id = @who and disabled_at is null", new { who, now = Now });
            return who;
        });
        _left.Add(leaver);
        LookForOwners();
    }

    // The real worker looks every minute; here it is told when there may be something to see, and once more when a crash has taken its round.
    private void LookForOwners() => _unowned = Now.AddSeconds(60).ToUnixTimeMilliseconds();

    private readonly HashSet<string> _left = new(StringComparer.Ordinal);
}
