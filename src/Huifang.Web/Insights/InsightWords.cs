using System.Globalization;
using Huifang.Feedback;
using Huifang.Languages;
using Huifang.Shell;
using Microsoft.Extensions.Localization;

namespace Huifang.Insights;

/// <summary>Puts topics, shares and chances into the reader's words.</summary>
public sealed class InsightWords(IStringLocalizer<InsightText> text, IStringLocalizer<FeedbackText> sources, StaffClock clock)
{
    public string this[string key, params object[] values] => text[key, values];

    /// <summary>The name of a topic or an upper class, "not sure" for what the model would not decide.</summary>
    public static string Topic(IStringLocalizer<InsightText> text, string key) => key == Insight.Unsure ? text["Unsure"] : key == Insight.NoWords ? text["RatingOnly"] : Taxonomy.Shipped.NameOf(key, PageLanguage.Current);

    public string Topic(string key) => Topic(text, key);

    public string Value(string dim, string value) => dim switch
    {
        Dims.Source => FeedbackWordsOf.Source(sources, value),
        Dims.Language => text[$"Language.{value}"] is { ResourceNotFound: false } known ? known.Value : value,
        _ => value,
    };

    public string Source(string source) => FeedbackWordsOf.Source(sources, source);

    public static string Percent(double share) => (100 * share).ToString("0.0", CultureInfo.InvariantCulture);

    /// <summary>A change in percentage points with its sign: +11.2, −0.8, 0.</summary>
    public static string Points(double change) => Math.Abs(change) < 0.0005 ? "0" : $"{(change > 0 ? "+" : "−")}{(100 * Math.Abs(change)).ToString("0.0", CultureInfo.InvariantCulture)}";

    /// <summary>How likely by chance, as people say it.</summary>
    public string Chance(double p) => p < 1e-6 ? text["P.Million"] : p < 1e-3 ? text["P.Thousand"] : text["P.Percent", (100 * p).ToString("0.0", CultureInfo.InvariantCulture)];

    public static string Day(long day) => InsightDay.Date(day) is var date ? $"{date.Month}/{date.Day}" : "";

    public string Date(long day) => When.Date(InsightDay.Date(day), PageLanguage.Current);

    public string Instant(DateTimeOffset at) => clock.Local(at).ToString("MM-dd HH:mm", CultureInfo.InvariantCulture);

    public static string Number(double value) => value.ToString("#,0.#", CultureInfo.InvariantCulture);
}
