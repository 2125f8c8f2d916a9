using System.CommandLine;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Huifang.Calendars;
using Huifang.Commands;
using Huifang.Languages;

namespace Huifang.Complaints;

/// <summary><c>huifang deadline</c>: every clock of a complaint pack for an instant of receipt, with the reason for each day, without a server or a database.</summary>
public static class DeadlineCommand
{
    private static readonly JsonWriterOptions Readable = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Make()
    {
        var pack = new Option<string>("--pack") { Required = true, Description = string.Join(", ", ComplaintPackShelf.Shipped.Packs.Select(one => one.Id).Distinct()) };
        var received = new Option<string>("--received") { Required = true, Description = "When the complaint arrived, such as 2026-11-24T14:00:00+08:00." };
        var given = new Option<string[]>("--given") { Description = $"What is special about the matter: {string.Join(", ", Enum.GetNames<CaseFact>())}. May be given several times.", AllowMultipleArgumentsPerToken = true };
        var stopped = new Option<string[]>("--stopped") { Description = "FROM/TO: the clocks that may stop stood still between these instants. May be given several times.", AllowMultipleArgumentsPerToken = true };
        var language = new Option<string?>("--language") { Description = "zh-Hans, zh-Hant or en (the default)." };
        var command = new Command("deadline", "Prints every clock of a complaint pack as JSON. Exit code 0: computed; 2: the input is wrong.") { pack, received, given, stopped, language };
        command.SetAction(parsed =>
        {
            if (Instant(parsed.GetValue(received)) is not { } at)
                return CommandLine.Wrong($"--received \"{parsed.GetValue(received)}\" is not an instant with its offset between the years 2000 and 2200, such as 2026-11-24T14:00:00+08:00 or 2026-11-24T06:00:00Z.");
            if (ComplaintPackShelf.Shipped.Find(parsed.GetValue(pack)!, DateOnly.FromDateTime(at.UtcDateTime)) is not { } found)
                return CommandLine.Wrong($"There is no complaint pack \"{parsed.GetValue(pack)}\". There are: {string.Join(", ", ComplaintPackShelf.Shipped.Packs.Select(one => one.Id).Distinct())}.");
            var facts = new List<CaseFact>();
            foreach (var name in parsed.GetValue(given) ?? [])
                if (Enum.TryParse<CaseFact>(name, true, out var fact) && Enum.IsDefined(fact)) facts.Add(fact);
                else return CommandLine.Wrong($"--given \"{name}\" is not one of {string.Join(", ", Enum.GetNames<CaseFact>())}.");
            var stops = new List<ClockStop>();
            foreach (var text in parsed.GetValue(stopped) ?? [])
                if (text.Split('/') is [var from, var to] && Instant(from) is { } begin && Instant(to) is { } end && begin <= end) stops.Add(new(begin, end, "given"));
                else return CommandLine.Wrong($"--stopped \"{text}\" is not FROM/TO, two instants in order.");
            if (parsed.GetValue(language) is { } wanted && Language.For(wanted) is null) return CommandLine.Wrong($"--language \"{wanted}\" is not zh-Hans, zh-Hant or en.");
            try { Console.WriteLine(Write(found, at, facts, stops, Language.For(parsed.GetValue(language)) ?? Language.English)); }
            catch (ArgumentOutOfRangeException) { return CommandLine.Wrong("A clock cannot stand still for ten years."); }
            return 0;
        });
        return command;
    }

    /// <summary>All clocks of the pack as JSON; those that begin with a later event show the latest day they can end on if that event comes as late as it may.</summary>
    internal static string Write(ComplaintPack pack, DateTimeOffset received, IReadOnlyList<CaseFact> facts, IReadOnlyList<ClockStop> stops, string language)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Readable))
        {
            var zone = pack.Time.Zone;
            json.WriteStartObject();
            json.WriteString("pack", pack.Id);
            json.WriteString("version", pack.Version);
            json.WriteString("title", pack.Title.In(language));
            json.WriteString("inForceFrom", Date(pack.InForceFrom));
            if (!pack.IsInForce(zone.LocalDate(received))) json.WriteBoolean("inForceOnReceipt", false);
            json.WriteString("calendar", $"{pack.Time.Calendar.Id}@{pack.Time.Calendar.Version}");
            json.WriteString("zone", zone.Id);
            json.WriteString("received", Text(received, zone));
            json.WriteStartArray("given");
            foreach (var fact in facts) json.WriteStringValue(fact.ToString());
            json.WriteEndArray();
            json.WriteStartArray("clocks");
            var words = new DeadlineWords(language);
            foreach (var rule in pack.Clocks) Clock(json, pack, rule, received, facts, stops, words, language);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void Clock(Utf8JsonWriter json, ComplaintPack pack, ClockRule rule, DateTimeOffset received, IReadOnlyList<CaseFact> facts, IReadOnlyList<ClockStop> stops, DeadlineWords words, string language)
    {
        var (from, assumed) = Begins(pack, rule.From, received, facts, stops);
        var deadline = DeadlineRules.Compute(pack, rule, from, stops);
        json.WriteStartObject();
        json.WriteString("clock", rule.Id);
        json.WriteString("kind", rule.Kind.ToString());
        json.WriteBoolean("applies", rule.AppliesTo(facts));
        if (rule.When.Length > 0) json.WriteString("onlyIf", string.Join(" or ", rule.When));
        if (rule.Unless.Length > 0) json.WriteString("notIf", string.Join(" or ", rule.Unless));
        if (rule.Extends.Length > 0) json.WriteString("extends", string.Join(" or ", rule.Extends));
        if (rule.Duties != ExtensionDuty.None) json.WriteString("needs", rule.Duties.ToString());
        json.WriteBoolean("binding", rule.IsBinding);
        json.WriteBoolean("own", rule.IsOwn);
        json.WriteString("runsFrom", rule.From.ToString());
        json.WriteString("from", Text(from, pack.Time.Zone));
        if (assumed) json.WriteString("fromAssumes", $"{rule.From} happens as late as it may");
        json.WriteNumber("amount", rule.Amount);
        json.WriteString("unit", rule.Unit.ToString());
        json.WriteString("dueDate", Date(deadline.DueDate));
        json.WriteString("dueAt", Text(deadline.DueAt, pack.Time.Zone));
        json.WriteBoolean("provisional", deadline.IsProvisional);
        json.WriteString("explanation", words.Explain(deadline));
        json.WriteString("rule", deadline.Reference);
        json.WriteString("demands", rule.Text.In(language));
        json.WriteString("source", $"[{rule.Source.Mark}] {rule.Source.Title}");
        if (rule.Source.Url is { } url) json.WriteString("sourceUrl", url);
        Days(json, "counted", deadline.Counted, words);
        Days(json, "skipped", deadline.Skipped, words);
        json.WriteEndObject();
    }

    /// <summary>A clock that begins with a later event is shown as if that event came at its own deadline.</summary>
    private static (DateTimeOffset From, bool Assumed) Begins(ComplaintPack pack, ClockStart start, DateTimeOffset received, IReadOnlyList<CaseFact> facts, IReadOnlyList<ClockStop> stops)
    {
        if (start is ClockStart.Received or ClockStart.Updated) return (received, false);
        var before = pack.Clocks.FirstOrDefault(clock => clock.From == ClockStart.Received && clock.Extends.Length == 0 && clock.AppliesTo(facts)
            && clock.Kind == (start == ClockStart.Credited ? ClockKind.ProvisionalCredit : ClockKind.FinalResponse))!;
        return (DeadlineRules.Compute(pack, before, received, stops).DueAt, true);
    }

    private static void Days(Utf8JsonWriter json, string name, IEnumerable<DeadlineDay> days, DeadlineWords words)
    {
        json.WriteStartArray(name);
        foreach (var day in days)
        {
            json.WriteStartObject();
            json.WriteString("date", Date(day.Date));
            json.WriteString("weekday", day.Date.DayOfWeek.ToString());
            if (day.IsCounted) json.WriteNumber("number", day.Number);
            json.WriteString("why", words.Day(day));
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static string Date(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Text(DateTimeOffset at, ZoneClock zone) => at.ToOffset(TimeSpan.FromMilliseconds(zone.OffsetMs(at.ToUnixTimeMilliseconds()))).ToString("yyyy-MM-dd'T'HH:mm:ss.FFFzzz", CultureInfo.InvariantCulture);

    private static DateTimeOffset? Instant(string? text) =>
        text is { Length: >= 16 and <= 40 } && (text.EndsWith('Z') || text.LastIndexOfAny(['+', '-']) > 10)
        && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var at) && at.Year is >= 2000 and <= 2200 ? at.ToUniversalTime() : null;
}
