using System.Security.Cryptography;
using System.Text;
using Huifang.Security;

namespace Huifang.Pkcs11;

/// <summary>Which key of which HSM guards the master keys.</summary>
/// <param name="Module">The vendor's library, such as <c>/usr/lib/softhsm/libsofthsm2.so</c>.</param>
/// <param name="Token">The token's label.</param>
/// <param name="PinFile">A file that holds the user PIN.</param>
/// <param name="Key">The label of the AES-256 key; made on the token, not extractable, where there is none.</param>
public sealed record Pkcs11Settings(string Module, string Token, string PinFile, string Key = "huifang-master");

/// <summary>
/// Master keys sealed by a key that never leaves an HSM (PKCS#11, AES-256-GCM). The HSM is asked when the house opens, when a master key is made and never in between, so its speed does not matter;
/// without it a copied key folder is worth nothing.
/// </summary>
public sealed class Pkcs11Guard(Pkcs11Settings settings) : IKeyGuard
{
    private const byte Version = 1;
    private const int NonceBytes = 12;

    public string Ending => "hsm";

    public byte[] Seal(string name, byte[] key) => InSession(true, (module, session, guard) =>
    {
        var nonce = RandomNumberGenerator.GetBytes(NonceBytes);
        return (byte[])[Version, .. nonce, .. module.Encrypt(session, guard, nonce, Bound(name), key)];
    });

    public byte[] Open(string name, byte[] box) => InSession(false, (module, session, guard) =>
    {
        if (box.Length < 1 + NonceBytes + 16 || box[0] != Version) throw new CryptographicException($"The sealed key {name} is not one of ours.");
        return module.Decrypt(session, guard, box[1..(1 + NonceBytes)], Bound(name), box[(1 + NonceBytes)..]);
    });

    private byte[] InSession(bool mayMake, Func<Cryptoki, nuint, nuint, byte[]> work)
    {
        var module = new Cryptoki(settings.Module);
        var session = module.OpenSession(module.SlotOf(settings.Token));
        try
        {
            module.Login(session, File.ReadAllText(settings.PinFile).Trim());
            var key = module.FindKey(session, settings.Key) ?? (mayMake ? module.GenerateKey(session, settings.Key) : throw new CryptographicException($"The HSM has no key with the label {settings.Key}."));
            return work(module, session, key);
        }
        finally { module.CloseSession(session); }
    }

    private static byte[] Bound(string name) => Encoding.UTF8.GetBytes($"huifang-master-key:{name}");
}
