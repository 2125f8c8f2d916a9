using Huifang.Contacts;
using Huifang.Customers;
using Huifang.Languages;

namespace Huifang.Messages;

/// <summary>A message with its leave to be sent and its words, in hand of a sender.</summary>
internal sealed record ReadyMessage(Message Message, Clearance Clearance, MessageBody Body, CalendarEvent? Appointment);

/// <summary>Puts a draft into words for one person, at the moment when it is sent.</summary>
public sealed class MessageWriter(MessageSettings settings)
{
    private static readonly Dictionary<string, Localized> Usual = new(StringComparer.Ordinal)
    {
        ["agent"] = new("我们的同事", "我們的同事", "one of us"),
        ["topic"] = new("您最近用到的服务", "您最近用到的服務", "a service you used lately"),
        ["minutes"] = new("5", "5", "5"),
        ["late"] = new("", "", ""),
    };

    internal ReadyMessage Write(Clearance clearance, Message message, MessageDraft draft, Customer customer, ContactPoint point, DateTimeOffset now)
    {
        var language = customer.Language;
        var values = Values(draft, customer, language, now);
        var template = MessageTemplates.Named(draft.Template);
        var words = clearance.Channel == Channel.Sms
            ? MessageTemplates.Sms(template, language, !clearance.Duties.HasFlag(Duties.NoLinksInSms), values)
            : MessageTemplates.Letter(template, language, values);
        var appointment = draft.WithCalendar && clearance.Channel == Channel.Email ? Appointment(draft, words, values, point.Value!, now) : null;
        var body = new MessageBody(point.Value!, words.Subject, words.Text, words.Action, draft.Path is null ? null : settings.BaseAddress + draft.Path, appointment is null ? null : Calendar.Write(appointment));
        return new(message with { Channel = clearance.Channel, Language = language }, clearance, body, appointment);
    }

    internal OutgoingMail Mail(ReadyMessage ready)
    {
        var unsubscribe = Unsubscribe(ready.Body.Link);
        var words = new MessageWords(ready.Body.Subject, ready.Body.Text, ready.Body.Action);
        var plain = ready.Body.Link is null ? words.Text : $"{words.Text}\n\n{words.Action}: {ready.Body.Link}";
        return new(ready.Message.Id, ready.Body.To, words.Subject, plain, Html(words, ready.Body.Link, ready.Message.Language)) { Unsubscribe = unsubscribe, Appointment = ready.Appointment };
    }

    /// <summary>The letter as its reader sees it, also for the viewer.</summary>
    public string Html(MessageWords words, string? link, string language) => MailHtml.Of(settings.Operator.In(language), words, link, Unsubscribe(link), language);

    // A booking link has a way out of its own that works in one click.
    private static string? Unsubscribe(string? link) => link is not null && link.Contains("/r/", StringComparison.Ordinal) ? $"{link}/stop" : null;

    private Dictionary<string, string> Values(MessageDraft draft, Customer customer, string language, DateTimeOffset now)
    {
        var zone = customer.TimeZone is { } id && TimeZoneInfo.TryFindSystemTimeZoneById(id, out var found) ? found : TimeZoneInfo.Utc;
        var values = Usual.ToDictionary(usual => usual.Key, usual => usual.Value.In(language), StringComparer.Ordinal);
        foreach (var (name, value) in draft.Values) values[name] = value.In(language);
        values["operator"] = settings.Operator.In(language);
        values["link"] = draft.Path is null ? "" : settings.BaseAddress + draft.Path;
        values["slot"] = draft is { SlotFrom: { } from, SlotTo: { } to } ? When.Slot(from, to, now, zone, language) : "";
        values["zone"] = When.Zone(zone, draft.SlotFrom ?? now, language);
        return values;
    }

    private CalendarEvent? Appointment(MessageDraft draft, MessageWords words, Dictionary<string, string> values, string to, DateTimeOffset now) =>
        draft is not { SlotFrom: { } from, SlotTo: { } end } ? null : new($"{draft.FollowUpId}@care", (int)(now.ToUnixTimeSeconds() / 60 % int.MaxValue), now, from, end, $"{values["operator"]} · {values["agent"]}", words.Text)
        {
            OrganizerName = values["operator"], OrganizerMail = settings.FromMail, AttendeeMail = to, Url = values["link"] is { Length: > 0 } link ? link : null, RemindMinutesBefore = 20,
        };
}
