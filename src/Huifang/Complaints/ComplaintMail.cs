using Huifang.Accounts;
using Huifang.Contacts;
using Huifang.Customers;
using Huifang.Languages;
using Huifang.Messages;
using Huifang.Storage;

namespace Huifang.Complaints;

/// <summary>What is written to customers about their complaints. It says the number and the day, never what it is about: who reads it may not be she.</summary>
public sealed class ComplaintMail(ComplaintParts parts, MessageDesk messages, CustomerDesk customers, Links links)
{
    /// <summary>How long a signed link to a complaint opens it.</summary>
    public static readonly TimeSpan LinkLife = TimeSpan.FromDays(400);

    private static readonly TimeSpan Useful = TimeSpan.FromDays(7);

    /// <summary>From the answer to the question whether it was really solved.</summary>
    public static readonly TimeSpan SurveyAfter = TimeSpan.FromHours(24);

    public string LinkTo(Complaint complaint) => $"/c/{links.Make(LinkKind.Complaint, complaint.Id, complaint.ReceivedAt + LinkLife)}";

    internal Task Received(Tx tx, Complaint complaint) => Queue(tx, complaint, "complaint-received", $"complaint-received:{complaint.Id}", complaint.DueAt);

    internal Task Updated(Tx tx, Complaint complaint) => Queue(tx, complaint, "complaint-update", $"complaint-update:{complaint.Id}:{parts.Now.ToUnixTimeMilliseconds()}", complaint.DueAt);

    internal Task Reopened(Tx tx, Complaint complaint) => Queue(tx, complaint, "complaint-reopened", $"complaint-reopened:{complaint.Id}:{complaint.Reopened}", complaint.DueAt);

    /// <summary>The answer is there; and a day later, one question.</summary>
    internal async Task Answered(Tx tx, Complaint complaint)
    {
        await Queue(tx, complaint, "complaint-answered", $"complaint-answered:{complaint.Id}:{complaint.Reopened}", null);
        await Queue(tx, complaint, "complaint-survey", $"complaint-survey:{complaint.Id}:{complaint.Reopened}", null, parts.Now + SurveyAfter);
    }

    private async Task Queue(Tx tx, Complaint complaint, string template, string once, DateTimeOffset? latest, DateTimeOffset? notBefore = null)
    {
        var zone = await customers.Find(tx, complaint.CustomerId) is { TimeZone: { } id } && TimeZoneInfo.TryFindSystemTimeZoneById(id, out var hers) ? hers : parts.PackOf(complaint).Time.Zone.Zone;
        var values = new Dictionary<string, Localized> { ["number"] = new(complaint.Number, complaint.Number, complaint.Number) };
        values["latest"] = latest is { } at ? new(Day(at, zone, Language.Simplified), Day(at, zone, Language.Traditional), Day(at, zone, Language.English)) : new("", "", "");
        await messages.Queue(tx, new MessageDraft(complaint.CustomerId, template, Purpose.Complaint, once, (notBefore ?? parts.Now) + Useful)
        {
            // She asked for it herself by complaining: no contact of ours that needs another consent.
            // The question afterwards is ours, and the caps hold for it.
            Values = values, Path = LinkTo(complaint), BookedAt = template == "complaint-survey" ? null : complaint.ReceivedAt, NotBefore = notBefore,
        });
    }

    private static string Day(DateTimeOffset at, TimeZoneInfo zone, string language)
    {
        var date = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, zone).DateTime);
        return language == Language.English ? $"{When.Weekday(date.DayOfWeek, language)} {When.Date(date, language)} {date.Year}" : $"{date.Year} 年 {When.Date(date, language)}（{When.Weekday(date.DayOfWeek, language)}）";
    }
}
