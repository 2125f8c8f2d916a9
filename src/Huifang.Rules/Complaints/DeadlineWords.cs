using System.Globalization;
using Huifang.Calendars;
using Huifang.Languages;

namespace Huifang.Complaints;

/// <summary>Puts a deadline into sentences that a compliance officer can defend.</summary>
public sealed class DeadlineWords(string language)
{
    /// <summary>From what, by which rule, what was counted and what was not.</summary>
    public string Explain(Deadline deadline)
    {
        var (rule, zone) = (deadline.Rule, deadline.Pack.Time.Zone);
        var begun = zone.LocalTime(deadline.From);
        var due = zone.LocalTime(deadline.DueAt);
        var sentence = In(
            $"从{Start(rule.From)}（{Date(begun)} {Time(begun)}，{zone.Id}）起 {Length(rule)}，最晚 {Date(due)} {Time(due)}。",
            $"由{Start(rule.From)}（{Date(begun)} {Time(begun)}，{zone.Id}）起 {Length(rule)}，最遲 {Date(due)} {Time(due)}。",
            $"{Length(rule)} from {Start(rule.From)} ({Date(begun)} {Time(begun)}, {zone.Id}): due by {Date(due)} {Time(due)}.");
        var parts = new List<string> { sentence };
        if (deadline.Days.Any(day => day.Treatment == DayTreatment.DayZero) && rule.Unit is not ClockUnit.Months)
            parts.Add(In("当天不算。", "當天不計。", "The day itself is not counted."));
        foreach (var group in deadline.Skipped.Where(day => day.Treatment != DayTreatment.DayZero).GroupBy(day => day.Treatment))
            parts.Add(Skipped(group.Key, group.Count(), group.Key is DayTreatment.Holiday or DayTreatment.RolledOver ? string.Join(In("、", "、", ", "), group.Select(day => day.Name!.In(language)).Distinct()) : null));
        if (deadline.Counted.Count(day => day.Treatment == DayTreatment.CountedMakeUp) is > 0 and var made)
            parts.Add(In($"补班 {made} 天算工作日。", $"補班 {made} 天計作工作日。", $"{made} make-up working {Days(made)} counted."));
        if (deadline.IsProvisional)
            parts.Add(In("跨到还没公布放假安排的年份，先按最早的算（暂定），公布后只会更晚。", "跨至尚未公布假期安排的年份，先按最早的計算（暫定），公布後只會更遲。", "It runs into a year whose days off are not published; until they are, it is provisional at the earliest it can be and may only move later."));
        return string.Join(In("", "", " "), parts);
    }

    public string Length(ClockRule rule) => rule.Unit switch
    {
        ClockUnit.Minutes => In($"{rule.Amount} 分钟", $"{rule.Amount} 分鐘", $"{rule.Amount} minutes"),
        ClockUnit.Hours => In($"{rule.Amount} 小时", $"{rule.Amount} 小時", rule.Amount == 1 ? "1 hour" : $"{rule.Amount} hours"),
        ClockUnit.WorkingHours => In($"{rule.Amount} 个工作小时", $"{rule.Amount} 個工作小時", $"{rule.Amount} working hours"),
        ClockUnit.WorkingDays => In($"{rule.Amount} 个工作日", $"{rule.Amount} 個工作日", $"{rule.Amount} business {Days(rule.Amount)}"),
        ClockUnit.Days => In($"{rule.Amount} 日", $"{rule.Amount} 日", $"{rule.Amount} calendar {Days(rule.Amount)}"),
        ClockUnit.Weeks => In($"{rule.Amount} 周", $"{rule.Amount} 週", $"{rule.Amount} weeks"),
        ClockUnit.Months => In($"{rule.Amount} 个月", $"{rule.Amount} 個月", $"{rule.Amount} months"),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    public string Start(ClockStart start) => start switch
    {
        ClockStart.Received => In("收到投诉", "收到投訴", "receipt"),
        ClockStart.Updated => In("上次告诉客户", "上次告知客戶", "the last word to the customer"),
        ClockStart.Credited => In("先行入账", "先行入帳", "the provisional credit"),
        ClockStart.Determined => In("查明差错", "查明差錯", "the determination of an error"),
        ClockStart.Investigated => In("查完", "查完", "the end of the investigation"),
        ClockStart.Answered => In("最终答复", "最終答覆", "the final answer"),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>Why a day was or was not counted.</summary>
    public string Day(DeadlineDay day) => day.Treatment switch
    {
        DayTreatment.DayZero => In("当天，不算", "當天，不計", "the day itself, not counted"),
        DayTreatment.Counted => In($"第 {day.Number} 天", $"第 {day.Number} 天", $"day {day.Number}"),
        DayTreatment.CountedMakeUp => In($"补班，第 {day.Number} 天", $"補班，第 {day.Number} 天", $"make-up working day, day {day.Number}"),
        DayTreatment.CountedUnconfirmed => In($"放假安排没公布，先算作第 {day.Number} 天", $"假期安排未公布，先計作第 {day.Number} 天", $"not announced yet, counted as day {day.Number} for now"),
        DayTreatment.Weekend => In("周末，不算", "週末，不計", "weekend, not counted"),
        DayTreatment.Holiday => In($"{day.Name?.In(language)}，不算", $"{day.Name?.In(language)}，不計", $"{day.Name?.In(language)}, not counted"),
        DayTreatment.Stopped => In("停钟，不算", "停鐘，不計", "the clock stood still, not counted"),
        DayTreatment.LateReceipt => In("非营业时间收到，从下一工作日算", "非營業時間收到，由下一工作日計", "received out of hours, counted from the next business day"),
        DayTreatment.RolledOver => In($"末日是{day.Name?.In(language)}，顺延", $"末日為{day.Name?.In(language)}，順延", $"the last day would be {day.Name?.In(language)}, so it moves on"),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private string Skipped(DayTreatment why, int count, string? names) => why switch
    {
        DayTreatment.Weekend => In($"跳过周末 {count} 天。", $"跳過週末 {count} 天。", $"{count} weekend {Days(count)} skipped."),
        DayTreatment.Holiday => In($"跳过假日 {count} 天（{names}）。", $"跳過假日 {count} 天（{names}）。", $"{count} public {(count == 1 ? "holiday" : "holidays")} skipped ({names})."),
        DayTreatment.Stopped => In($"停钟 {count} 天不算。", $"停鐘 {count} 天不計。", $"{count} {Days(count)} not counted while the clock stood still."),
        DayTreatment.LateReceipt => In("非营业时间收到，从下一工作日算起。", "非營業時間收到，由下一工作日起計。", "Received out of hours, so it counts from the next business day."),
        DayTreatment.RolledOver => In($"末日落在{names}，顺延 {count} 天。", $"末日為{names}，順延 {count} 天。", $"The last day fell on {names} and moves on by {count} {Days(count)}."),
        _ => "",
    };

    private static string Days(int count) => count == 1 ? "day" : "days";

    private string Date(DateTime local) => language == Language.English
        ? local.ToString("ddd d MMMM yyyy", CultureInfo.InvariantCulture)
        : $"{local.Year} 年 {local.Month} 月 {local.Day} 日{When.Weekday(local.DayOfWeek, language)}";

    private static string Time(DateTime local) => local.ToString("HH:mm", CultureInfo.InvariantCulture);

    private string In(string hans, string hant, string en) => language switch { Language.Traditional => hant, Language.English => en, _ => hans };
}
