using System.Diagnostics;
using System.Security.Cryptography;
using Huifang.Pkcs11;
using Huifang.Security;

namespace Huifang.Tests.Keys;

/// <summary>An HSM as a real peer: SoftHSM 2, with a token of its own for each test.</summary>
public sealed class Pkcs11Tests : IDisposable
{
    private const string Module = "/usr/lib/softhsm/libsofthsm2.so";
    private readonly string _folder = Directory.CreateTempSubdirectory("huifang-hsm-").FullName;
    // SoftHSM reads its configuration and its tokens once for the process: all are made before the first is used.
    private static readonly string[] Labels = MakeTokens();
    private static int _made;

    [Fact]
    public void Master_keys_lie_sealed_and_only_the_HSM_opens_them()
    {
        var guard = new Pkcs11Guard(Token());
        var vault = new Vault(new Keyring(_folder, guard), TimeProvider.System);
        var box = vault.SealForHouse("words");
        Assert.Empty(Directory.EnumerateFiles(_folder, "*.key"));
        Assert.Equal(4, Directory.EnumerateFiles(_folder, "*.hsm").Count());
        Assert.Equal("words", new Vault(new Keyring(_folder, guard), TimeProvider.System).OpenForHouse(box));

        // The folder alone, or with another token, is worth nothing; and nothing is made anew in its place.
        Assert.Throws<CryptographicException>(() => new Keyring(_folder));
        Assert.Throws<CryptographicException>(() => new Keyring(_folder, new Pkcs11Guard(Token())));
        Assert.Equal(4, Directory.EnumerateFiles(_folder, "*.hsm").Count());
    }

    [Fact]
    public void Keys_that_lay_open_are_sealed_when_an_HSM_is_named_and_go_on_opening_what_they_sealed()
    {
        var before = new Vault(new Keyring(_folder), TimeProvider.System);
        var box = before.SealForHouse("words");
        var guard = new Pkcs11Guard(Token());
        Assert.Equal("words", new Vault(new Keyring(_folder, guard), TimeProvider.System).OpenForHouse(box));
        Assert.Empty(Directory.EnumerateFiles(_folder, "*.key"));
    }

    [Fact]
    public void A_sealed_key_under_another_name_or_with_a_changed_byte_does_not_open()
    {
        var guard = new Pkcs11Guard(Token());
        var key = RandomNumberGenerator.GetBytes(32);
        var box = guard.Seal("0001", key);
        Assert.Equal(key, guard.Open("0001", box));
        Assert.Throws<CryptographicException>(() => guard.Open("0002", box));
        foreach (var at in new[] { 0, 1, 12, 13, box.Length - 1 })
        {
            var changed = box.ToArray();
            changed[at] ^= 1;
            Assert.Throws<CryptographicException>(() => guard.Open("0001", changed));
        }
        Assert.Throws<CryptographicException>(() => guard.Open("0001", box[..20]));
    }

    [Fact]
    public void A_wrong_PIN_and_an_unknown_token_are_refused_with_a_reason()
    {
        var token = Token();
        var wrong = Path.Combine(_folder, "wrong-pin");
        File.WriteAllText(wrong, "9999");
        Assert.Contains("PIN", Assert.Throws<CryptographicException>(() => new Pkcs11Guard(token with { PinFile = wrong }).Seal("0001", new byte[32])).Message, StringComparison.Ordinal);
        Assert.Contains("no token", Assert.Throws<CryptographicException>(() => new Pkcs11Guard(token with { Token = "nobody" }).Seal("0001", new byte[32])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_key_on_the_token_cannot_be_read_out()
    {
        var token = Token();
        new Pkcs11Guard(token).Seal("0001", new byte[32]);
        var listed = Run("pkcs11-tool", "--module", Module, "--token-label", token.Token, "--login", "--pin", "1234", "--list-objects", "--type", "secrkey");
        Assert.Contains("huifang-master", listed, StringComparison.Ordinal);
        Assert.Contains("sensitive", listed, StringComparison.Ordinal);
        Assert.DoesNotContain("extractable", listed.Replace("never extractable", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    private Pkcs11Settings Token()
    {
        var label = Labels[Interlocked.Increment(ref _made) - 1];
        var pin = Path.Combine(_folder, $"{label}.pin");
        File.WriteAllText(pin, "1234\n");
        return new(Module, label, pin);
    }

    private static string[] MakeTokens()
    {
        var tokens = Directory.CreateTempSubdirectory("huifang-tokens-").FullName;
        var configuration = Path.Combine(tokens, "softhsm2.conf");
        File.WriteAllText(configuration, $"directories.tokendir = {tokens}\nobjectstore.backend = file\nlog.level = ERROR\n");
        Set("SOFTHSM2_CONF", configuration);
        string[] labels = [.. Enumerable.Range(1, 8).Select(i => $"test-{i}")];
        foreach (var label in labels) Run("softhsm2-util", "--init-token", "--free", "--label", label, "--pin", "1234", "--so-pin", "12345678");
        return labels;
    }

    // .NET's own copy of the environment is not what a C library reads.
    private static void Set(string name, string value)
    {
        Environment.SetEnvironmentVariable(name, value);
        _ = setenv(name, value, 1);
    }

    [System.Runtime.InteropServices.DllImport("libc", CharSet = System.Runtime.InteropServices.CharSet.Ansi)]
    private static extern int setenv(string name, string value, int overwrite);

    private static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var said = process.StandardOutput.ReadToEnd() + process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? said : throw new InvalidOperationException($"{program}: {said}");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
