using System.Text.Json;
using Huifang.Calls;
using Huifang.Journal;
using Huifang.Storage;

namespace Huifang.Sight;

/// <summary>What the desks of this room take ids, time and the budget from.</summary>
public sealed record SightParts(Ids Ids, TimeProvider Time, SightBudget Budget, Peers Peers);

/// <summary>
/// Just-in-time sight: who may look at whom, and the record of every look, granted or not. A look is weighed before anything is shown; alarms stand in the same
/// transaction as the look that raised them.
/// </summary>
public sealed class SightDesk(IEnumerable<IInHand> rooms, GlassDesk glasses, JournalDesk journal, SightParts parts)
{
    private DateTimeOffset Now => parts.Time.GetUtcNow();

    /// <summary>What makes it right that she looks at this customer now: a call, a case, a broken glass; null when nothing does.</summary>
    public async Task<InHand?> Reason(Tx tx, string staffId, string customerId)
    {
        foreach (var room in rooms)
            if (await room.With(tx, staffId, customerId) is { } hand) return hand;
        // Behind a broken glass nobody was verified; the reason, the person who is told and the review stand for it.
        return await glasses.OpenOf(tx, staffId, customerId) is { } glass ? new(Because.Glass(glass.Id), Level.V2) : null;
    }

    /// <summary>Nobody searches who has nothing to do.</summary>
    public async Task<bool> HasWork(Tx tx, string staffId)
    {
        foreach (var room in rooms)
            if (await room.Any(tx, staffId)) return true;
        return false;
    }

    /// <summary>Weighs and records a look.</summary>
    /// <param name="byChoice">False when the queue handed her the customer: that alarms, but is not refused.</param>
    /// <returns>May it be shown?</returns>
    public Task<bool> Look(Tx tx, string staffId, string customerId, string what, Because because, bool byChoice = true) => Record(tx, staffId, customerId, what, null, because, byChoice, null);

    /// <summary>Shows one field whole for sixty seconds, if what she has in hand and the customer's level allow it.</summary>
    public async Task<bool> Unmask(Tx tx, string staffId, string customerId, SightField field) =>
        Enum.IsDefined(field) && await Reason(tx, staffId, customerId) is { } hand && FieldAccess.Shows(hand.Level, field == SightField.Phone ? CustomerField.MaskedPhone : CustomerField.MaskedEmail)
        && await Record(tx, staffId, customerId, "unmask", field, hand.Because, true, Now + SightRules.UnmaskLife);

    /// <summary>She asked for a record that she has nothing to do with. It is kept, and too many of these alarm.</summary>
    public async Task Refused(Tx tx, string staffId, string customerId)
    {
        await LookTable.Insert(tx, staffId, customerId, Now, "asked", null, Because.Nothing, false, null);
        await Tell(tx, "record.refused", customerId, staffId, new { });
        await Weigh(tx, staffId, customerId, true);
    }

    /// <summary>Which fields are unmasked for her now, and until when.</summary>
    public async Task<IReadOnlyDictionary<SightField, DateTimeOffset>> Unmasked(Tx tx, string staffId, string customerId) =>
        (await LookTable.Unmasked(tx, staffId, customerId, Now)).ToDictionary(one => Enum.Parse<SightField>(one.Field), one => one.Until);

    /// <summary>Makes a customer a decoy: somebody who is nobody.</summary>
    public Task MakeDecoy(Tx tx, string customerId) => tx.Run("insert into decoys (customer_id, made_at) values (@customerId, @now) on conflict do nothing", new { customerId, now = Now });

    public async Task<bool> IsDecoy(Tx tx, string customerId) => await tx.One<long>("select count(*) from decoys where customer_id = @customerId", new { customerId }) > 0;

    private async Task<bool> Record(Tx tx, string staffId, string customerId, string what, SightField? field, Because because, bool byChoice, DateTimeOffset? until)
    {
        // The look counts towards its own verdict: it is written first, as granted, and taken back when it was one too many.
        await LookTable.Insert(tx, staffId, customerId, Now, what, field?.ToString(), because, true, until);
        if (await Weigh(tx, staffId, customerId, byChoice))
        {
            await Tell(tx, field is null ? "record.viewed" : "record.unmasked", customerId, staffId, new { what, field = field?.ToString(), because = because.Kind, id = because.Id });
            return true;
        }
        await tx.Run("update sight_looks set granted = 0, until = null where seq = (select max(seq) from sight_looks where staff_id = @staffId and customer_id = @customerId and what = @what)", new { staffId, customerId, what });
        await Tell(tx, "record.refused", customerId, staffId, new { what, because = because.Kind, id = because.Id, budget = true });
        return false;
    }

    private async Task<bool> Weigh(Tx tx, string staffId, string customerId, bool byChoice)
    {
        var (now, (customers, refused, unmaskings)) = (Now, await LookTable.Use(tx, staffId, Now));
        var (perHour, unmasked) = await parts.Peers.Of(tx, staffId, now);
        var verdict = SightRules.Weigh(parts.Budget, new(customers, refused, unmaskings, perHour, unmasked), byChoice);
        foreach (var (alarm, figure, allowed) in verdict.Alarms) await Raise(tx, alarm, staffId, null, figure, allowed, $"{alarm}:{staffId}:{now.ToUnixTimeSeconds() / 3600}");
        if (await IsDecoy(tx, customerId)) await Raise(tx, SightAlarm.Decoy, staffId, customerId, 1, 0, $"Decoy:{staffId}:{customerId}:{now.ToUnixTimeSeconds() / 3600}");
        return verdict.IsShown;
    }

    private async Task Raise(Tx tx, SightAlarm alarm, string staffId, string? customerId, int figure, int allowed, string once)
    {
        if (await AlarmTable.Raise(tx, parts.Ids.New(), once, staffId, alarm, Now, customerId, figure, allowed))
            await Tell(tx, "sight.alarmed", null, "house", new { staff = staffId, alarm = alarm.ToString(), figure, allowed });
    }

    private Task Tell(Tx tx, string kind, string? customerId, string by, object data) => journal.Append(tx, new Fact(Fact.Care, parts.Ids.New(), kind, customerId, Now, by, JsonSerializer.Serialize(data)));
}
