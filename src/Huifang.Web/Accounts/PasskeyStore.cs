using System.Buffers.Text;
using Huifang.Storage;
using Microsoft.AspNetCore.Identity;

namespace Huifang.Accounts;

/// <summary>What the framework's passkey handler reads of our staff. It writes nothing: what came of a ceremony is kept by <see cref="PasskeyCeremony"/> in one transaction with its session.</summary>
public sealed class PasskeyStore(Store store, AccountDesk accounts, PasskeyDesk passkeys) : IUserPasskeyStore<Staff>
{
    public static UserPasskeyInfo Info(Passkey key) => new(Base64Url.DecodeFromChars(key.Id), key.PublicKey, key.MadeAt, (uint)key.SignCount, key.Transports.Split(' ', StringSplitOptions.RemoveEmptyEntries), isUserVerified: true,
        key.BackupEligible, key.BackedUp, key.Attestation, key.ClientData) { Name = key.Name };

    public Task<Staff?> FindByIdAsync(string userId, CancellationToken cancellationToken) => store.Read(tx => accounts.Find(tx, userId), cancellationToken);

    public Task<Staff?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) => store.Read(tx => accounts.FindByLogin(tx, normalizedUserName), cancellationToken);

    public async Task<IList<UserPasskeyInfo>> GetPasskeysAsync(Staff user, CancellationToken cancellationToken) => (await store.Read(tx => passkeys.Of(tx, user.Id), cancellationToken)).ConvertAll(Info);

    public Task<Staff?> FindByPasskeyIdAsync(byte[] credentialId, CancellationToken cancellationToken) =>
        store.Read(async tx => await passkeys.Find(tx, Base64Url.EncodeToString(credentialId)) is { } key ? await accounts.Find(tx, key.StaffId) : null, cancellationToken);

    public async Task<UserPasskeyInfo?> FindPasskeyAsync(Staff user, byte[] credentialId, CancellationToken cancellationToken) =>
        await store.Read(tx => passkeys.Find(tx, Base64Url.EncodeToString(credentialId)), cancellationToken) is { } key && key.StaffId == user.Id ? Info(key) : null;

    public Task<string> GetUserIdAsync(Staff user, CancellationToken cancellationToken) => Task.FromResult(user.Id);

    public Task<string?> GetUserNameAsync(Staff user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Login);

    public Task<string?> GetNormalizedUserNameAsync(Staff user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Login);

    public void Dispose() { }

    // The handler never calls these: staff are taken up and changed at the desk of accounts alone.
    public Task AddOrUpdatePasskeyAsync(Staff user, UserPasskeyInfo passkey, CancellationToken cancellationToken) => throw new NotSupportedException();
    public Task RemovePasskeyAsync(Staff user, byte[] credentialId, CancellationToken cancellationToken) => throw new NotSupportedException();
    public Task SetUserNameAsync(Staff user, string? userName, CancellationToken cancellationToken) => throw new NotSupportedException();
    public Task SetNormalizedUserNameAsync(Staff user, string? normalizedName, CancellationToken cancellationToken) => throw new NotSupportedException();
    public Task<IdentityResult> CreateAsync(Staff user, CancellationToken cancellationToken) => throw new NotSupportedException();
    public Task<IdentityResult> UpdateAsync(Staff user, CancellationToken cancellationToken) => throw new NotSupportedException();
    public Task<IdentityResult> DeleteAsync(Staff user, CancellationToken cancellationToken) => throw new NotSupportedException();
}
