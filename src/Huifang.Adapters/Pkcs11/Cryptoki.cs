using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Huifang.Pkcs11;

/// <summary>
/// The dozen functions of a PKCS#11 module that we need, called through its own list of functions. Source: OASIS PKCS #11 v2.40, base specification and current mechanisms.
/// </summary>
internal sealed unsafe class Cryptoki
{
    // Places in CK_FUNCTION_LIST, counted from C_Initialize.
    private const int Initialize = 0, GetSlotList = 4, GetTokenInfo = 6, OpenSession_ = 12, CloseSession_ = 13, Login_ = 18, FindInit = 26, Find = 27, FindFinal = 28, EncryptInit = 29, Encrypt_ = 30, DecryptInit = 33, Decrypt_ = 34, GenerateKey_ = 58;

    private const nuint AlreadyInitialized = 0x191, AlreadyLoggedIn = 0x100, OsLocking = 2, SerialSession = 4, ReadWrite = 2, User = 1;
    private const nuint AttrClass = 0, AttrToken = 1, AttrPrivate = 2, AttrLabel = 3, AttrKeyType = 0x100, AttrSensitive = 0x103, AttrEncrypt = 0x104, AttrDecrypt = 0x105, AttrValueLength = 0x161, AttrExtractable = 0x162;
    private const nuint SecretKey = 4, Aes = 0x1F, AesKeyGen = 0x1080, AesGcm = 0x1087;

    private readonly nint* _functions;

    [StructLayout(LayoutKind.Sequential)]
    private struct Attribute { public nuint Type; public void* Value; public nuint Length; }

    [StructLayout(LayoutKind.Sequential)]
    private struct Mechanism { public nuint Type; public void* Parameter; public nuint Length; }

    [StructLayout(LayoutKind.Sequential)]
    private struct GcmParameters { public byte* Iv; public nuint IvLength; public nuint IvBits; public byte* Bound; public nuint BoundLength; public nuint TagBits; }

    [StructLayout(LayoutKind.Sequential)]
    private struct InitializeArguments { public nint Create, Destroy, Lock, Unlock; public nuint Flags; public nint Reserved; }

    public Cryptoki(string module)
    {
        var library = NativeLibrary.Load(module);
        var list = (delegate* unmanaged[Cdecl]<nint*, nuint>)NativeLibrary.GetExport(library, "C_GetFunctionList");
        nint functions;
        Check(list(&functions), "C_GetFunctionList");
        // A two-byte version comes first, padded to the size of a pointer.
        _functions = (nint*)functions + 1;
        var arguments = new InitializeArguments { Flags = OsLocking };
        var code = ((delegate* unmanaged[Cdecl]<void*, nuint>)_functions[Initialize])(&arguments);
        if (code != AlreadyInitialized) Check(code, "C_Initialize");
    }

    /// <summary>The slot whose token has this label.</summary>
    public nuint SlotOf(string tokenLabel)
    {
        nuint count = 0;
        var list = (delegate* unmanaged[Cdecl]<byte, nuint*, nuint*, nuint>)_functions[GetSlotList];
        Check(list(1, null, &count), "C_GetSlotList");
        var slots = new nuint[count];
        fixed (nuint* at = slots) Check(list(1, at, &count), "C_GetSlotList");
        var info = stackalloc byte[512];
        foreach (var slot in slots)
        {
            Check(((delegate* unmanaged[Cdecl]<nuint, void*, nuint>)_functions[GetTokenInfo])(slot, info), "C_GetTokenInfo");
            if (Encoding.UTF8.GetString(info, 32).TrimEnd() == tokenLabel) return slot;
        }
        throw new CryptographicException($"The HSM has no token with the label {tokenLabel}.");
    }

    public nuint OpenSession(nuint slot)
    {
        nuint session;
        Check(((delegate* unmanaged[Cdecl]<nuint, nuint, void*, void*, nuint*, nuint>)_functions[OpenSession_])(slot, SerialSession | ReadWrite, null, null, &session), "C_OpenSession");
        return session;
    }

    public void CloseSession(nuint session) => ((delegate* unmanaged[Cdecl]<nuint, nuint>)_functions[CloseSession_])(session);

    public void Login(nuint session, string pin)
    {
        var bytes = Encoding.UTF8.GetBytes(pin);
        fixed (byte* at = bytes)
        {
            var code = ((delegate* unmanaged[Cdecl]<nuint, nuint, byte*, nuint, nuint>)_functions[Login_])(session, User, at, (nuint)bytes.Length);
            CryptographicOperations.ZeroMemory(bytes);
            if (code != AlreadyLoggedIn) Check(code, "C_Login");
        }
    }

    /// <summary>The AES key with this label, or null.</summary>
    public nuint? FindKey(nuint session, string label)
    {
        var (kind, name) = (SecretKey, Encoding.UTF8.GetBytes(label));
        fixed (byte* at = name)
        {
            var wanted = stackalloc Attribute[2] { new() { Type = AttrClass, Value = &kind, Length = (nuint)sizeof(nuint) }, new() { Type = AttrLabel, Value = at, Length = (nuint)name.Length } };
            Check(((delegate* unmanaged[Cdecl]<nuint, Attribute*, nuint, nuint>)_functions[FindInit])(session, wanted, 2), "C_FindObjectsInit");
        }
        nuint found, count;
        Check(((delegate* unmanaged[Cdecl]<nuint, nuint*, nuint, nuint*, nuint>)_functions[Find])(session, &found, 1, &count), "C_FindObjects");
        Check(((delegate* unmanaged[Cdecl]<nuint, nuint>)_functions[FindFinal])(session), "C_FindObjectsFinal");
        return count == 1 ? found : null;
    }

    /// <summary>Makes an AES-256 key that stays on the token and can never be read out.</summary>
    public nuint GenerateKey(nuint session, string label)
    {
        var (kind, type, length, name) = (SecretKey, Aes, (nuint)32, Encoding.UTF8.GetBytes(label));
        byte yes = 1, no = 0;
        fixed (byte* at = name)
        {
            var template = stackalloc Attribute[10]
            {
                new() { Type = AttrClass, Value = &kind, Length = (nuint)sizeof(nuint) }, new() { Type = AttrKeyType, Value = &type, Length = (nuint)sizeof(nuint) },
                new() { Type = AttrValueLength, Value = &length, Length = (nuint)sizeof(nuint) }, new() { Type = AttrLabel, Value = at, Length = (nuint)name.Length },
                new() { Type = AttrToken, Value = &yes, Length = 1 }, new() { Type = AttrPrivate, Value = &yes, Length = 1 }, new() { Type = AttrSensitive, Value = &yes, Length = 1 },
                new() { Type = AttrExtractable, Value = &no, Length = 1 }, new() { Type = AttrEncrypt, Value = &yes, Length = 1 }, new() { Type = AttrDecrypt, Value = &yes, Length = 1 },
            };
            var mechanism = new Mechanism { Type = AesKeyGen };
            nuint key;
            Check(((delegate* unmanaged[Cdecl]<nuint, Mechanism*, Attribute*, nuint, nuint*, nuint>)_functions[GenerateKey_])(session, &mechanism, template, 10, &key), "C_GenerateKey");
            return key;
        }
    }

    public byte[] Encrypt(nuint session, nuint key, byte[] nonce, byte[] bound, byte[] clear) => Run(EncryptInit, Encrypt_, session, key, nonce, bound, clear);

    public byte[] Decrypt(nuint session, nuint key, byte[] nonce, byte[] bound, byte[] cipher) => Run(DecryptInit, Decrypt_, session, key, nonce, bound, cipher);

    private byte[] Run(int init, int run, nuint session, nuint key, byte[] nonce, byte[] bound, byte[] input)
    {
        fixed (byte* iv = nonce, aad = bound, data = input)
        {
            var parameters = new GcmParameters { Iv = iv, IvLength = (nuint)nonce.Length, IvBits = (nuint)nonce.Length * 8, Bound = aad, BoundLength = (nuint)bound.Length, TagBits = 128 };
            var mechanism = new Mechanism { Type = AesGcm, Parameter = &parameters, Length = (nuint)sizeof(GcmParameters) };
            Check(((delegate* unmanaged[Cdecl]<nuint, Mechanism*, nuint, nuint>)_functions[init])(session, &mechanism, key), "C_EncryptInit or C_DecryptInit");
            var output = new byte[input.Length + 64];
            var length = (nuint)output.Length;
            fixed (byte* to = output) Check(((delegate* unmanaged[Cdecl]<nuint, byte*, nuint, byte*, nuint*, nuint>)_functions[run])(session, data, (nuint)input.Length, to, &length), "C_Encrypt or C_Decrypt");
            return output[..(int)length];
        }
    }

    private static void Check(nuint code, string function)
    {
        if (code != 0) throw new CryptographicException($"The HSM refused {function} with 0x{code:X}{(code is 0xA0 or 0xA4 ? ": the PIN is wrong or locked" : "")}.");
    }
}
