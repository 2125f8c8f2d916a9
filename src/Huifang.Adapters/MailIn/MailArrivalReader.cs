using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Huifang.Complaints;
using Huifang.Mail;

namespace Huifang.MailIn;

/// <summary>Makes a complaint of a letter: its words, its sender as somebody who is not believed, its files.</summary>
public sealed partial class MailArrivalReader(MailNames names) : IArrivalReader
{
    public const string ContentType = "message/rfc822";

    private static readonly HtmlParser Html = new();

    public bool Reads(string contentType) => contentType == ContentType;

    public ArrivalReading Read(Arrival arrival, byte[] raw)
    {
        var letter = LetterReader.Read(raw, names.Addresses);
        switch (letter.Kind)
        {
            case LetterKind.Bounce: return new ArrivalReading.Aside("bounce");
            case LetterKind.Loop: return new ArrivalReading.Aside("mail loop");
            // An absence note that answers us. Any other letter of a machine may be a regulator's: a person reads it.
            case LetterKind.Automatic when letter.Answers.Any(names.Made): return new ArrivalReading.Aside("automatic answer");
        }
        var words = letter.Text.Length > 0 ? letter.Text : letter.Html is { } html ? Words(html) : "";
        if (words.Length == 0 && letter.Files.Length == 0 && letter.Subject.Length == 0) return new ArrivalReading.Unreadable("a letter without words");
        var files = letter.Files.Take(ComplaintRules.FilesMax).Where(file => file.Content.Length <= ComplaintRules.FileBytesMax).Select(file => new DraftFile(file.Name, file.MediaType, file.Content));
        return new ArrivalReading.Read(new ComplaintDraft(ComplaintDoor.Email, words.Length > 0 ? words : letter.Subject.Length > 0 ? letter.Subject : "—")
        {
            Subject = letter.Subject.Length > 0 ? letter.Subject : null, Email = letter.From, Name = letter.FromName, Files = [.. files], About = Number().Match(letter.Subject) is { Success: true } number ? number.Value : null,
        });
    }

    /// <summary>The words of an HTML letter: what a reader sees, block by block, without styles, scripts and pictures that phone home.</summary>
    public static string Words(string html)
    {
        using var page = Html.ParseDocument(html);
        foreach (var hidden in page.QuerySelectorAll("script, style, head, template, noscript, title")) hidden.Remove();
        foreach (var block in page.QuerySelectorAll("p, div, br, tr, li, h1, h2, h3, h4, h5, h6, blockquote, table").ToList()) block.Before(page.CreateTextNode("\n"));
        foreach (var cell in page.QuerySelectorAll("td, th").ToList()) cell.Before(page.CreateTextNode(" "));
        var text = page.Body?.TextContent ?? "";
        return Lines().Replace(Spaces().Replace(text.Replace('\u00A0', ' '), " "), "\n\n").Trim();
    }

    [GeneratedRegex(@"\b20\d\d-\d{4}-\d{4,}\b")] private static partial Regex Number();
    [GeneratedRegex(@"[ \t]+")] private static partial Regex Spaces();
    [GeneratedRegex(@"(?: ?\n ?){2,}")] private static partial Regex Lines();
}
