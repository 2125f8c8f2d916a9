using System.Globalization;
using Huifang.Languages;
using Huifang.Shell;
using PdfSharp.Drawing;

using PdfSharp.Pdf;

namespace Huifang.Complaints;

/// <summary>A beginning for an answer, filled with what this complaint knows.</summary>
internal static class LetterDrafts
{
    public static string Of(string key, ComplaintView view, OperatorNames @operator)
    {
        var language = view.Complaint.Language;
        var given = view.Redress.LastOrDefault(one => one is { State: RedressDesk.Given, Amount: not null });
        return LetterTemplates.Fill(key, language, new Dictionary<string, string>
        {
            ["name"] = view.Customer?.Name is { Length: > 0 } name ? name : language == Language.English ? "customer" : language == Language.Traditional ? "您" : "您",
            ["number"] = view.Complaint.Number,
            ["money"] = given is null ? LetterTemplates.Blank : ComplaintWords.Money(given.Amount, given.Currency),
            ["owner"] = view.Names.GetValueOrDefault(view.Complaint.OwnerId, ""),
            ["operator"] = @operator.In(language),
        });
    }
}

/// <summary>Prints the final answer: what the owner wrote, and at the end what the pack demands. Letters in Chinese carry their font with them.</summary>
public sealed class LetterPaper(OperatorNames names)
{
    public byte[] Print(ComplaintView view, ComplaintLetter letter)
    {
        using var document = Paper.Document();
        document.Info.Title = view.Complaint.Number;
        document.Info.Author = names.In(letter.Language);
        document.Language = letter.Language;
        var paper = new Paper(document);
        paper.Write(names.In(letter.Language), 15, XFontStyleEx.Bold);
        paper.Write($"{view.Complaint.Number} · {(letter.SentAt ?? letter.WrittenAt).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}", 9.5);
        paper.Gap(18);
        foreach (var paragraph in letter.Body.Split('\n', StringSplitOptions.RemoveEmptyEntries)) { paper.Write(paragraph, 11); paper.Gap(6); }
        paper.Gap(10);
        paper.Rule();
        paper.Write(letter.Referral, 10);
        using var stream = new MemoryStream();
        document.Save(stream);
        return stream.ToArray();
    }
}
