namespace Huifang.Security;

/// <summary>
/// What guards the master keys at rest: nothing but the file system, or a key in an HSM or KMS that never leaves it. Asked when the house opens and when a key is made, not for every customer.
/// </summary>
public interface IKeyGuard
{
    /// <summary>The ending of the files that it can open, without the dot.</summary>
    string Ending { get; }

    /// <summary>Seals a key so that only this guard opens it.</summary>
    /// <param name="name">What the key is for; a box under another name does not open.</param>
    /// <exception cref="System.Security.Cryptography.CryptographicException">The guard is not reached or refuses.</exception>
    byte[] Seal(string name, byte[] key);

    /// <inheritdoc cref="Seal"/>
    byte[] Open(string name, byte[] box);
}

/// <summary>Keys lie in files as they are, readable by us alone: the default, for a machine whose disk is encrypted.</summary>
public sealed class PlainGuard : IKeyGuard
{
    public string Ending => "key";
    public byte[] Seal(string name, byte[] key) => key;
    public byte[] Open(string name, byte[] box) => box;
}
