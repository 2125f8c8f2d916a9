using Huifang.Languages;
using Huifang.Messages;
using Huifang.Planning;
using Huifang.Shell;
using Microsoft.Extensions.Localization;

namespace Huifang.Booking;

/// <summary>Times and names of one follow-up in the language of the page and the customer's local time.</summary>
public sealed class BookingWords(BookingView view, IStringLocalizer<BookingText> texts)
{
    private static string Language => PageLanguage.Current;

    public string Topic => Topics.Of(view.FollowUp.RuleKey).In(Language);

    public string Cause => texts[$"Why.{view.FollowUp.RuleKey}"] is { ResourceNotFound: false } known ? known : texts["Why.usual"];

    public string Agent => view.AgentName ?? texts["Somebody"];

    /// <summary>What stands in the round picture: a Chinese name's first character, else the initials.</summary>
    public string Face => view.AgentName is not { Length: > 0 } name ? "☎" : char.IsAscii(name[0]) ? string.Concat(name.Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(2).Select(part => part[0])) : name[..1];

    public string Slot(Slot slot) => When.Slot(slot.From, slot.To, view.Now, view.Zone, Language);

    public string Instant(DateTimeOffset at) => When.Instant(at, view.Now, view.Zone, Language);

    public string Date(DateTimeOffset at) => When.Date(DateOf(at), Language);

    /// <summary>The head of a day's times; the date stands beside it.</summary>
    public string Day(DateOnly day) => When.Today(view.Now, view.Zone) is var today && day.DayNumber - today.DayNumber <= 1 ? When.Day(day, today, Language) : When.Weekday(day.DayOfWeek, Language);

    public string Time(DateTimeOffset at) => When.Time(TimeOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, view.Zone).DateTime));

    public string Zone => When.Zone(view.Zone, view.Now, Language);

    public DateOnly DateOf(DateTimeOffset at) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, view.Zone).DateTime);

    /// <summary>From now to the last moment, with the slot between.</summary>
    public PromiseLineDrawing Line(DateTimeOffset? from, DateTimeOffset? to) => PromiseLineDrawing.Of(view.Now, Earlier(view.Now, from), view.FollowUp.AnswerBy, from, to, view.FollowUp.AnswerBy, at =>
    [
        .. from is { } start ? new[] { new PromiseLabel(at(start), Instant(start), Above: true, Strong: true) } : [],
        .. at(view.FollowUp.AnswerBy) - at(view.Now) > 0.3 ? new[] { new PromiseLabel(at(view.Now), texts["Now"]) } : [],
        new PromiseLabel(Math.Max(at(view.FollowUp.AnswerBy), 0.87), texts["Latest", Instant(view.FollowUp.AnswerBy)]),
    ]);

    public string LineSays(DateTimeOffset? from) => from is { } start
        ? texts["LineSays", Instant(view.Now), Instant(start), Instant(view.FollowUp.AnswerBy)]
        : texts["LineSaysFree", Instant(view.Now), Instant(view.FollowUp.AnswerBy)];

    private static DateTimeOffset Earlier(DateTimeOffset now, DateTimeOffset? from) => from < now ? from.Value : now;
}
