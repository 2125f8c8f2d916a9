using System.Globalization;
using Huifang.Languages;
using Huifang.Money;
using Huifang.Shell;
using Microsoft.Extensions.Localization;

namespace Huifang.Complaints;

/// <summary>Clocks, money, people and steps of complaints in the reader's words.</summary>
public sealed class ComplaintWords(IStringLocalizer<ComplaintText> t, DateTimeOffset now, TimeZoneInfo zone)
{
    public static string L => PageLanguage.Current;

    public string Kind(ClockKind kind) => t[$"Kind.{kind}"];

    /// <summary>How long is left in working time, or by how much it is over; met and stopped say so.</summary>
    public string Left(RunningClock clock, ComplaintPack pack) => clock switch
    {
        { MetAt: { } met, State: ClockState.Met } => t["Clock.Met", When.Lasting(met - clock.FromAt, L)],
        { State: ClockState.Missed, MetAt: { } met } => t["Clock.MetLate", When.Lasting(met - clock.DueAt, L)],
        { State: ClockState.Stopped } => t["Clock.Stopped"],
        { State: ClockState.Replaced } => t["Clock.Replaced"],
        _ when clock.DueAt < now => t["Clock.Over", When.Lasting(now - clock.DueAt, L)],
        _ => t[clock.Provisional ? "Clock.LeftProvisional" : "Clock.Left", Working(pack.Time.Between(now, clock.DueAt), pack, clock.DueAt), At(clock.DueAt)],
    };

    public string ShortLeft(RunningClock clock, ComplaintPack pack) =>
        clock.State == ClockState.Stopped ? t["Clock.Stopped"] : clock.DueAt < now ? t["Clock.Over", When.Lasting(now - clock.DueAt, L)] : t["Clock.LeftShort", Working(pack.Time.Between(now, clock.DueAt), pack, clock.DueAt)];

    private string Working(TimeSpan left, ComplaintPack pack, DateTimeOffset due)
    {
        var day = pack.Time.Closes - pack.Time.Opens;
        return left == TimeSpan.Zero ? When.Lasting(due - now, L) : left >= day ? t["WorkingDays", (int)(left / day)] : When.Lasting(left, L);
    }

    public static string Tone(RunningClock clock, double used, DateTimeOffset now) => clock switch
    {
        { State: ClockState.Met } => "met",
        { State: ClockState.Stopped } => "stopped",
        { State: ClockState.Missed } => "over",
        { State: ClockState.Replaced } => "stopped",
        _ when clock.DueAt < now => "over",
        _ when used >= .8 => "due",
        _ => "",
    };

    public double Used(RunningClock clock, ComplaintPack pack)
    {
        if (clock.MetAt is not null || clock.DueAt < now) return 1;
        var whole = pack.Time.Between(clock.FromAt, clock.DueAt);
        return whole == TimeSpan.Zero ? (now - clock.FromAt) / (clock.DueAt - clock.FromAt) : 1 - pack.Time.Between(now, clock.DueAt) / whole;
    }

    /// <summary>The rule as it is cited on a chip: pack and length.</summary>
    public static string Rule(RunningClock clock, ComplaintPack pack) =>
        pack.Clock(clock.Clock) is { } rule ? $"{(clock.Own ? "" : $"{pack.Id} ")}{new DeadlineWords(L).Length(rule)}".Trim() : clock.Clock;

    public string At(DateTimeOffset at) => When.Instant(at, now, zone, L);

    public string Exact(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, zone).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    public string Day(DateTimeOffset at) => When.Day(DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, zone).DateTime), When.Today(now, zone), L);

    public string Time(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, zone).ToString("HH:mm", CultureInfo.InvariantCulture);

    public static string Money(long? amount, string? currency) => amount is not { } minor || currency is null ? "—" : $"{Sign(currency)}{Currency.Units(minor, currency).ToString($"N{Currency.MinorDigits(currency)}", CultureInfo.InvariantCulture)}";

    private static string Sign(string currency) => currency switch { "CNY" => "¥ ", "USD" => "US$ ", "GBP" => "£ ", "EUR" => "€ ", "HKD" => "HK$ ", "SGD" => "S$ ", "TWD" => "NT$ ", _ => $"{currency} " };

    public string Category(Complaint complaint) => complaint.Category is null ? t["NoCategory"] : ComplaintTaxonomy.Topic(complaint.Category, complaint.Subcategory, L);

    /// <summary>A step of the story in a sentence.</summary>
    public string Step(StoryLine line, Func<string, string> name)
    {
        string V(string key) => line.Data.GetValueOrDefault(key, "");
        return line.Kind switch
        {
            "complaint.filed" => t["Step.filed", t[$"Door.{V("door")}"]],
            "complaint.assigned" => t["Step.assigned", name(V("owner"))],
            "complaint.money-proposed" or "complaint.money-given" or "complaint.money-declined" or "complaint.done-for-her" => t[$"Step.{line.Kind["complaint.".Length..]}", t[$"Resolution.{V("what")}"], long.TryParse(V("amount"), out var minor) ? Money(minor, V("currency")) : ""],
            "complaint.extended" => t["Step.extended", DateTimeOffset.TryParse(V("dueAt"), CultureInfo.InvariantCulture, DateTimeStyles.None, out var due) ? At(due) : ""],
            "complaint.warned" => t["Step.warned", double.TryParse(V("share"), CultureInfo.InvariantCulture, out var share) ? (share * 100).ToString("0", CultureInfo.InvariantCulture) : ""],
            "complaint.escalated" => t["Step.escalated", V("to")],
            "complaint.breached" => t["Step.breached", t[$"Kind.{V("kind")}"]],
            "complaint.resolved" => t["Step.resolved", t[$"Outcome.{V("outcome")}"]],
            "complaint.merged" or "complaint.split" => t[$"Step.{line.Kind["complaint.".Length..]}", V("intoNumber")],
            "complaint.merged-in" or "complaint.split-from" => t[$"Step.{line.Kind["complaint.".Length..]}", V("from")],
            "complaint.letter" => t["Step.letter", V("version")],
            _ => t[$"Step.{line.Kind["complaint.".Length..]}"],
        };
    }

    public static string Icon(string kind) => kind switch
    {
        "complaint.filed" => "circle-check", "complaint.assigned" => "user", "complaint.assessed" => "flag", "complaint.investigating" => "search", "complaint.said" => "message", "complaint.told" => "send",
        "complaint.stopped" => "player-pause", "complaint.resumed" => "player-play", "complaint.extended" => "calendar-time", "complaint.clock-moved" or "complaint.looser" => "clock", "complaint.warned" => "bell", "complaint.breached" => "alert-triangle",
        "complaint.escalated" => "arrow-up-right", "complaint.task" => "list-check", "complaint.task-done" => "square-check", "complaint.note" or "complaint.mentioned" => "note", "complaint.letter" => "mail",
        "complaint.money-proposed" or "complaint.money-given" or "complaint.money-declined" => "coin", "complaint.done-for-her" => "tools", "complaint.resolved" => "mail", "complaint.closed" => "lock", "complaint.withdrawn" or "complaint.set-aside" => "x",
        "complaint.merged" or "complaint.merged-in" or "complaint.joined" => "git-merge", "complaint.split" or "complaint.split-from" => "git-branch", "complaint.reopened" or "complaint.appealed" => "refresh", _ => "point",
    };
}
