using System.CommandLine;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Huifang.Calendars;
using Huifang.Commands;
using Huifang.Data;
using Huifang.Languages;

namespace Huifang.Contacts;

/// <summary><c>huifang contact decide</c>: tries the contact guard on a customer from a file, without a server or a database.</summary>
public static class ContactCommand
{
    private static readonly JsonWriterOptions Readable = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Make() => new("contact", "Asks the contact guard.") { Decide() };

    private static Command Decide()
    {
        var customer = new Option<FileInfo>("--customer") { Required = true, Description = "A JSON file; its shape stands in docs/contact.md." };
        var purpose = new Option<Purpose>("--purpose") { Required = true, Description = string.Join(", ", Enum.GetNames<Purpose>()) };
        var channel = new Option<Channel>("--channel") { Required = true, Description = string.Join(", ", Enum.GetNames<Channel>()) };
        var at = new Option<string>("--at") { Required = true, Description = "When the contact would begin, such as 2026-11-24T14:00:00+08:00." };
        var bookedAt = new Option<string?>("--booked-at") { Description = "When the customer asked for it or picked its time." };
        var notAfter = new Option<string?>("--not-after") { Description = "After this it has no point." };
        var cause = new Option<string?>("--cause") { Description = "What made it due; one cause has at most one contact a purpose." };
        var followUp = new Option<string?>("--follow-up") { Description = "The follow-up that asks, one of the file's open ones." };
        var others = new Option<Channel[]>("--other") { Description = "Another channel to try, in order; may be given several times.", AllowMultipleArgumentsPerToken = true };
        var sells = new Option<bool>("--sells") { Description = "The script has a line that sells." };
        var heldOut = new Option<bool>("--held-out") { Description = "The customer is in the hold-out group." };
        var command = new Command("decide", "Prints the decision with all reasons as JSON. Exit code 0: decided; 2: the input is wrong.") { customer, purpose, channel, at, bookedAt, notAfter, cause, followUp, others, sells, heldOut };
        command.SetAction(parsed =>
        {
            var file = parsed.GetValue(customer)!;
            if (!file.Exists) return CommandLine.Wrong($"There is no file {file}.");
            if (file.Length > 1024 * 1024) return CommandLine.Wrong($"{file} is larger than 1 MiB; one customer is a few lines.");
            var (facts, jurisdictions, problems) = ContactCustomerReader.Read(File.ReadAllText(file.FullName));
            if (facts is null) return CommandLine.Wrong($"{file} does not describe a customer (docs/contact.md has an example):\n{string.Join('\n', problems.Select(Say))}");
            if (Instant(parsed.GetValue(at)) is not { } instant) return CommandLine.Wrong("--at is not an instant with its offset, such as 2026-11-24T14:00:00+08:00.");
            foreach (var (name, text) in new[] { ("--booked-at", parsed.GetValue(bookedAt)), ("--not-after", parsed.GetValue(notAfter)) })
                if (text is not null && Instant(text) is null) return CommandLine.Wrong($"{name} is not an instant with its offset, such as 2026-11-24T14:00:00+08:00.");

            var question = new ContactQuestion
            {
                Customer = facts, Purpose = parsed.GetValue(purpose), Channel = parsed.GetValue(channel), At = instant,
                Pack = PackShelf.Shipped.For(jurisdictions, DateOnly.FromDateTime(instant.UtcDateTime)),
                BookedAt = Instant(parsed.GetValue(bookedAt)), NotAfter = Instant(parsed.GetValue(notAfter)),
                Cause = parsed.GetValue(cause), FollowUpId = parsed.GetValue(followUp), Others = [.. parsed.GetValue(others) ?? []],
                Sells = parsed.GetValue(sells), IsHeldOut = parsed.GetValue(heldOut),
            };
            Console.WriteLine(Write(question, ContactRules.Decide(question)));
            return 0;
        });
        return command;
    }

    /// <summary>The decision as JSON.</summary>
    internal static string Write(ContactQuestion question, ContactVerdict verdict)
    {
        var zone = question.Customer.Zones.FirstOrDefault() ?? ZoneClock.Of(TimeZoneInfo.Utc);
        var words = new ContactWords(Language.English, zone, question.At);
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Readable))
        {
            json.WriteStartObject();
            json.WriteString("customer", question.Customer.Id);
            json.WriteString("purpose", question.TreatedAs.ToString());
            json.WriteString("channel", question.Channel.ToString());
            json.WriteString("at", Text(question.At, zone));
            json.WriteString("decision", verdict.GetType().Name);
            Outcome(json, verdict, zone);
            json.WriteString("says", words.Verdict(verdict));
            json.WriteString("saysToCustomer", words.ToCustomer(verdict));
            json.WriteStartArray("packs");
            foreach (var pack in question.Pack?.Packs ?? []) json.WriteStringValue(pack.ToString());
            json.WriteEndArray();
            json.WriteStartArray("reasons");
            foreach (var reason in verdict.Reasons.Made()) Reason(json, reason, verdict.Reasons.RuleOf(reason), words);
            json.WriteEndArray();
            json.WriteString("stored", VerdictText.Write(verdict));
            json.WriteEndObject();
        }
        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void Outcome(Utf8JsonWriter json, ContactVerdict verdict, ZoneClock zone)
    {
        switch (verdict)
        {
            case ContactVerdict.Allow allow: json.WriteString("duties", allow.Duties.ToString()); break;
            case ContactVerdict.Hold hold: json.WriteString("until", Text(hold.Until, zone)); break;
            case ContactVerdict.Drop drop: json.WriteString("reason", drop.Reason.ToString()); break;
            case ContactVerdict.Merge merge: json.WriteString("into", merge.Into); break;
            case ContactVerdict.Reroute reroute: json.WriteString("by", reroute.Channel.ToString()); break;
        }
    }

    private static void Reason(Utf8JsonWriter json, ContactReason reason, RuleRef? rule, ContactWords words)
    {
        json.WriteStartObject();
        json.WriteString("check", reason.Check.ToString());
        json.WriteString("finding", reason.Finding.ToString());
        json.WriteString("seen", words.Seen(reason));
        if (rule is not null && PackShelf.Shipped.Find(rule) is { } written)
        {
            json.WriteString("rule", rule.ToString());
            json.WriteString("demands", written.Text.En);
            json.WriteString("source", $"[{written.Source.Mark}] {written.Source.Title}");
        }
        json.WriteEndObject();
    }

    private static string Say(FieldProblem problem) =>
        $"  {(problem.Path.Length == 0 ? "the file" : problem.Path)}: {problem.Code.Replace('-', ' ')}{(problem.Allowed.Length == 0 ? "" : $" ({problem.Allowed})")}";

    private static string Text(DateTimeOffset at, ZoneClock zone) => at.ToOffset(TimeSpan.FromMilliseconds(zone.OffsetMs(at.ToUnixTimeMilliseconds()))).ToString("yyyy-MM-dd'T'HH:mm:ss.FFFzzz", CultureInfo.InvariantCulture);

    private static DateTimeOffset? Instant(string? text) =>
        text is { Length: >= 16 } && (text.EndsWith('Z') || text.LastIndexOfAny(['+', '-']) > 10)
        && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var at) ? at : null;
}
