using System.Globalization;
using Huifang.Languages;
using Huifang.Shell;
using PdfSharp.Drawing;
using PdfSharp.Drawing.Layout;
using PdfSharp.Fonts;
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
    private const double Margin = 64, Line = 19;
    private static readonly Lock Once = new();

    public byte[] Print(ComplaintView view, ComplaintLetter letter)
    {
        lock (Once) GlobalFontSettings.FontResolver ??= new PaperFonts();
        using var document = new PdfDocument();
        document.Info.Title = view.Complaint.Number;
        document.Info.Author = names.In(letter.Language);
        document.Language = letter.Language;
        var paper = new Sheet(document);
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

    /// <summary>Writes from the top, on as many pages as it takes. Chinese breaks between any two signs, so lines are measured here.</summary>
    private sealed class Sheet(PdfDocument document)
    {
        private XGraphics _page = null!;
        private double _y = double.MaxValue, _width, _height;

        public void Write(string text, double size, XFontStyleEx style = XFontStyleEx.Regular)
        {
            var font = new XFont("paper", size, style);
            var step = Line * size / 11;
            var rest = text.AsSpan();
            while (rest.Length > 0)
            {
                Room(step);
                var take = Fits(rest, font);
                _page.DrawString(rest[..take].TrimEnd().ToString(), font, XBrushes.Black, Margin, _y + size);
                _y += step;
                rest = rest[take..].TrimStart();
            }
        }

        public void Gap(double height) => _y += height;

        public void Rule()
        {
            Room(Line);
            _page.DrawLine(new XPen(XColors.Gray, .5), Margin, _y, _width - Margin, _y);
            _y += 12;
        }

        private void Room(double step)
        {
            if (_y + step <= _height - Margin) return;
            var page = document.AddPage();
            page.Size = PdfSharp.PageSize.A4;
            (_page, _width, _height, _y) = (XGraphics.FromPdfPage(page), page.Width.Point, page.Height.Point, Margin);
        }

        private int Fits(ReadOnlySpan<char> text, XFont font)
        {
            var most = _width - 2 * Margin;
            var (low, high) = (1, text.Length);
            while (low < high)
            {
                var middle = (low + high + 1) / 2;
                if (_page.MeasureString(text[..middle].ToString(), font).Width <= most) low = middle; else high = middle - 1;
            }
            if (low == text.Length) return low;
            // Latin words stay whole; punctuation never begins a line; a surrogate pair stays together.
            var cut = low;
            while (cut > low / 2 && ((char.IsAsciiLetterOrDigit(text[cut - 1]) && char.IsAsciiLetterOrDigit(text[cut])) || "，。；：、！？」）”".Contains(text[cut], StringComparison.Ordinal) || char.IsLowSurrogate(text[cut]))) cut--;
            return cut > low / 2 ? cut : low;
        }
    }
}

/// <summary>The font of letters. It has to hold Chinese; where none is installed, the operator names one by HUIFANG_LETTER_FONT.</summary>
internal sealed class PaperFonts : IFontResolver
{
    // PDFsharp reads TrueType outlines in single files; collections and PostScript outlines it does not.
    private static readonly string[] Known =
    [
        "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttf", "/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf", "/usr/share/fonts/truetype/arphic/uming.ttf",
    ];

    public FontResolverInfo? ResolveTypeface(string familyName, bool isBold, bool isItalic) => new("paper", isBold, isItalic);

    public byte[]? GetFont(string faceName)
    {
        var asked = Environment.GetEnvironmentVariable("HUIFANG_LETTER_FONT");
        return new[] { asked }.Concat(Known).FirstOrDefault(path => path is not null && File.Exists(path)) is { } found ? File.ReadAllBytes(found)
            : throw new FileNotFoundException("No font for letters was found. Install fonts-droid-fallback or name a TrueType font that holds Chinese by HUIFANG_LETTER_FONT.");
    }
}
