using System.Globalization;
using System.Text;

namespace Huifang.Messages;

/// <summary>What a calendar is asked to do with an event.</summary>
public enum CalendarMethod { Publish, Request, Cancel }

/// <summary>An appointment for a calendar (RFC 5545). Times are UTC instants, so no zone table has to travel with them.</summary>
/// <param name="Uid">Stays the same when the appointment moves; <paramref name="Sequence"/> grows.</param>
/// <param name="Stamp">When this version was written.</param>
public sealed record CalendarEvent(string Uid, int Sequence, DateTimeOffset Stamp, DateTimeOffset From, DateTimeOffset To, string Summary, string Description)
{
    public CalendarMethod Method { get; init; } = CalendarMethod.Publish;
    public string? OrganizerName { get; init; }
    public string? OrganizerMail { get; init; }
    public string? AttendeeMail { get; init; }
    public string? Url { get; init; }

    /// <summary>Minutes before the start at which the calendar reminds; null for none.</summary>
    public int? RemindMinutesBefore { get; init; }
}

/// <summary>Writes iCalendar files as RFC 5545 wants them: CRLF, escaped text, lines of at most 75 octets that never cut a character.</summary>
public static class Calendar
{
    public const string MediaType = "text/calendar";
    private const int OctetsMax = 75;

    public static string Write(CalendarEvent e)
    {
        var lines = new List<string>
        {
            "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Huifang//Care//EN", "CALSCALE:GREGORIAN", $"METHOD:{e.Method.ToString().ToUpperInvariant()}",
            "BEGIN:VEVENT", $"UID:{Text(e.Uid)}", $"SEQUENCE:{e.Sequence.ToString(CultureInfo.InvariantCulture)}", $"DTSTAMP:{Utc(e.Stamp)}", $"DTSTART:{Utc(e.From)}", $"DTEND:{Utc(e.To)}",
            $"SUMMARY:{Text(e.Summary)}", $"DESCRIPTION:{Text(e.Description)}",
            $"STATUS:{(e.Method == CalendarMethod.Cancel ? "CANCELLED" : "CONFIRMED")}", "TRANSP:OPAQUE", "CLASS:PRIVATE",
        };
        if (e.OrganizerMail is not null) lines.Add($"ORGANIZER{(e.OrganizerName is null ? "" : $";CN={Parameter(e.OrganizerName)}")}:mailto:{Address(e.OrganizerMail)}");
        if (e.AttendeeMail is not null) lines.Add($"ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;RSVP=FALSE:mailto:{Address(e.AttendeeMail)}");
        if (e.Url is not null) lines.Add($"URL:{Address(e.Url)}");
        if (e.RemindMinutesBefore is { } minutes && e.Method != CalendarMethod.Cancel)
            lines.AddRange(["BEGIN:VALARM", "ACTION:DISPLAY", $"DESCRIPTION:{Text(e.Summary)}", $"TRIGGER:-PT{minutes.ToString(CultureInfo.InvariantCulture)}M", "END:VALARM"]);
        lines.AddRange(["END:VEVENT", "END:VCALENDAR"]);

        var file = new StringBuilder();
        foreach (var line in lines) Fold(file, line);
        return file.ToString();
    }

    /// <summary>Text values: backslash, semicolon, comma and line ends are escaped; other control characters may not stand in a file.</summary>
    public static string Text(string value)
    {
        var text = new StringBuilder(value.Length + 8);
        foreach (var c in value.ReplaceLineEndings("\n"))
            _ = c switch
            {
                '\\' => text.Append(@"\\"),
                ';' => text.Append(@"\;"),
                ',' => text.Append(@"\,"),
                '\n' => text.Append(@"\n"),
                _ => char.IsControl(c) ? text : text.Append(c),
            };
        return text.ToString();
    }

    // A parameter is quoted; a quote inside it cannot be written and becomes an apostrophe.
    private static string Parameter(string value) => $"\"{Address(value).Replace('"', '\'')}\"";

    private static string Address(string value) => new([.. value.Where(c => !char.IsControl(c))]);

    private static string Utc(DateTimeOffset at) => at.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    private static void Fold(StringBuilder file, string line)
    {
        var octets = 0;
        foreach (var rune in line.EnumerateRunes())
        {
            if (octets + rune.Utf8SequenceLength > OctetsMax)
            {
                file.Append("\r\n ");
                octets = 1;
            }
            file.Append(rune.ToString());
            octets += rune.Utf8SequenceLength;
        }
        file.Append("\r\n");
    }
}
