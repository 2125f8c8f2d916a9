using System.Globalization;
using System.Net;
using System.Text;
using Huifang.Calendars;
using Huifang.Languages;
using Huifang.Shell;
using Microsoft.AspNetCore.Components;

namespace Huifang.Planning;

/// <summary>Heat and agents' lines as SVG; all positions are attributes.</summary>
internal static class PlanDrawing
{
    private const double Left = 196, Right = 40, HeatLeft = 66, Row = 29, Line = 27, Head = 26;

    public static double Wide => 900;

    public static double HeatHigh(PlanView view) => Head + view.Span.Days * Row + 8;

    public static double LinesHigh(PlanView view) => Head + view.Agents.Count * Line + 8;

    public static MarkupString Heat(PlanView view, ZoneClock zone, Func<PlanHalfHour, string> says)
    {
        var (svg, (first, end)) = (new StringBuilder(), Hours(view));
        var wide = (Wide - HeatLeft - Right) / (end - first);
        for (var half = first; half < end; half += 2) Text(svg, HeatLeft + (half - first) * wide, 14, $"{half / 2}", "");
        for (var day = 0; day < view.Span.Days; day++)
        {
            var (date, y) = (zone.LocalDate(view.Span.At(day * PlanSpan.BlocksPerDay).AddHours(2)), Head + day * Row);
            Text(svg, 16, y + 18, $"{When.Weekday(date.DayOfWeek, PageLanguage.Current)} {date.Day}", date == zone.LocalDate(view.Now) ? "ink" : "");
            var sum = 0;
            for (var half = first; half < end; half++)
            {
                var one = view.Halves[day * PlanSpan.BlocksPerDay + half];
                sum += one.Planned + one.Promised;
                var x = HeatLeft + (half - first) * wide;
                var (kind, mark) = Kind(one);
                svg.Append(Invariant($"""<a href="/plan?at={one.At.ToUnixTimeMilliseconds()}&amp;day={date:yyyy-MM-dd}" aria-label="{WebUtility.HtmlEncode(says(one))}"><rect class="{kind}{(one.At + PlanSpan.Block <= view.Now ? " past" : "")}{(one.At == view.SelectedAt ? " sel" : "")}" x="{x + 1:0.#}" y="{y}" width="{wide - 2:0.#}" height="{Row - 3}" rx="3"><title>{WebUtility.HtmlEncode(says(one))}</title></rect>"""));
                if (mark.Length > 0) Text(svg, x + wide / 2, y + 17, mark, kind == "heat-6" ? "on-red" : "on-amber", "middle");
                svg.Append("</a>");
            }
            Text(svg, Wide - 8, y + 18, $"{sum}", "", "end");
        }
        return new(svg.ToString());
    }

    public static MarkupString Lines(PlanView view, ZoneClock zone, Func<Agent, string> can)
    {
        var (svg, (first, end)) = (new StringBuilder(), Hours(view));
        var wide = (Wide - Left - Right) / (end - first);
        for (var half = first; half < end; half += 2) Text(svg, Left + (half - first) * wide, 14, $"{half / 2}", "");
        for (var row = 0; row < view.Agents.Count; row++)
        {
            var (agent, y) = (view.Agents[row], Head + row * Line);
            Text(svg, 16, y + 16, Short(agent.Agent.Name, 11), "who");
            Text(svg, 96, y + 16, Short(can(agent.Agent), PageLanguage.Current == Language.English ? 15 : 8), "");
            for (var half = first; half < end; half++)
            {
                var kind = agent.Halves[half] switch { AgentHalf.Promised => "j", AgentHalf.Planned => "k", AgentHalf.Break => "b", AgentHalf.Off => "o", AgentHalf.Past => "p", _ => "f" };
                var at = zone.FirstAt(view.Day.ToDateTime(TimeOnly.MinValue)) + half * PlanSpan.Block;
                var rect = Invariant($"""<rect class="{kind}{(at == view.SelectedAt && kind is "k" or "j" ? " sel" : "")}" x="{Left + (half - first) * wide + 1:0.#}" y="{y + 2}" width="{wide - 2:0.#}" height="20" rx="3"/>""");
                svg.Append(kind == "k" ? Invariant($"""<a href="/plan?at={at.ToUnixTimeMilliseconds()}&amp;day={view.Day:yyyy-MM-dd}" aria-label="{WebUtility.HtmlEncode(agent.Agent.Name)} {half / 2}:{half % 2 * 30:00}">{rect}</a>""") : rect);
            }
            Text(svg, Wide - 8, y + 16, $"{agent.Planned + agent.Promised}", "", "end");
        }
        var midnight = zone.FirstAt(view.Day.ToDateTime(TimeOnly.MinValue));
        var now = (view.Now - midnight) / PlanSpan.Block;
        if (now > first && now < end) svg.Append(Invariant($"""<line class="nw" x1="{Left + (now - first) * wide:0.#}" y1="{Head - 4}" x2="{Left + (now - first) * wide:0.#}" y2="{Head + view.Agents.Count * Line}"/>"""));
        return new(svg.ToString());
    }

    /// <summary>The half hours of a day that any day of the plan uses, on whole hours.</summary>
    private static (int First, int End) Hours(PlanView view)
    {
        var used = view.Halves.Select((half, i) => (half, i)).Where(each => each.half.Places + each.half.Promised > 0).Select(each => each.i % PlanSpan.BlocksPerDay).ToList();
        return used.Count == 0 ? (18, 42) : (used.Min() / 2 * 2, Math.Min(PlanSpan.BlocksPerDay, (used.Max() + 2) / 2 * 2));
    }

    private static (string Kind, string Mark) Kind(PlanHalfHour half) =>
        half.Places + half.Promised == 0 ? ("heat-none", "") : half.Lacking > 0 && half.Planned >= half.Places ? ("heat-6", "!") : half.Load >= 1 ? ("heat-5", "▲") : ($"heat-{Math.Min(4, (int)(half.Load * 5))}", "");

    private static string Short(string words, int most) => words.Length <= most ? words : words[..(most - 1)] + "…";

    private static void Text(StringBuilder svg, double x, double y, string words, string kind, string anchor = "start") =>
        svg.Append(Invariant($"""<text class="{kind}" x="{x:0.#}" y="{y:0.#}" text-anchor="{anchor}">{WebUtility.HtmlEncode(words)}</text>"""));

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
