using System.Text.Json;
using Huifang.Journal;
using Huifang.Security;
using Huifang.Storage;

namespace Huifang.Accounts;

/// <summary>A passkey of a member of staff: the public half, and what its last use told.</summary>
public sealed record Passkey(string Id, string StaffId, string Name, byte[] PublicKey, long SignCount, string Transports, bool BackupEligible, bool BackedUp, byte[] Attestation, byte[] ClientData, DateTimeOffset MadeAt, DateTimeOffset? UsedAt)
{
    private Passkey() : this("", "", "", [], 0, "", false, false, [], [], default, null) { }
}

/// <summary>What a challenge was made for.</summary>
public enum CeremonyPurpose { SignIn, Prove, Enrol, Provider }

/// <summary>Keeps passkeys and the challenges that wait for an answer. The cryptography is the framework's; here is what is remembered.</summary>
public sealed class PasskeyDesk(JournalDesk journal, Vault vault, Ids ids, TimeProvider time)
{
    private const int NameMax = 60;
    private const int PerPersonMax = 20;
    private static readonly TimeSpan CeremonyLife = TimeSpan.FromMinutes(5);
    private const string Columns = "id, staff_id as staffid, name, public_key as publickey, sign_count as signcount, transports, backup_eligible as backupeligible, backed_up as backedup, attestation, client_data as clientdata, made_at as madeat, used_at as usedat";

    public Task<List<Passkey>> Of(Tx tx, string staffId) => tx.Query<Passkey>($"select {Columns} from passkeys where staff_id = @staffId order by made_at limit {PerPersonMax}", new { staffId });

    public Task<Passkey?> Find(Tx tx, string id) => tx.One<Passkey>($"select {Columns} from passkeys where id = @id", new { id });

    /// <summary>Remembers what was asked of an authenticator. Challenges that nobody answered are cleared away here.</summary>
    /// <returns>The id that the browser brings back with the answer.</returns>
    public async Task<string> Begin(Tx tx, CeremonyPurpose purpose, string? staffId, string state)
    {
        Span<byte> random = stackalloc byte[24];
        ids.Random(random);
        var (id, now) = (Convert.ToHexStringLower(random), time.GetUtcNow());
        await tx.Run("delete from ceremonies where expires_at < @now", new { now });
        await tx.Run("insert into ceremonies (id, purpose, staff_id, state, expires_at) values (@id, @purpose, @staffId, @state, @expiresAt)", new { id, purpose = purpose.ToString(), staffId, state = vault.SealForHouse(state), expiresAt = now + CeremonyLife });
        return id;
    }

    /// <summary>Takes the challenge out, so that no answer is heard twice. Null when it was made for something or somebody else, was answered, or is too old.</summary>
    public async Task<string?> Spend(Tx tx, string ceremonyId, CeremonyPurpose purpose, string? staffId) =>
        (await tx.Query<byte[]>("delete from ceremonies where id = @ceremonyId and purpose = @purpose and coalesce(staff_id, '') = @staffId and expires_at > @now returning state",
            new { ceremonyId, purpose = purpose.ToString(), staffId = staffId ?? "", now = time.GetUtcNow() })).FirstOrDefault() is { } state ? vault.OpenForHouse(state) : null;

    /// <returns>False when the person has too many, or the key is somebody's already.</returns>
    public async Task<bool> Keep(Tx tx, Passkey passkey)
    {
        var name = passkey.Name.Trim();
        if ((await Of(tx, passkey.StaffId)).Count >= PerPersonMax) return false;
        var kept = await tx.Run(
            """
            insert into passkeys (id, staff_id, name, public_key, sign_count, transports, backup_eligible, backed_up, attestation, client_data, made_at)
            values (@Id, @StaffId, @name, @PublicKey, @SignCount, @Transports, @BackupEligible, @BackedUp, @Attestation, @ClientData, @now) on conflict do nothing
            """, new { passkey.Id, passkey.StaffId, name = name.Length > NameMax ? name[..NameMax] : name, passkey.PublicKey, passkey.SignCount, passkey.Transports, passkey.BackupEligible, passkey.BackedUp, passkey.Attestation, passkey.ClientData, now = time.GetUtcNow() }) == 1;
        if (kept) await Tell(tx, "staff.passkey-added", passkey.StaffId, passkey.StaffId);
        return kept;
    }

    /// <summary>The key was used. Two answers with one counter: the second finds it spent; authenticators without a counter always tell nought.</summary>
    public async Task<bool> Used(Tx tx, string id, long signCount, bool backedUp) =>
        await tx.Run("update passkeys set sign_count = @signCount, backed_up = @backedUp, used_at = @now where id = @id and (sign_count < @signCount or (sign_count = 0 and @signCount = 0))", new { id, signCount, backedUp, now = time.GetUtcNow() }) == 1;

    public async Task<bool> Remove(Tx tx, string staffId, string id)
    {
        if (await tx.Run("delete from passkeys where id = @id and staff_id = @staffId", new { id, staffId }) == 0) return false;
        await Tell(tx, "staff.passkey-removed", staffId, staffId);
        return true;
    }

    private Task Tell(Tx tx, string kind, string staffId, string by) => journal.Append(tx, new Fact(Fact.Care, ids.New(), kind, null, time.GetUtcNow(), by, JsonSerializer.Serialize(new { staff = staffId })));
}
