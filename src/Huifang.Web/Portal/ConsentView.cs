using Huifang.Consents;
using Huifang.Contacts;
using Huifang.Customers;

namespace Huifang.Portal;

/// <summary>What a customer has said about one purpose, over all channels: the latest word counts.</summary>
public sealed record ConsentView(Purpose Purpose, bool IsOn, Consent? Latest)
{
    /// <summary>What she may switch. Security is not among them, complaints are her own doing.</summary>
    public static readonly IReadOnlyList<Purpose> Switchable = [Purpose.Service, Purpose.Survey, Purpose.Marketing];

    public static IReadOnlyList<ConsentView> Of(IEnumerable<Consent> said)
    {
        var all = said.ToLookup(consent => consent.Purpose);
        return [.. Switchable.Select(purpose => all[purpose].OrderByDescending(consent => consent.At).FirstOrDefault() is { } latest
            ? new ConsentView(purpose, all[purpose].GroupBy(consent => consent.Channel).Any(channel => channel.MaxBy(consent => consent.At)!.Given), latest)
            : new ConsentView(purpose, purpose == Purpose.Service, null))];
    }
}

/// <summary>The choices that a form of hours offers, as customers say them.</summary>
public static class HourChoices
{
    private static readonly DayOfWeek[] Workdays = [DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday];
    private static readonly DayOfWeek[] Weekend = [DayOfWeek.Saturday, DayOfWeek.Sunday];

    public static readonly IReadOnlyList<(string Key, DayOfWeek[] Days, TimeOnly From, TimeOnly To)> All =
    [
        ("am", Workdays, new(9, 0), new(12, 0)), ("pm", Workdays, new(12, 0), new(18, 0)), ("eve", Workdays, new(18, 0), new(20, 0)), ("we", Weekend, new(9, 0), new(18, 0)),
    ];

    public static IReadOnlyList<ConvenientHours> Hours(IEnumerable<string> chosen) =>
        [.. All.Where(choice => chosen.Contains(choice.Key)).SelectMany(choice => choice.Days.Select(day => new ConvenientHours(day, choice.From, choice.To)))];

    /// <summary>A choice is on when every hour of it is among hers.</summary>
    public static bool Has(IReadOnlyList<ConvenientHours> hours, string key) =>
        All.First(choice => choice.Key == key) is var choice && choice.Days.All(day => hours.Any(own => own.Day == day && own.From <= choice.From && own.To >= choice.To));
}

/// <summary>Her channels in order with which of them are on; those she never named come last and off, unless she named none at all.</summary>
public static class WayChoices
{
    public static readonly IReadOnlyList<Channel> Offered = [Channel.InApp, Channel.Voice, Channel.Sms, Channel.Email, Channel.Phone];

    private static readonly Channel[] OnAtFirst = [Channel.InApp, Channel.Voice, Channel.Sms, Channel.Email];

    public static IReadOnlyList<(Channel Channel, bool IsOn)> Of(Preferences preferences) =>
        preferences.Channels.Count == 0
            ? [.. Offered.Select(channel => (channel, OnAtFirst.Contains(channel)))]
            : [.. preferences.Channels.Where(Offered.Contains).Select(channel => (channel, true)), .. Offered.Except(preferences.Channels).Select(channel => (channel, false))];
}
