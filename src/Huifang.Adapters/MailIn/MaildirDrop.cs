using Huifang.Work;
using Microsoft.Extensions.Logging;

namespace Huifang.MailIn;

/// <summary>
/// Takes letters from a folder that a mail program drops them into (maildir: <c>tmp</c>, <c>new</c>, <c>cur</c>). A letter goes from <c>new</c> to <c>cur</c>
/// when it is durable with us; after a crash in between it is offered again and is the same one.
/// </summary>
public sealed class MaildirDrop(string folder, Func<byte[], CancellationToken, Task<Handover>> take, ILogger<MaildirDrop> log) : IWork
{
    private const int Most = 100;

    public string Name => "mail drop";
    public TimeSpan Every => TimeSpan.FromSeconds(5);

    public async Task<bool> Round(CancellationToken stop)
    {
        var (fresh, kept) = (Path.Combine(folder, "new"), Directory.CreateDirectory(Path.Combine(folder, "cur")).FullName);
        if (!Directory.Exists(fresh)) { Directory.CreateDirectory(fresh); return false; }
        var letters = new DirectoryInfo(fresh).EnumerateFiles().OrderBy(file => file.Name, StringComparer.Ordinal).Take(Most).ToList();
        var moved = 0;
        foreach (var letter in letters)
        {
            // What cannot be taken stays where it is, seen by whoever looks into the folder; the others are not held up by it.
            if (letter.Length > SmtpListener.LetterBytesMax) { log.LogWarning("A letter of {Bytes} bytes in the mail drop is larger than we take.", letter.Length); continue; }
            if (await take(await File.ReadAllBytesAsync(letter.FullName, stop), stop) != Handover.Kept) continue;
            File.Move(letter.FullName, Path.Combine(kept, letter.Name.Contains(":2,", StringComparison.Ordinal) ? letter.Name : $"{letter.Name}:2,S"), overwrite: true);
            moved++;
        }
        return moved == Most;
    }
}
