using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Huifang.Mail;

/// <summary>What a letter is to us.</summary>
public enum LetterKind
{
    /// <summary>Somebody wrote it.</summary>
    Written,
    /// <summary>A mail system says that a letter did not arrive, or when it will be tried again.</summary>
    Bounce,
    /// <summary>An absence note or another letter that a machine wrote; answering it would make two machines talk (RFC 3834).</summary>
    Automatic,
    /// <summary>It has been here before, or on its way for too long.</summary>
    Loop,
}

/// <param name="Content">As it came, with the transfer encoding taken off.</param>
public sealed record LetterFile(string Name, string MediaType, byte[] Content);

/// <summary>A letter as a person sees it: who, when, about what, the words, what is attached.</summary>
public sealed record Letter(LetterKind Kind, string? From, string? FromName, string Subject, string? MessageId)
{
    /// <summary>The plain words; empty when there is only <see cref="Html"/>.</summary>
    public string Text { get; init; } = "";
    public string? Html { get; init; }
    public ImmutableArray<LetterFile> Files { get; init; } = [];
    /// <summary>Ids of the letters that this one answers, the nearest first.</summary>
    public ImmutableArray<string> Answers { get; init; } = [];
    /// <summary>Of a bounce: the id of our letter that did not arrive, and whether it never will.</summary>
    public string? Returned { get; init; }
    public bool IsFinal { get; init; }
    /// <summary>The charset was wrong or missing and was found by trying.</summary>
    public bool IsGuessed { get; init; }
}

/// <summary>Finds in the parts of a letter what people mean by it.</summary>
public static partial class LetterReader
{
    private const int TextMax = 200_000;
    private const int HopsMax = 50;

    /// <param name="ours">Our own addresses: what comes from them and was written by a machine has been here before.</param>
    public static Letter Read(byte[] raw, IReadOnlyCollection<string> ours)
    {
        var root = MimeReader.Read(raw);
        var (address, name) = Mailbox(root.Headers.Text("Reply-To")) is ({ } reply, var called) ? (reply, called ?? Mailbox(root.Headers.Text("From")).Name) : Mailbox(root.Headers.Text("From"));
        var read = new Reading();
        read.Walk(root);
        var letter = new Letter(KindOf(root, address, ours), address, name, OneLine(root.Headers.Text("Subject") ?? ""), Id(root.Headers.Raw("Message-ID")))
        {
            Text = Tidy(read.Text), Html = read.Html.Length == 0 ? null : read.Html, Files = [.. read.Files], IsGuessed = read.Guessed,
            Answers = [.. $"{root.Headers.Raw("In-Reply-To")} {string.Join(' ', (root.Headers.Raw("References") ?? "").Split(' ').Reverse())}".Split([' ', '\t', ','], StringSplitOptions.RemoveEmptyEntries).Select(Id).OfType<string>().Distinct().Take(30)],
        };
        return letter.Kind == LetterKind.Bounce ? letter with { Returned = ReturnedId(root), IsFinal = IsFinalOf(root) } : letter;
    }

    private static LetterKind KindOf(MimePart root, string? from, IReadOnlyCollection<string> ours)
    {
        var headers = root.Headers;
        var (_, parameters) = headers.Structured("Content-Type");
        if (root.MediaType == "multipart/report" && parameters.GetValueOrDefault("report-type")?.ToLowerInvariant() is "delivery-status" or "disposition-notification") return LetterKind.Bounce;
        var local = from?.Split('@')[0].ToLowerInvariant();
        if (headers.Raw("Return-Path") is "<>" && local is "mailer-daemon" or "postmaster") return LetterKind.Bounce;
        if (headers.Count("Received") > HopsMax || (from is not null && ours.Contains(from, StringComparer.OrdinalIgnoreCase))) return LetterKind.Loop;
        var auto = headers.Raw("Auto-Submitted")?.ToLowerInvariant();
        if (auto is not null && !auto.StartsWith("no", StringComparison.Ordinal)) return LetterKind.Automatic;
        if (headers.Raw("X-Autoreply") is not null || headers.Raw("X-Autorespond") is not null || headers.Raw("Precedence")?.ToLowerInvariant() is "auto_reply" or "bulk" or "junk" or "list") return LetterKind.Automatic;
        return LetterKind.Written;
    }

    private static string? ReturnedId(MimePart root) => root.All()
        .Where(part => part.MediaType is "message/rfc822" or "text/rfc822-headers" or "message/rfc822-headers")
        .Select(part => part.Parts.Count > 0 ? part.Parts[0].Headers.Raw("Message-ID") : MimeReader.Read(part.Content).Headers.Raw("Message-ID")).Select(Id).FirstOrDefault(id => id is not null);

    // Action: failed is for good; delayed means that the other side goes on trying (RFC 3464).
    private static bool IsFinalOf(MimePart root) => root.All().Where(part => part.MediaType == "message/delivery-status").Any(part => Failed().IsMatch(System.Text.Encoding.Latin1.GetString(part.Content)));

    /// <summary>The first mailbox of a field: address and name.</summary>
    public static (string? Address, string? Name) Mailbox(string? field)
    {
        if (string.IsNullOrWhiteSpace(field)) return (null, null);
        var angle = Angle().Match(field);
        var address = angle.Success ? angle.Groups[1].Value : Bare().Match(field).Value;
        if (address.Length is < 3 or > 254 || !address.Contains('@', StringComparison.Ordinal)) return (null, null);
        var name = angle.Success ? field[..angle.Index].Trim(' ', '"', '\'', ',') : "";
        return (address.Trim(), name.Length == 0 ? null : name.Length > 100 ? name[..100] : name);
    }

    private static string? Id(string? raw) => raw is not null && Angle().Match(raw) is { Success: true } match ? match.Groups[1].Value.Trim() : null;

    private static string OneLine(string text) => White().Replace(text, " ").Trim() is var line && line.Length > 300 ? line[..300] : line;

    // Letters go on below what they answer; the quoted rest is kept in the raw letter and repeats what we wrote.
    private static string Tidy(string text)
    {
        text = text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\0', ' ');
        return (text.Length > TextMax ? text[..TextMax] : text).Trim();
    }

    private sealed class Reading
    {
        public string Text { get; private set; } = "";
        public string Html { get; private set; } = "";
        public List<LetterFile> Files { get; } = [];
        public bool Guessed { get; private set; }

        public void Walk(MimePart part)
        {
            switch (part)
            {
                case { IsMultipart: true }:
                    // The richest form stands last; all forms say the same, so the plain one is enough and the richer is kept as HTML.
                    foreach (var inner in part.Parts) Walk(inner);
                    return;
                case { MediaType: "message/rfc822" }:
                    Files.Add(new($"{part.FileName ?? "letter"}{(part.FileName?.EndsWith(".eml", StringComparison.OrdinalIgnoreCase) is true ? "" : ".eml")}", "message/rfc822", part.Content));
                    return;
                case { IsAttachment: false, MediaType: "text/plain" }:
                    if (Text.Length < TextMax) Text += (Text.Length > 0 ? "\n\n" : "") + Decoded(part);
                    return;
                case { IsAttachment: false, MediaType: "text/html" }:
                    if (Html.Length < TextMax) Html += Decoded(part);
                    return;
                case { Content.Length: > 0 }:
                    Files.Add(new(part.FileName ?? $"file-{Files.Count + 1}", part.MediaType, part.Content));
                    return;
            }
        }

        private string Decoded(MimePart part)
        {
            var (text, asDeclared) = Charsets.Decode(part.Content, part.Charset);
            Guessed |= !asDeclared;
            return text;
        }
    }

    [GeneratedRegex("<([^<>]*)>")] private static partial Regex Angle();
    [GeneratedRegex(@"[^\s,;<>()""]+@[^\s,;<>()""]+")] private static partial Regex Bare();
    [GeneratedRegex(@"\s+")] private static partial Regex White();
    [GeneratedRegex(@"^\s*Action:\s*failed", RegexOptions.IgnoreCase | RegexOptions.Multiline)] private static partial Regex Failed();
}
