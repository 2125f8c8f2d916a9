using System.Buffers.Text;
using Huifang.Storage;
using Microsoft.AspNetCore.Identity;

namespace Huifang.Accounts;

/// <summary>A challenge for the browser: the options of WebAuthn as JSON, and the name under which the answer comes back.</summary>
public sealed record PasskeyChallenge(string Ceremony, string Options);

/// <summary>
/// The two ceremonies of WebAuthn, with user verification always required: a new key, and the use of one. A challenge is taken out of the table before its answer
/// is looked at, so that no answer counts twice. Source: W3C WebAuthn Level 3, §7.1 and §7.2.
/// </summary>
public sealed class PasskeyCeremony(IPasskeyHandler<Staff> handler, PasskeyDesk passkeys, SessionDesk sessions, Store store)
{
    public async Task<PasskeyChallenge> Begin(HttpContext http, CeremonyPurpose purpose, Staff? staff)
    {
        string options, state;
        if (purpose == CeremonyPurpose.Enrol)
        {
            var made = await handler.MakeCreationOptionsAsync(new PasskeyUserEntity { Id = staff!.Id, Name = staff.Login, DisplayName = staff.Name }, http);
            (options, state) = (made.CreationOptionsJson, made.AttestationState!);
        }
        else
        {
            var made = await handler.MakeRequestOptionsAsync(staff, http);
            (options, state) = (made.RequestOptionsJson, made.AssertionState!);
        }
        return new(await store.Write(tx => passkeys.Begin(tx, purpose, staff?.Id, state), http.RequestAborted), options);
    }

    /// <summary>Somebody signs in by her key.</summary>
    public async Task<SignIn.In?> SignIn(HttpContext http, string ceremony, string credential)
    {
        if (await Asserted(http, ceremony, credential, CeremonyPurpose.SignIn, null) is not var (key, staff)) return null;
        return await store.Write(async tx => await Use(tx, key) ? await sessions.Open(tx, staff, http.Request.Headers.UserAgent.ToString(), "passkey") : null);
    }

    /// <summary>Whoever is signed in proves by a key of hers that it is still she.</summary>
    public async Task<bool> Prove(HttpContext http, string ceremony, string credential)
    {
        var signed = http.Signed();
        if (await Asserted(http, ceremony, credential, CeremonyPurpose.Prove, signed.Staff.Id) is not var (key, staff) || staff.Id != signed.Staff.Id) return false;
        return await store.Write(async tx =>
        {
            if (!await Use(tx, key)) return false;
            await sessions.Proved(tx, signed.SessionId, staff.Id, "passkey");
            return true;
        });
    }

    /// <summary>Whoever is signed in adds a key.</summary>
    public async Task<bool> Enrol(HttpContext http, string ceremony, string credential, string name)
    {
        var staff = http.Signed().Staff;
        if (await store.Write(tx => passkeys.Spend(tx, ceremony, CeremonyPurpose.Enrol, staff.Id), http.RequestAborted) is not { } state) return false;
        var result = await handler.PerformAttestationAsync(new() { HttpContext = http, CredentialJson = credential, AttestationState = state });
        if (!result.Succeeded || result.UserEntity.Id != staff.Id || !result.Passkey.IsUserVerified) return false;
        var key = result.Passkey;
        return await store.Write(tx => passkeys.Keep(tx, new(Base64Url.EncodeToString(key.CredentialId), staff.Id, name, key.PublicKey, key.SignCount, string.Join(' ', key.Transports ?? []), key.IsBackupEligible, key.IsBackedUp,
            key.AttestationObject, key.ClientDataJson, default, null)));
    }

    private async Task<(UserPasskeyInfo Key, Staff Staff)?> Asserted(HttpContext http, string ceremony, string credential, CeremonyPurpose purpose, string? staffId)
    {
        if (await store.Write(tx => passkeys.Spend(tx, ceremony, purpose, staffId), http.RequestAborted) is not { } state) return null;
        var result = await handler.PerformAssertionAsync(new() { HttpContext = http, CredentialJson = credential, AssertionState = state });
        return result.Succeeded && result.Passkey.IsUserVerified && result.User.DisabledAt is null ? (result.Passkey, result.User) : null;
    }

    private Task<bool> Use(Tx tx, UserPasskeyInfo key) => passkeys.Used(tx, Base64Url.EncodeToString(key.CredentialId), key.SignCount, key.IsBackedUp);
}
