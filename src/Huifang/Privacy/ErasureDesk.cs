using System.Text.Json;
using Huifang.Calls;
using Huifang.Complaints;
using Huifang.Customers;
using Huifang.FollowUps;
using Huifang.Journal;
using Huifang.Planning;
using Huifang.Security;
using Huifang.Storage;

namespace Huifang.Privacy;

/// <summary>What an erasure touches outside its own room.</summary>
public sealed record ErasureParts(FollowUpDesk FollowUps, SlotDesk Slots, CallDesk Calls, ComplaintDesk Complaints, Ids Ids);

/// <summary>
/// Erases a person, in one transaction: what waits for her ends, what is in the clear goes, and her key is blanked, so that everything sealed about her is unreadable at that commit. What the law
/// makes us keep stays under keys of its own, and is named.
/// </summary>
public sealed class ErasureDesk(Vault vault, LegalHoldDesk holds, ErasureParts parts, JournalDesk journal, TimeProvider time)
{
    /// <returns>Null when she is erased; otherwise why not, and nothing was changed.</returns>
    public async Task<PrivacyRefusal?> Erase(Tx tx, string customerId, string by)
    {
        await CustomerLock.Take(tx, [customerId]);
        if (await MayNot(tx, customerId) is { } refusal) return refusal;
        foreach (var ended in await parts.FollowUps.Withdraw(tx, customerId, _ => true, by)) await parts.Slots.Release(tx, ended.Id);
        await tx.Run("update messages set state = 'Withheld', reason = 'erased' where customer_id = @customerId and state = 'Queued'", new { customerId });
        foreach (var rows in PersonalRows.All.Where(rows => rows.Forget is not null)) await tx.Run(rows.Forget!, new { id = customerId });
        await vault.Destroy(tx, customerId, KeyClass.Person);
        var kept = await holds.OfCustomer(tx, customerId);
        await journal.Append(tx, new Fact(Fact.Care, parts.Ids.New(), "customer.erased", customerId, time.GetUtcNow(), by, JsonSerializer.Serialize(new { holds = kept.Count, transactionsUntilDays = RetentionClass.MoneyLaunderingDays })));
        return null;
    }

    /// <summary>Why a person cannot be erased now.</summary>
    public async Task<PrivacyRefusal?> MayNot(Tx tx, string customerId)
    {
        if ((await vault.ErasedOf(tx, [customerId])).Count > 0) return PrivacyRefusal.ErasedAlready;
        if (await tx.One<long>("select count(*) from customers where id = @customerId", new { customerId }) == 0) return PrivacyRefusal.NoSuchCustomer;
        if ((await parts.Calls.LiveOf(tx, customerId)).Count > 0) return PrivacyRefusal.InCall;
        return (await parts.Complaints.OfCustomer(tx, customerId)).Any(complaint => complaint.State is not (ComplaintState.Answered or ComplaintState.Closed or ComplaintState.Withdrawn or ComplaintState.Merged)) ? PrivacyRefusal.ComplaintOpen : null;
    }
}
