using System.Globalization;
using System.Net;
using Huifang.Languages;
using Huifang.Shell;
using Microsoft.AspNetCore.Components;

namespace Huifang.Planning;

/// <summary>The week as an SVG: a row an agent, a column a day from 7 to 22 o'clock; below, how many slots each day has. All positions are attributes.</summary>
internal static class WeekDrawing
{
    private const double Left = 112, DayWide = 120, RowHigh = 40, Head = 44, FromHour = 7, Hours = 15;

    public static double Wide => Left + 7 * DayWide;

    public static double High(PeopleView view) => Head + view.Agents.Count * RowHigh + 64;

    public static MarkupString Draw(PeopleView view, Func<int, string> slotWords, Func<TimeKind, string> kindWords)
    {
        var svg = new System.Text.StringBuilder();
        for (var day = 0; day < 7; day++) Column(svg, view, day);
        Line(svg, 0, Head, Wide, Head);
        for (var row = 0; row < view.Agents.Count; row++) Row(svg, view, row, kindWords);
        for (var day = 0; day < 7; day++)
        {
            var (free, promised) = view.SlotsOn(view.Monday.AddDays(day));
            Text(svg, Left + day * DayWide + 8, Head + view.Agents.Count * RowHigh + 24, $"{free + promised}", "ink");
            Text(svg, Left + day * DayWide + 8, Head + view.Agents.Count * RowHigh + 42, slotWords(promised), "");
        }
        if (view.Today >= view.Monday && view.Today < view.Monday.AddDays(7))
        {
            var x = X(view, view.Today.DayNumber - view.Monday.DayNumber, view.Now);
            svg.Append(Invariant($"""<line class="nw" x1="{x:0.#}" y1="{Head}" x2="{x:0.#}" y2="{Head + view.Agents.Count * RowHigh}"/>"""));
        }
        return new(svg.ToString());
    }

    private static void Column(System.Text.StringBuilder svg, PeopleView view, int day)
    {
        var (date, x) = (view.Monday.AddDays(day), Left + day * DayWide);
        if (date == view.Today) svg.Append(Invariant($"""<rect class="tod" x="{x}" y="0" width="{DayWide}" height="{High(view)}"/>"""));
        Text(svg, x + 8, 18, $"{When.Weekday(date.DayOfWeek, PageLanguage.Current)} {date.Day}", date == view.Today ? "ink" : "hd");
        foreach (var hour in new[] { 8, 14, 20 }) Text(svg, x + (hour - FromHour) / Hours * DayWide, 36, $"{hour}", "", "middle");
        Line(svg, x, 0, x, High(view));
    }

    private static void Row(System.Text.StringBuilder svg, PeopleView view, int row, Func<TimeKind, string> words)
    {
        var (agent, y) = (view.Agents[row], Head + row * RowHigh);
        if (agent.Id == view.Agent?.Id) svg.Append(Invariant($"""<rect class="rowon" x="0" y="{y}" width="{Wide}" height="{RowHigh}"/>"""));
        svg.Append(Invariant($"""<a href="/people?week={view.Monday:yyyy-MM-dd}&amp;agent={WebUtility.UrlEncode(agent.Id)}">"""));
        Text(svg, 12, y + 18, agent.Name, "who");
        Text(svg, 12, y + 33, string.Join(' ', agent.Skills.Take(2)), "");
        svg.Append("</a>");
        for (var day = 0; day < 7; day++)
        {
            var date = view.Monday.AddDays(day);
            svg.Append(Invariant($"""<a href="/people?week={view.Monday:yyyy-MM-dd}&amp;agent={WebUtility.UrlEncode(agent.Id)}&amp;day={date:yyyy-MM-dd}" aria-label="{WebUtility.HtmlEncode(agent.Name)} {date:MM-dd}"><rect class="hit" x="{Left + day * DayWide}" y="{y}" width="{DayWide}" height="{RowHigh}"/>"""));
            svg.Append("</a>");
            foreach (var time in view.Of(agent.Id, date).OrderBy(time => time.Kind)) Bar(svg, view, agent, date, time, y, words);
        }
        Line(svg, 0, y + RowHigh, Wide, y + RowHigh);
    }

    /// <summary>A stretch of time. Its minutes stand in it for the island that drags it; those of the chosen agent can be reached by Tab.</summary>
    private static void Bar(System.Text.StringBuilder svg, PeopleView view, Agent agent, DateOnly date, AgentTime time, double y, Func<TimeKind, string> words)
    {
        var day = date.DayNumber - view.Monday.DayNumber;
        var (from, to) = (X(view, day, time.From), X(view, day, time.To));
        var kind = time.Kind switch { TimeKind.Shift => "sh", TimeKind.Break => "brk", TimeKind.Meeting => "mt", TimeKind.Training => "tr", _ => "lv" };
        var midnight = date.ToDateTime(TimeOnly.MinValue);
        var (starts, ends) = ((view.Zone.LocalTime(time.From) - midnight).TotalMinutes, (view.Zone.LocalTime(time.To) - midnight).TotalMinutes);
        var says = $"{agent.Name} {words(time.Kind)} {view.Clock(time.From)}–{view.Clock(time.To)}";
        var reach = view.MayEdit && agent.Id == view.Agent?.Id ? " tabindex=\"0\" role=\"button\"" : "";
        svg.Append(Invariant($"""<rect class="{kind}" x="{from:0.#}" y="{y + 10}" width="{Math.Max(3, to - from):0.#}" height="20" rx="{(kind == "sh" ? 4 : 0)}" data-agent="{WebUtility.HtmlEncode(agent.Id)}" data-day="{date:yyyy-MM-dd}" data-kind="{time.Kind}" data-from="{starts:0}" data-to="{ends:0}" aria-label="{WebUtility.HtmlEncode(says)}"{reach}><title>{WebUtility.HtmlEncode(says)}</title></rect>"""));
    }

    private static double X(PeopleView view, int day, DateTimeOffset at)
    {
        var midnight = view.Monday.AddDays(day).ToDateTime(TimeOnly.MinValue);
        var hour = (view.Zone.LocalTime(at) - midnight).TotalHours;
        return Left + day * DayWide + Math.Clamp((hour - FromHour) / Hours, 0, 1) * DayWide;
    }

    private static void Line(System.Text.StringBuilder svg, double x1, double y1, double x2, double y2) => svg.Append(Invariant($"""<line class="ln" x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}"/>"""));

    private static void Text(System.Text.StringBuilder svg, double x, double y, string words, string kind, string anchor = "start") =>
        svg.Append(Invariant($"""<text class="{kind}" x="{x:0.#}" y="{y:0.#}" text-anchor="{anchor}">{WebUtility.HtmlEncode(words)}</text>"""));

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
