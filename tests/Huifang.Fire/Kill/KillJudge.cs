using Huifang.Audit;
using Huifang.Checks;
using Huifang.Fire.Load;
using Huifang.Fire.Machines;
using Huifang.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Huifang.Fire.Kill;

/// <summary>Compares what everybody outside remembers with what the ledger holds, and asks the house's own checkers.</summary>
public sealed class KillJudge(Place place, Deeds deeds)
{
    private readonly List<string> _broken = [];

    public long Lost { get; private set; }
    public long Doubled { get; private set; }

    public async Task<IReadOnlyList<string>> Judge()
    {
        await using var house = place.Open();
        var store = house.GetRequiredService<Store>();
        await store.Read(async tx => { await Compare(tx); return true; });
        foreach (var broken in (await new LedgerCheck(store, TimeProvider.System).Run()).Violations) _broken.Add($"huifang check: {broken.Invariant} {broken.About}: {broken.What}");
        var key = house.GetRequiredService<AuditKey>();
        foreach (var finding in (await new AuditVerifier(store, key.Name, key.PublicKey, place.Ground.AnchorFile).Verify()).Findings) _broken.Add($"huifang audit verify: {finding.Fault}: {finding.What}");
        return _broken;
    }

    private async Task Compare(Tx tx)
    {
        Stand("event", deeds.Of(Deed.Event).Keys, await Ids(tx, "select id from journal where source = 'wallet'"));
        Once("follow-up for one cause", await tx.One<long>("select count(*) from (select 1 from follow_ups where rule_key <> 'fire' group by rule_key, cause_seq having count(*) > 1) d"));

        Stand("complaint", deeds.Of(Deed.Complaint).Values, await Ids(tx, "select id from complaint_intake where fate in ('Case', 'Joined')"));
        Once("complaint for one arrival", await tx.One<long>("select count(*) from (select external_id from complaint_intake where external_id is not null group by sender, external_id having count(*) > 1) d"));
        Once("case for one complaint", await tx.One<long>("select count(*) from (select count(*) n, (select count(*) from complaint_intake where fate = 'Case') m from complaints) d where n <> m"));

        // The answer named a follow-up; its cause is the fact of this very key.
        var asked = (await tx.Query<(string Key, string Id)>("select j.id, f.id from follow_ups f join journal j on j.seq = f.cause_seq where f.rule_key = 'api'")).ToLookup(row => row.Key, row => row.Id, StringComparer.Ordinal);
        foreach (var (key, id) in deeds.Of(Deed.FollowUp))
        {
            var made = asked.Where(one => one.Key == key || one.Key.EndsWith($":{key}", StringComparison.Ordinal)).SelectMany(one => one).ToList();
            if (made.Count == 0) Lose($"follow-up asked for as {key}");
            else if (made.Count > 1) Double($"follow-up asked for as {key}", made.Count);
            else if (made[0] != id) { Lost++; _broken.Add($"follow-up {key} was answered with {id}, which is another one; its own is {made[0]}"); }
        }

        Stand("booking", deeds.Of(Deed.Booking).Keys, await Ids(tx, "select distinct f.id from follow_ups f join journal j on j.customer_id = f.customer_id where j.kind = 'follow-up.booked' and f.rule_key = 'fire'"));
        Once("booking of one follow-up", await tx.One<long>("select count(*) from (select customer_id from journal where kind = 'follow-up.booked' and customer_id like 'b%' group by customer_id having count(*) > 1) d"));
        Once("promise without its slot", await tx.One<long>("select count(*) from follow_ups f where state = 'Booked' and not exists (select 1 from slots s where s.follow_up_id = f.id and s.id = f.slot_id and s.from_at = f.promised_from)"));

        Stand("stop", deeds.Of(Deed.Stop).Values, await Ids(tx, "select distinct customer_id from consents where given = 0 and channel = 'Sms'"));
        Stand("stop as it was written", deeds.Of(Deed.Stop).Keys.Select(key => $"Sms:{key}"), await Ids(tx, "select line_key from replies"));
        Once("stop", await tx.One<long>("select count(*) from (select customer_id from replies where meaning = 'Stop' group by customer_id having count(*) > 1) d"));

        Stand("talk taken", deeds.Of(Deed.Take).Keys, await Ids(tx, "select id from calls"));
        Stand("talk finished", deeds.Of(Deed.Finish).Keys, await Ids(tx, "select id from calls where finished_at is not null and outcome = 'Declined'"));
        Once("talk with one customer", await tx.One<long>("select count(*) from (select follow_up_id from calls group by follow_up_id having count(*) > 1) d"));
        Once("end of one talk", await tx.One<long>("select count(*) from (select customer_id from journal where kind = 'call.finished' group by customer_id having count(*) > 1) d"));
    }

    private static async Task<HashSet<string>> Ids(Tx tx, string sql) => (await tx.Query<string>(sql)).ToHashSet(StringComparer.Ordinal);

    private void Stand(string what, IEnumerable<string> acknowledged, HashSet<string> ledger)
    {
        foreach (var one in acknowledged.Where(one => !ledger.Contains(one))) Lose($"{what} {one}");
    }

    private void Lose(string what)
    {
        Lost++;
        _broken.Add($"lost: {what} was acknowledged and is not there");
    }

    private void Once(string what, long more)
    {
        if (more > 0) Double(what, more);
    }

    private void Double(string what, long times)
    {
        Doubled += times;
        _broken.Add($"doubled: more than one {what} ({times})");
    }
}
