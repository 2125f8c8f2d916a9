using System.Collections.Immutable;
using System.Text.Json;
using Huifang.Calendars;
using Huifang.Data;
using Huifang.Languages;

namespace Huifang.Contacts;

/// <summary>Reads what the guard may know of a customer from a JSON file, for trying rules without a server. The shape stands in <c>docs/contact.md</c>.</summary>
public static class ContactCustomerReader
{
    /// <summary>The customer and the tags of the laws that may bind, or every problem of the file.</summary>
    public static (ContactCustomer? Customer, ImmutableArray<string> Jurisdictions, IReadOnlyList<FieldProblem> Problems) Read(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(WholeText.Of(json));
            return Read(document.RootElement);
        }
        catch (JsonException wrong) { return (null, [], [new("", "not-json", $"line {wrong.LineNumber + 1}, place {wrong.BytePositionInLine + 1}")]); }
        // An escape names half of a surrogate pair.
        catch (InvalidOperationException) { return (null, [], [new("", "not-json")]); }
    }

    private static (ContactCustomer?, ImmutableArray<string>, IReadOnlyList<FieldProblem>) Read(JsonElement json)
    {
        var read = new JsonFields(json);
        var wrong = new List<FieldProblem>();
        var customer = new ContactCustomer
        {
            Id = read.Text("id"),
            Zones = [.. Zones(read, wrong)],
            Reachable = [.. read.Names<Channel>("reachable")],
            Silences = [.. read.Items("doNotContact").Select(Silent)],
            Consents = [.. read.Items("consents").Select(Consent)],
            OwnHours = Hours(read),
            MonthMax = read.WholeOrNull("contactsPerMonthMax"),
            Past = [.. read.Items("contacts").Select(item => new PastContact(At(item, "at"), item.Name("channel", Channel.Phone), item.Name("purpose", Purpose.Service))).OrderByDescending(past => past.At)],
            Open = [.. read.Items("open").Select(item => new OpenFollowUp(item.Text("id"), item.Text("cause"), item.Name("purpose", Purpose.Service), At(item, "at"), item.Flag("booked")))],
            Finished = [.. read.Items("finished").Select(item => new FinishedCause(item.Text("cause"), item.Name("purpose", Purpose.Service)))],
        };
        var jurisdictions = read.Texts("jurisdictions").Append(read.TextOrNull("country")).OfType<string>().Distinct(StringComparer.Ordinal).ToImmutableArray();
        if (customer.Id.Length == 0) read.Missing("id");
        var problems = read.Close().Concat(wrong).DistinctBy(problem => problem.Path).ToList();
        return (problems.Count == 0 ? customer : null, jurisdictions, problems);
    }

    private static IEnumerable<ZoneClock> Zones(JsonFields read, List<FieldProblem> wrong)
    {
        var names = read.Texts("timeZones").Select((name, index) => (Path: $"timeZones[{index}]", Name: name)).ToList();
        if (read.TextOrNull("timeZone") is { } one) names.Add(("timeZone", one));
        foreach (var (path, name) in names)
            if (ZoneClock.Find(name) is { } zone) yield return zone;
            else wrong.Add(new(path, "unknown-zone", "Asia/Shanghai"));
    }

    private static Silence Silent(JsonFields item)
    {
        var (channels, purposes) = (item.Names<Channel>("channels").ToArray(), item.Names<Purpose>("purposes").ToArray());
        return new(channels.Length == 0 ? ChannelSet.All : ChannelSet.Of(channels), purposes.Length == 0 ? PurposeSet.All.Without(Purpose.Security) : PurposeSet.Of(purposes),
            At(item, "since"), item.Name("cause", SilenceCause.CustomerAsked), item.Instant("until"));
    }

    private static ConsentFact Consent(JsonFields item)
    {
        if (item.TextOrNull("purpose") is null) item.Missing("purpose");
        Channel? channel = item.TextOrNull("channel") is null ? null : item.Name("channel", Channel.Phone);
        return new(item.Name("purpose", Purpose.Service), channel, item.Flag("given"), At(item, "at"), item.Name("basis", ConsentBasis.Consent), item.Instant("until"));
    }

    private static WeekHours? Hours(JsonFields read)
    {
        WeekHours? hours = null;
        foreach (var item in read.Items("hours"))
        {
            if (item.TextOrNull("day") is null) item.Missing("day");
            if (item.Time("from") is not { } from) { item.Missing("from"); continue; }
            if (item.Time("to") is not { } to) { item.Missing("to"); continue; }
            hours = (hours ?? WeekHours.Never).Or(WeekHours.On([item.Name("day", DayOfWeek.Monday)], from, to));
        }
        return hours;
    }

    private static DateTimeOffset At(JsonFields item, string name)
    {
        if (item.Instant(name) is { } at) return at;
        item.Missing(name);
        return default;
    }
}
