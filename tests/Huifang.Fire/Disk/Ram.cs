using System.Diagnostics;

namespace Huifang.Fire.Disk;

/// <summary>A small disk in memory that can be filled to the last byte and emptied again. Needs the right to mount.</summary>
public sealed class Ram : IDisposable
{
    private readonly string _ballast;

    private Ram(string path) => (Path, _ballast) = (path, System.IO.Path.Combine(path, "ballast"));

    public string Path { get; }

    /// <returns>Null when we may not mount.</returns>
    public static Ram? Mount(string path, int megabytes)
    {
        Directory.CreateDirectory(path);
        return Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m,mode=777", "tmpfs", path) ? new(path) : null;
    }

    public long Free => new DriveInfo(Path).AvailableFreeSpace;

    /// <summary>Takes all room but this much.</summary>
    public void Fill(long leave)
    {
        using var ballast = new FileStream(_ballast, FileMode.Append);
        var block = new byte[64 * 1024];
        while (Free > leave)
            try { ballast.Write(block.AsSpan(0, (int)Math.Clamp(Free - leave, 1, block.Length))); ballast.Flush(); }
            catch (IOException) { return; }
    }

    public void Empty() => File.Delete(_ballast);

    public void Dispose() => Run("umount", "-l", Path);

    private static bool Run(string program, params string[] args)
    {
        using var process = Process.Start(new ProcessStartInfo(program, args) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
