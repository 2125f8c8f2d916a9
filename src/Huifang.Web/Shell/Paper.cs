using PdfSharp.Drawing;
using PdfSharp.Fonts;
using PdfSharp.Pdf;

namespace Huifang.Shell;

/// <summary>Writes from the top, on as many pages as it takes. Chinese breaks between any two signs, so lines are measured here.</summary>
public sealed class Paper(PdfDocument document)
{
    private const double Margin = 64, Line = 19;
    private static readonly Lock Once = new();

    /// <summary>An empty document that can hold Chinese.</summary>
    public static PdfDocument Document()
    {
        lock (Once) GlobalFontSettings.FontResolver ??= new PaperFonts();
        return new PdfDocument();
    }

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
