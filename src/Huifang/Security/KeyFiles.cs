using System.Security.Cryptography;

namespace Huifang.Security;

/// <summary>The files of secret keys: 32 bytes each, sealed by the guard, readable by us alone.</summary>
internal sealed class KeyFiles(string folder, IKeyGuard guard)
{
    public const int Bytes = 32;

    /// <summary>Names of the keys of this kind (the part before the dash), in order.</summary>
    public IEnumerable<string> Names => Directory.Exists(folder)
        ? Directory.EnumerateFiles(folder).Where(IsKey).Select(Path.GetFileNameWithoutExtension).OfType<string>().Distinct().Order(StringComparer.Ordinal) : [];

    private bool IsKey(string file) => Path.GetExtension(file) is ".key" || Path.GetExtension(file) == $".{guard.Ending}";

    /// <summary>Opens a key, making it where there is none.</summary>
    public byte[] Open(string name, Func<byte[]>? make = null)
    {
        var (sealedFile, plainFile) = (At(name, guard.Ending), At(name, "key"));
        if (File.Exists(sealedFile)) return Checked(name, guard.Open(name, File.ReadAllBytes(sealedFile)));
        if (File.Exists(plainFile))
        {
            // A guard was named after the key was made: from now on the key lies under it. The plain file goes only when the sealed one is on the disk and opens.
            var plain = Checked(name, File.ReadAllBytes(plainFile));
            Write(sealedFile, guard.Seal(name, plain));
            if (!guard.Open(name, File.ReadAllBytes(sealedFile)).AsSpan().SequenceEqual(plain)) throw new CryptographicException($"The key {name} does not open after it was sealed; the plain file was left.");
            File.WriteAllBytes(plainFile, new byte[Bytes]);
            File.Delete(plainFile);
            return plain;
        }
        if (Directory.Exists(folder) && Directory.EnumerateFiles(folder, $"{name}.*").FirstOrDefault(file => !file.EndsWith(".new", StringComparison.Ordinal) && file != sealedFile) is { } other) throw new CryptographicException($"{Path.GetFileName(other)} was sealed by another guard. Name the HSM that sealed it, or restore the plain key.");
        Write(sealedFile, guard.Seal(name, make?.Invoke() ?? RandomNumberGenerator.GetBytes(Bytes)));
        // Another node may have made it at the same moment: what is on the disk counts.
        return Checked(name, guard.Open(name, File.ReadAllBytes(sealedFile)));
    }

    /// <summary>Destroys a key: overwritten, then removed.</summary>
    public void Destroy(string name)
    {
        foreach (var file in new[] { At(name, guard.Ending), At(name, "key") }.Where(File.Exists))
        {
            File.WriteAllBytes(file, new byte[new FileInfo(file).Length]);
            File.Delete(file);
        }
    }

    private string At(string name, string ending) => Path.Combine(folder, $"{name}.{ending}");

    private static byte[] Checked(string name, byte[] key) => key.Length == Bytes ? key
        : throw new CryptographicException($"The key {name} has {key.Length} bytes instead of {Bytes}. Restore it from your backup; do not replace it, or what it sealed is lost.");

    // Never overwrites; on the disk when it returns. Written aside and moved, so that a crash leaves no half of a key under its name.
    private static void Write(string file, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var aside = $"{file}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}.new";
        using (var stream = new FileStream(aside, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }))
        {
            stream.Write(bytes);
            stream.Flush(flushToDisk: true);
        }
        try { File.Move(aside, file, overwrite: false); }
        catch (IOException) when (File.Exists(file)) { File.Delete(aside); }
    }
}
