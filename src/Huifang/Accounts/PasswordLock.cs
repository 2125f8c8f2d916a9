using Microsoft.AspNetCore.Identity;

namespace Huifang.Accounts;

/// <summary>
/// The password of a login as it stood when it was read. Trying a key takes a tenth of a second of a processor, on purpose, so it is done outside every transaction: on SQLite
/// everybody who writes would wait for it. The sign-in itself sees whether the lock is still the same.
/// </summary>
public sealed class PasswordLock
{
    private static readonly PasswordHasher<object> Hasher = new();
    private static readonly object Anybody = new();

    // Tried when the login is unknown, so that the answer takes as long as for a known one.
    private static readonly string Nobody = Make("nobody has this password");

    private readonly string _login;
    private readonly string? _hash;

    internal PasswordLock(string login, string? hash) => (_login, _hash) = (login, hash);

    /// <summary>Takes a tenth of a second, whoever it is.</summary>
    public TriedPassword Try(string password) => new(_login, Hasher.VerifyHashedPassword(Anybody, _hash ?? Nobody, password) == PasswordVerificationResult.Failed ? null : _hash);

    internal static string Make(string password) => Hasher.HashPassword(Anybody, password);
}

/// <summary>What came of trying a password.</summary>
public sealed class TriedPassword
{
    private readonly string? _opened;

    /// <param name="opened">The hash that it fits; null when it fits none.</param>
    internal TriedPassword(string login, string? opened) => (Login, _opened) = (login, opened);

    public string Login { get; }

    /// <summary>Whether it opens what stands there now: a password that was changed meanwhile opens nothing.</summary>
    internal bool Opens(StaffRow row) => _opened == row.PasswordHash;
}
