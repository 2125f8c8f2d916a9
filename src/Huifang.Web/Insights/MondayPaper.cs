using System.Globalization;
using Huifang.Shell;
using Microsoft.Extensions.Localization;
using PdfSharp.Drawing;

namespace Huifang.Insights;

/// <summary>The Monday page on paper, for those who read it in the meeting: the week in sentences, what changed and why we believe it, the weeks and the values in figures.</summary>
public sealed class MondayPaper(OperatorNames names, InsightWords words, IStringLocalizer<InsightText> text)
{
    public byte[] Print(MondayView view)
    {
        using var document = Paper.Document();
        document.Info.Title = text["Monday"];
        document.Language = PageLanguage.Current;
        var paper = new Paper(document);
        paper.Write($"{names.In(PageLanguage.Current)} · {text["Monday"].Value}", 15, XFontStyleEx.Bold);
        paper.Write(text["FromTo", words.Date(view.To - 6), words.Date(view.To)], 9.5);
        paper.Gap(12);
        paper.Write(text["Paper.Week", N(view.Lately.Items), N(view.Before.Items), Share(view.Lately.NegativeShare), N(view.Lately.High)], 11);
        paper.Gap(10);
        paper.Write(text["FiveChanges"], 12, XFontStyleEx.Bold);
        if (view.Changes.Count == 0) paper.Write(text["NoChanges"], 11);
        foreach (var one in view.Changes)
        {
            paper.Write($"• {words.Topic(one.Heard.Key)}  {InsightWords.Percent(one.Effect.Before)} → {InsightWords.Percent(one.Effect.After)} %", 11);
            paper.Write($"   {(one.Sure ? text["Believe", InsightWords.Points(one.Effect.From), InsightWords.Points(one.Effect.To), words.Chance(one.Effect.P)] : text["NotYet", words.Chance(one.Effect.P)])}", 9.5);
        }
        paper.Gap(10);
        paper.Write(text["Alarms"], 12, XFontStyleEx.Bold);
        if (view.Alarms.Count == 0) paper.Write(text["Say.NoAlarm"], 11);
        foreach (var alarm in view.Alarms) paper.Write($"• {words.Topic(alarm.Topic)}: {text["Paper.Alarm", words.Date(alarm.Since), InsightWords.Number(alarm.Observed), InsightWords.Number(alarm.Expected), words.Chance(alarm.P), alarm.Affected]}", 11);
        paper.Gap(10);
        paper.Write(text["PerWeek"], 12, XFontStyleEx.Bold);
        foreach (var week in view.Weeks) paper.Write(text["Paper.Line", words.Date(week.Monday), N(week.Items), Share(week.NegativeShare), N(week.High), week.Rating?.ToString("0.00", CultureInfo.InvariantCulture) ?? "—"], 9.5);
        foreach (var dim in view.Values.GroupBy(one => one.Dim))
        {
            paper.Gap(8);
            paper.Write(text[$"Dim.{dim.Key}"], 12, XFontStyleEx.Bold);
            foreach (var one in dim.Take(8)) paper.Write(text["Paper.Value", words.Value(one.Dim, one.Value), N(one.Items), Share(one.Negative), double.IsNaN(one.Usual) ? "—" : Share(one.Usual)], 9.5);
        }
        using var stream = new MemoryStream();
        document.Save(stream);
        return stream.ToArray();
    }

    private static string N(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
    private static string Share(double? share) => share is { } one ? $"{InsightWords.Percent(one)} %" : "—";
}
