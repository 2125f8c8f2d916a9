using System.Globalization;
using Huifang.Storage;

namespace Huifang.Checks;

/// <summary>I1, I2, I3, I11: every contact that was made, against consents, hours and caps, read from the rows and counted here.</summary>
internal static class ContactCheck
{
    private const int PageSize = 5000;

    /// <summary>The widest that any pack allows; the guard is stricter, this is what may never be crossed.</summary>
    private static readonly (TimeOnly From, TimeOnly To) WidestHours = (new(8, 0), new(21, 0));

    private const int CallsPerDayMax = 1, CallsPerWeekMax = 2, CallsPerMonthMax = 4;

    private sealed record Made(string Id, string CustomerId, string? FollowUpId, string Purpose, string Channel, DateTimeOffset At, DateTimeOffset DecidedAt, bool Booked);

    private sealed record Said(string CustomerId, string Purpose, string Channel, bool Given, DateTimeOffset RecordedAt);

    public static async Task Run(Tx tx, List<Violation> found, Dictionary<string, long> looked)
    {
        var contacts = 0L;
        for (var after = ""; ;)
        {
            // Customer by customer, so that a hundred million contacts need no more memory than one page.
            var customers = await tx.Query<string>($"select distinct customer_id from contact_decisions where stage = 'AtContact' and outcome = 'Allow' and undone_at is null and customer_id > @after order by customer_id limit {PageSize}", new { after });
            if (customers.Count == 0) break;
            after = customers[^1];
            contacts += await Page(tx, [.. customers], found);
        }
        looked["I1 I2 I3 I11 contacts"] = contacts;
    }

    private static async Task<int> Page(Tx tx, string[] customers, List<Violation> found)
    {
        var zones = (await tx.Query<(string Id, string? Zone)>("select id, time_zone from customers where id in @customers", new { customers })).ToDictionary(z => z.Id, z => z.Zone);
        var said = (await tx.Query<Said>("select customer_id as customerid, purpose, channel, given, recorded_at as recordedat from consents where customer_id in @customers order by recorded_at, id", new { customers })).ToLookup(s => s.CustomerId);
        var made = await tx.Query<Made>(
            """
            select d.id, d.customer_id as customerid, d.follow_up_id as followupid, d.purpose, d.channel, d.at, d.decided_at as decidedat, coalesce(f.by_customer, 0) as booked
            from contact_decisions d left join follow_ups f on f.id = d.follow_up_id
            where d.customer_id in @customers and d.stage = 'AtContact' and d.outcome = 'Allow' and d.undone_at is null order by d.at
            """, new { customers });
        foreach (var person in made.GroupBy(m => m.CustomerId))
        {
            var zone = zones.GetValueOrDefault(person.Key) is { } id && TimeZoneInfo.TryFindSystemTimeZoneById(id, out var known) ? known : null;
            foreach (var contact in person)
            {
                Permission(contact, said[person.Key], found);
                Hours(contact, zone, found);
            }
            Caps([.. person.Where(m => IsCall(m) && !m.Booked && m.Purpose != "Security")], found);
        }
        return made.Count;
    }

    /// <summary>I1 and I11: what she had said last, in the order of commits, was not a no; where only a yes will do, it was a yes.</summary>
    private static void Permission(Made contact, IEnumerable<Said> said, List<Violation> found)
    {
        if (contact.Purpose == "Security") return;
        var last = said.LastOrDefault(s => s.Purpose == contact.Purpose && s.Channel == contact.Channel && s.RecordedAt < contact.DecidedAt);
        if (last is { Given: false } && !contact.Booked) found.Add(new("I11", $"decision {contact.Id}", $"contacted by {contact.Channel} after {contact.Purpose} was withdrawn at {last.RecordedAt:O}"));
        if (last is null && contact.Purpose == "Marketing") found.Add(new("I1", $"decision {contact.Id}", "marketing without a consent"));
    }

    private static void Hours(Made contact, TimeZoneInfo? zone, List<Violation> found)
    {
        if (contact.Purpose == "Security" || !IsCall(contact) && contact.Channel is not "Sms") return;
        if (zone is null) { found.Add(new("I2", $"decision {contact.Id}", "contacted by a channel that rings, and nobody knows what time it is where she is")); return; }
        var local = TimeOnly.FromDateTime(TimeZoneInfo.ConvertTime(contact.At, zone).DateTime);
        if (local < WidestHours.From || local >= WidestHours.To) found.Add(new("I2", $"decision {contact.Id}", string.Create(CultureInfo.InvariantCulture, $"{contact.Channel} at {local:HH:mm} of her time")));
    }

    private static void Caps(Made[] calls, List<Violation> found)
    {
        foreach (var (days, most) in new[] { (1, CallsPerDayMax), (7, CallsPerWeekMax), (30, CallsPerMonthMax) })
            for (var i = most; i < calls.Length; i++)
                if (calls[i].At - calls[i - most].At < TimeSpan.FromDays(days))
                    found.Add(new("I3", $"decision {calls[i].Id}", $"call {most + 1} within {days} d to {calls[i].CustomerId}; the cap is {most}"));
    }

    private static bool IsCall(Made contact) => contact.Channel is "Voice" or "Phone";
}
