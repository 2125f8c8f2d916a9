using System.Security.Cryptography;

namespace Huifang.Security;

/// <summary>Files of 32 secret bytes that only we can read.</summary>
internal static class KeyFiles
{
    public const int Bytes = 32;

    public static byte[] Read(string file)
    {
        var key = File.ReadAllBytes(file);
        return key.Length == Bytes ? key
            : throw new CryptographicException($"The key {Path.GetFileName(file)} has {key.Length} bytes instead of {Bytes}. Restore it from your backup; do not replace it, or what it sealed is lost.");
    }

    /// <summary>Never overwrites; is on the disk when it returns.</summary>
    public static void Write(string file, byte[] key)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        // Written aside and moved, so that a crash leaves no half of a key under its name.
        var aside = $"{file}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}.new";
        using (var stream = new FileStream(aside, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }))
        {
            stream.Write(key);
            stream.Flush(flushToDisk: true);
        }
        try { File.Move(aside, file, overwrite: false); }
        catch (IOException) when (File.Exists(file)) { File.Delete(aside); }
    }
}
