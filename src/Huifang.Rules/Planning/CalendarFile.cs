using System.Globalization;
using System.Text;
using Huifang.Calendars;

namespace Huifang.Planning;

/// <summary>
/// Reads one agent's iCalendar file (RFC 5545): VEVENT with DTSTART, DTEND or DURATION, TZID, whole days, EXDATE, and RRULE that repeats daily or weekly.
/// What an event is comes from CATEGORIES, else from SUMMARY; an event that says neither is a meeting when it has hours, and time off when it is a whole day.
/// An event that repeats otherwise is not guessed at: it comes back as a row for a person.
/// </summary>
public static class CalendarFile
{
    private const int RepeatsMax = 400;

    /// <param name="from">Occurrences that end before are left out.</param>
    /// <param name="until">Occurrences that start at or after are left out.</param>
    public static ToldTimes Read(string text, Agent agent, DateTimeOffset from, DateTimeOffset until)
    {
        var (times, bad) = (new List<(int, string, AgentTime)>(), new List<BadRow>());
        if (ZoneClock.Find(agent.TimeZone) is not { } own) return new([], [new(1, "", DayRefusal.UnknownZone)]);
        Event? open = null;
        foreach (var (line, words) in Unfold(text))
        {
            if (words.Equals("BEGIN:VEVENT", StringComparison.OrdinalIgnoreCase)) open = new(line, own);
            else if (words.Equals("END:VEVENT", StringComparison.OrdinalIgnoreCase) && open is not null)
            {
                if (open.Refusal is { } refusal) bad.Add(new(open.Line, open.Text.ToString(), refusal));
                else if (!open.IsCancelled) times.AddRange(open.Occurrences(agent.Id, from, until).Select(time => (open.Line, open.Text.ToString(), time)));
                open = null;
            }
            else open?.Take(words);
        }
        return new(times, bad);
    }

    // RFC 5545 3.1: a line that begins with a blank goes on from the one before.
    private static IEnumerable<(int Line, string Words)> Unfold(string text)
    {
        var (at, start, open) = (0, 1, new StringBuilder());
        foreach (var raw in text.Split('\n'))
        {
            at++;
            var line = raw.TrimEnd('\r');
            if (line.Length > 0 && line[0] is ' ' or '\t') { open.Append(line, 1, line.Length - 1); continue; }
            if (open.Length > 0) yield return (start, open.ToString());
            open.Clear().Append(line);
            start = at;
        }
        if (open.Length > 0) yield return (start, open.ToString());
    }

    /// <summary>One VEVENT while it is read.</summary>
    private sealed class Event(int line, ZoneClock own)
    {
        private readonly HashSet<DateTime> except = [];
        private ZoneClock zone = own;
        private DateTime? start, end;
        private TimeSpan? lasts;
        private bool wholeDay, utc;
        private TimeKind? category, summary;
        private string? rule;

        public int Line { get; } = line;
        public StringBuilder Text { get; } = new();
        public DayRefusal? Refusal { get; private set; }
        public bool IsCancelled { get; private set; }

        public void Take(string words)
        {
            if (Text.Length < 400) Text.Append(Text.Length > 0 ? "; " : "").Append(words);
            var colon = words.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0) return;
            var (head, value) = (words[..colon].Split(';'), words[(colon + 1)..]);
            switch (head[0].ToUpperInvariant())
            {
                case "DTSTART":
                    start = Moment(value, head);
                    if (start is null) Refusal ??= DayRefusal.NotATime;
                    wholeDay = !value.Contains('T', StringComparison.Ordinal);
                    utc = value.EndsWith('Z');
                    if (head.FirstOrDefault(part => part.StartsWith("TZID=", StringComparison.OrdinalIgnoreCase)) is { } named)
                        if (ZoneClock.Find(named[5..].Trim('"')) is { } found) zone = found; else Refusal ??= DayRefusal.UnknownZone;
                    break;
                case "DTEND": end = Moment(value, head); if (end is null) Refusal ??= DayRefusal.NotATime; break;
                case "DURATION": lasts = Length(value); if (lasts is null) Refusal ??= DayRefusal.NotATime; break;
                case "EXDATE": foreach (var one in value.Split(',')) if (Moment(one, head) is { } skipped) except.Add(skipped); break;
                case "CATEGORIES": category = value.Split(',').Select(ToldTimeRules.Kind).FirstOrDefault(kind => kind is not null); break;
                case "SUMMARY": summary = ToldTimeRules.Kind(value); break;
                case "STATUS": IsCancelled = value.Equals("CANCELLED", StringComparison.OrdinalIgnoreCase); break;
                case "RRULE": rule = value; if (Repeat.Read(value) is null) Refusal ??= DayRefusal.CannotRepeat; break;
                case "RDATE" or "RECURRENCE-ID": Refusal ??= DayRefusal.CannotRepeat; break;
            }
        }

        public IEnumerable<AgentTime> Occurrences(string agentId, DateTimeOffset from, DateTimeOffset until)
        {
            if (start is not { } first) yield break;
            var length = lasts ?? (end is { } last ? last - first : wholeDay ? TimeSpan.FromDays(1) : TimeSpan.Zero);
            var kind = category ?? summary ?? (wholeDay ? TimeKind.Off : TimeKind.Meeting);
            if (length <= TimeSpan.Zero) yield break;
            var repeat = Repeat.Read(rule);
            foreach (var local in repeat?.Starts(first) ?? [first])
            {
                var begins = utc ? new DateTimeOffset(local, TimeSpan.Zero) : zone.FirstAt(local);
                if (begins >= until || begins > repeat?.UntilInstant) yield break;
                var ends = utc ? begins + length : zone.FirstAt(local + length);
                if (ends > from && !except.Contains(local)) yield return new(agentId, kind, begins, ends);
            }
        }

        private static DateTime? Moment(string value, string[] head)
        {
            var text = value.TrimEnd('Z');
            return DateTime.TryParseExact(text, ["yyyyMMdd'T'HHmmss", "yyyyMMdd'T'HHmm", "yyyyMMdd"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var at) ? at : null;
        }

        private static TimeSpan? Length(string value)
        {
            try { return System.Xml.XmlConvert.ToTimeSpan(value.StartsWith('+') ? value[1..] : value.EndsWith('W') && int.TryParse(value[1..^1], out var weeks) ? $"P{weeks * 7}D" : value); }
            catch (FormatException) { return null; }
        }
    }

    /// <summary>RRULE with FREQ=DAILY or WEEKLY, INTERVAL, COUNT, UNTIL, BYDAY; anything more is refused rather than half understood.</summary>
    private sealed record Repeat(bool Weekly, int Interval, int? Count, DateTime? Until, DateTimeOffset? UntilInstant, DayOfWeek[] Days)
    {
        private static readonly string[] Names = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"];

        public static Repeat? Read(string? rule)
        {
            if (rule is null) return null;
            var said = rule.Split(';').Select(part => part.Split('=', 2)).Where(part => part.Length == 2).Select(part => (Name: part[0].ToUpperInvariant(), Value: part[1].ToUpperInvariant())).ToList();
            // A part that stands there twice says two things.
            if (said.DistinctBy(part => part.Name).Count() < said.Count) return null;
            var parts = said.ToDictionary(part => part.Name, part => part.Value);
            if (parts.Keys.Except(["FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "WKST"]).Any() || parts.GetValueOrDefault("FREQ") is not ("DAILY" or "WEEKLY")) return null;
            var days = parts.TryGetValue("BYDAY", out var named) ? named.Split(',').Select(day => Array.IndexOf(Names, day)).ToArray() : [];
            if (days.Contains(-1)) return null;
            DateTime? until = null;
            DateTimeOffset? instant = null;
            if (parts.TryGetValue("UNTIL", out var end))
                if (DateTime.TryParseExact(end.TrimEnd('Z'), ["yyyyMMdd'T'HHmmss", "yyyyMMdd"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var at))
                    if (end.EndsWith('Z')) instant = new(at, TimeSpan.Zero); else until = end.Contains('T') ? at : at.AddDays(1).AddTicks(-1);
                else return null;
            int? count = parts.TryGetValue("COUNT", out var many) ? int.TryParse(many, out var times) && times > 0 ? times : -1 : null;
            var interval = parts.TryGetValue("INTERVAL", out var step) ? int.TryParse(step, out var each) && each > 0 ? each : -1 : 1;
            return count == -1 || interval == -1 ? null : new(parts["FREQ"] == "WEEKLY", interval, count, until, instant, [.. days.Select(day => (DayOfWeek)day)]);
        }

        public IEnumerable<DateTime> Starts(DateTime first)
        {
            var given = 0;
            var week = first.Date.AddDays(-WeekHours.DayIndex(first.DayOfWeek));
            for (var day = 0; given < (Count ?? RepeatsMax) && day < RepeatsMax * 7 * Interval; day++)
            {
                var at = first.AddDays(day);
                if (Until is { } until && at > until) yield break;
                var fits = Weekly ? (at.Date - week).Days / 7 % Interval == 0 && (Days.Length == 0 ? at.DayOfWeek == first.DayOfWeek : Days.Contains(at.DayOfWeek))
                    : day % Interval == 0 && (Days.Length == 0 || Days.Contains(at.DayOfWeek));
                if (!fits) continue;
                given++;
                yield return at;
            }
        }
    }
}
