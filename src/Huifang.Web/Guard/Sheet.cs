using System.Globalization;
using System.Text.RegularExpressions;
using CsvHelper;
using CsvHelper.Configuration;

namespace Huifang.Guard;

/// <summary>
/// The one writer of CSV that people open in a spreadsheet: a cell that a spreadsheet would take for a formula gets an apostrophe before it, so that what a customer wrote
/// is never run on an analyst's machine. A number below nought is no formula and stays a number: "−0.12" with an apostrophe would be text that no sum counts.
/// Source: RFC 4180; OWASP ASVS 5.0 V1.2.10.
/// </summary>
public static class Sheet
{
    // Full-width forms are read as formulas by spreadsheets with East Asian input.
    private static readonly CsvConfiguration Rules = new(CultureInfo.InvariantCulture)
    {
        InjectionOptions = InjectionOptions.Escape, InjectionCharacters = ['=', '+', '-', '@', '\t', '\r', '\n', '\0', '＝', '＋', '－', '＠'], NewLine = "\r\n",
    };

    public static CsvWriter Writer(TextWriter to) => new SheetWriter(to, Rules);
}

/// <summary>Leaves plain negative numbers as they are; everything else goes by the configuration.</summary>
internal sealed partial class SheetWriter(TextWriter to, CsvConfiguration rules) : CsvWriter(to, rules)
{
    protected override string? SanitizeForInjection(string? field) => field is not null && Negative().IsMatch(field) ? field : base.SanitizeForInjection(field);

    // A minus, digits, at most one point and one exponent, and nothing before or after: no operator, name or blank can hide in it.
    [GeneratedRegex(@"\A-[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Negative();
}
