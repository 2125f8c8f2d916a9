using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;

namespace Huifang.Guard;

/// <summary>
/// The one writer of CSV that people open in a spreadsheet: a cell that a spreadsheet would take for a formula gets an apostrophe before it, so that what a customer wrote
/// is never run on an analyst's machine. Source: RFC 4180; OWASP ASVS 5.0 V1.2.10.
/// </summary>
public static class Sheet
{
    // Full-width forms are read as formulas by spreadsheets with East Asian input.
    private static readonly CsvConfiguration Rules = new(CultureInfo.InvariantCulture)
    {
        InjectionOptions = InjectionOptions.Escape, InjectionCharacters = ['=', '+', '-', '@', '\t', '\r', '\n', '\0', '＝', '＋', '－', '＠'], NewLine = "\r\n",
    };

    public static CsvWriter Writer(TextWriter to) => new(to, Rules);
}
