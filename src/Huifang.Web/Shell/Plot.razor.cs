using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Components;

namespace Huifang.Shell;

public sealed partial class Plot
{
    /// <summary>One sentence that says what is to be seen.</summary>
    [Parameter, EditorRequired] public string Title { get; set; } = "";
    [Parameter, EditorRequired] public IReadOnlyList<string> Labels { get; set; } = [];
    [Parameter, EditorRequired] public IReadOnlyList<PlotSeries> Series { get; set; } = [];
    [Parameter] public IReadOnlyList<PlotEvent> Events { get; set; } = [];
    [Parameter] public bool Bars { get; set; }
    [Parameter] public int Height { get; set; } = 160;
    [Parameter] public string Format { get; set; } = "#,0.##";
    [Parameter] public string Unit { get; set; } = "";
    [Parameter] public string AxisName { get; set; } = "";

    private const string Left = "6%", Right = "100%", Wide = "94%";

    private double Top => Nice(Math.Max(1e-9, Series.SelectMany(one => one.Values.Concat(one.High ?? [])).Max(value => value ?? 0)));
    private IEnumerable<double> Ticks => Enumerable.Range(0, 5).Select(step => Top * step / 4);
    private int LabelStep => Math.Max(1, (int)Math.Ceiling(Labels.Count / 5.0));
    private double BarWidth => 94.0 / Math.Max(1, Labels.Count) * 0.7 / Math.Max(1, Series.Count);

    private double Y(double value) => Math.Round(14 + Height * (1 - value / Top), 1);
    private double X(int index) => Bars ? 6 + 94.0 * (index + 0.5) / Math.Max(1, Labels.Count) : 6 + 94.0 * index / Math.Max(1, Labels.Count - 1);
    private static double Last(PlotSeries one) => one.Values.Last(value => value is not null)!.Value;

    // Labels at the lines' ends keep a line of text between them, the upper ones moving up.
    private IEnumerable<(PlotSeries Series, double Y)> EndLabels()
    {
        var free = double.MaxValue;
        foreach (var one in Series.Where(one => one.Values.Any(value => value is not null)).OrderBy(Last))
        {
            free = Math.Min(Y(Last(one)) - 6, free - 16);
            yield return (one, free);
        }
    }

    private string XP(int index) => Pct(X(index));
    private double BarLeft(int index, int series) => X(index) - BarWidth * Series.Count / 2 + series * BarWidth;

    private static string Pct(double percent) => string.Create(CultureInfo.InvariantCulture, $"{percent:0.##}%");

    private string Points(IReadOnlyList<double?> values) =>
        string.Join(' ', values.Select((value, index) => (value, index)).Where(point => point.value is not null).Select(point => At(point.index, point.value!.Value)));

    private string Band(PlotSeries one) =>
        string.Join(' ', one.High!.Select((value, index) => At(index, value ?? 0)).Concat(one.Low!.Select((value, index) => At(index, value ?? 0)).Reverse()));

    private string At(int index, double value) => string.Create(CultureInfo.InvariantCulture, $"{1000.0 * index / Math.Max(1, Labels.Count - 1):0.#},{1000 * (1 - value / Top):0.#}");

    // <text> is a directive of Razor, so that element is written by hand.
    private static MarkupString Label(string x, double y, string words, string anchor, string kind = "") => new(
        string.Create(CultureInfo.InvariantCulture, $"""<text x="{x}" y="{y:0.#}" text-anchor="{anchor}" class="{kind}">{WebUtility.HtmlEncode(words)}</text>"""));

    /// <summary>The next round number at or above the largest value.</summary>
    private static double Nice(double largest)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(largest)));
        return new[] { 1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8, 10 }.First(step => step * power >= largest * 0.999) * power;
    }
}
