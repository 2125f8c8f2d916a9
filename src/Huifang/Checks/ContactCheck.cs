using Huifang.Storage;

namespace Huifang.Checks;

/// <summary>I1, I2, I3, I11: every contact that was made, against what she had said, her hours and the caps, read from the rows and counted here.</summary>
internal static class ContactCheck
{
    private const int PageSize = 5000;

    public static async Task Run(Tx tx, List<Violation> found, Dictionary<string, long> looked)
    {
        var contacts = 0L;
        for (var after = ""; ;)
        {
            // Customer by customer, so that a hundred million contacts need no more memory than one page.
            var customers = await tx.Query<string>($"select distinct customer_id from contact_decisions where stage = 'AtContact' and outcome = 'Allow' and undone_at is null and customer_id > @after order by customer_id limit {PageSize}", new { after });
            if (customers.Count == 0) break;
            after = customers[^1];
            foreach (var part in customers.Chunk(500)) contacts += await Page(tx, part, found);
        }
        looked["I1 I2 I3 I11 contacts"] = contacts;
        // What was allowed when an agent took it says nothing about the minute in which it rings.
        foreach (var (call, rang) in await tx.Query<(string, DateTimeOffset)>(
            """
            select c.id, c.armed_at from calls c left join contact_decisions d on d.id = c.decision_id and d.stage = 'AtContact' and d.outcome = 'Allow' and d.undone_at is null
            where c.armed_at is not null and (d.id is null or c.armed_at - d.decided_at > 60000) order by c.armed_at limit 100
            """)) found.Add(new("I11", $"call {call}", $"rang at {rang:O} without having been allowed in that minute"));
    }

    private static async Task<int> Page(Tx tx, string[] customers, List<Violation> found)
    {
        var people = (await tx.Query<Person>(
            """
            select c.id, c.time_zone as zone, c.country, coalesce(p.channels, '[]') as channels, coalesce(p.hours, '[]') as hours, coalesce(p.changed_at, 0) as chosenat, coalesce(p.contacts_per_month_max, -1) as most
            from customers c left join preferences p on p.customer_id = c.id where c.id in @customers
            """, new { customers })).ToDictionary(person => person.Id);
        var places = (await tx.Query<Place>(
            "select customer_id as customerid, recorded_at as since, data from journal where kind = 'customer.changed' and customer_id in @customers order by seq", new { customers })).ToLookup(place => place.CustomerId);
        var said = (await tx.Query<Said>("select customer_id as customerid, purpose, channel, given, recorded_at as recordedat from consents where customer_id in @customers order by recorded_at, id", new { customers })).ToLookup(s => s.CustomerId);
        var silences = (await tx.Query<Silenced>("select customer_id as customerid, purpose, reason, at, coalesce(lifted_at, 9223372036854775807) as until from suppressions where customer_id in @customers", new { customers })).ToLookup(s => s.CustomerId);
        var made = await tx.Query<Made>(
            """
            select d.id, d.customer_id as customerid, d.purpose, d.channel, d.at, d.decided_at as decidedat, case when m.id is not null then 1 else coalesce(f.by_customer, 0) end as booked
            from contact_decisions d left join follow_ups f on f.id = d.follow_up_id
            left join messages m on m.decision_id = d.id and m.template in ('complaint-received', 'complaint-update', 'complaint-answered', 'complaint-reopened')
            where d.customer_id in @customers and d.stage = 'AtContact' and d.outcome = 'Allow' and d.undone_at is null order by d.at
            """, new { customers });
        foreach (var contacts in made.GroupBy(m => m.CustomerId))
        {
            var person = people.GetValueOrDefault(contacts.Key) ?? new Person(contacts.Key, null, null, "[]", "[]", 0, -1);
            foreach (var contact in contacts)
            {
                BasisCheck.Look(contact, person, said[person.Id], silences[person.Id], found);
                QuietHoursCheck.Look(contact, person, Place.At(contact.DecidedAt, places[person.Id]), found);
            }
            CapCheck.Look([.. contacts], person, found);
        }
        return made.Count;
    }
}

/// <summary>A contact that was made. Instants are Unix milliseconds.</summary>
/// <param name="Booked">She asked for it herself, at this time.</param>
internal sealed record Made(string Id, string CustomerId, string Purpose, string Channel, long At, long DecidedAt, bool Booked)
{
    private Made() : this("", "", "", "", 0, 0, false) { }

    public bool IsCall => Channel is "Voice" or "Phone";
    public bool Rings => IsCall || Channel is "Sms" or "Push";
    public bool IsWarning => Purpose is "Security";
    public DateTimeOffset When => DateTimeOffset.FromUnixTimeMilliseconds(At);

    public Violation Breach(string invariant, string what) => new(invariant, $"decision {Id}", what);
}

/// <param name="Most">Her own limit of contacts in 30 days; below zero: none.</param>
internal sealed record Person(string Id, string? Zone, string? Country, string Channels, string Hours, long ChosenAt, long Most)
{
    private Person() : this("", null, null, "[]", "[]", 0, -1) { }
}

/// <summary>Where she lived from an instant on, as the journal tells it: her row knows only where she lives now.</summary>
internal sealed record Place(string CustomerId, long Since, string Data)
{
    private Place() : this("", 0, "{}") { }

    public string? Zone => Text("zone");
    public string? Country => Text("country");

    /// <summary>The last before an instant, and what was told in the same millisecond, which may have come before or after; none when the journal never said.</summary>
    public static IReadOnlyList<Place> At(long decidedAt, IEnumerable<Place> told)
    {
        var before = told.Where(place => place.Since <= decidedAt).ToList();
        return before.Count == 0 ? [] : [.. before.Where(place => place.Since < decidedAt).TakeLast(1), .. before.Where(place => place.Since == decidedAt)];
    }

    private string? Text(string name)
    {
        using var json = System.Text.Json.JsonDocument.Parse(Data);
        return json.RootElement.TryGetProperty(name, out var value) ? value.GetString() : null;
    }
}

internal sealed record Said(string CustomerId, string Purpose, string Channel, bool Given, long RecordedAt);

internal sealed record Silenced(string CustomerId, string? Purpose, string Reason, long At, long Until)
{
    private Silenced() : this("", null, "", 0, 0) { }
}
