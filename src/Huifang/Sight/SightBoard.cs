using System.Text.Json;
using Huifang.Accounts;
using Huifang.Journal;
using Huifang.Redaction;
using Huifang.Security;
using Huifang.Storage;

namespace Huifang.Sight;

/// <summary>Who saw a customer: every look and every broken glass, newest first, with the names of those who looked.</summary>
public sealed record WhoLooked(string CustomerId, IReadOnlyList<Look> Looks, IReadOnlyList<Glass> Glasses, IReadOnlyDictionary<string, Staff> Staff);

/// <summary>What reviewers look at: open alarms, glasses to review, the latest looks.</summary>
public sealed record SightView(IReadOnlyList<AlarmRow> Alarms, IReadOnlyList<AlarmRow> Settled, IReadOnlyList<Glass> Glasses, IReadOnlyList<Look> Looks, IReadOnlyDictionary<string, Staff> Staff);

/// <summary>Reads of this room, and the settling of alarms.</summary>
public sealed class SightBoard(GlassDesk glasses, AccountDesk accounts, JournalDesk journal, AccountParts parts)
{
    public async Task<SightView> Look(Tx tx, string? staffId = null) => new(await AlarmTable.Open(tx), await AlarmTable.Recent(tx), await glasses.Waiting(tx), await LookTable.Recent(tx, staffId), await Staff(tx));

    public async Task<WhoLooked> At(Tx tx, string customerId) => new(customerId, await LookTable.OfCustomer(tx, customerId), await glasses.OfCustomer(tx, customerId), await Staff(tx));

    /// <summary>How many alarms and reviews wait for a person.</summary>
    public async Task<int> Waiting(Tx tx) => (int)await tx.One<long>("select (select count(*) from sight_alarms where settled_at is null) + (select count(*) from glasses where reviewed_at is null)");

    /// <summary>Somebody has looked into an alarm. Nobody settles one about herself.</summary>
    public async Task<bool> Settle(Tx tx, string alarmId, string by, string words)
    {
        var clean = Redactor.Redact(words.Trim(), hide: SecretKinds.Typed).Text;
        if (clean.Length == 0 || !await AlarmTable.Settle(tx, alarmId, by, parts.Vault.SealForHouse(clean.Length > 500 ? clean[..500] : clean), parts.Time.GetUtcNow())) return false;
        await journal.Append(tx, new Fact(Fact.Care, parts.Ids.New(), "sight.alarm-settled", null, parts.Time.GetUtcNow(), by, JsonSerializer.Serialize(new { alarm = alarmId })));
        return true;
    }

    public string? Words(AlarmRow alarm) => parts.Vault.OpenForHouse(alarm.SettledWords);

    private async Task<IReadOnlyDictionary<string, Staff>> Staff(Tx tx) => (await accounts.All(tx)).ToDictionary(staff => staff.Id, StringComparer.Ordinal);
}
