using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Huifang.Calendars;
using Huifang.Customers;
using Huifang.Storage;

namespace Huifang.Contacts;

/// <summary>What the guard must know of customers, read lean and in bulk: no name, number or address is opened for it.</summary>
internal static class ContactFactsTable
{
    private static readonly Purpose[] ByContract = [Purpose.Service, Purpose.Complaint];

    /// <summary>Customers that we don't have are missing from the answer.</summary>
    public static async Task<Dictionary<string, KnownCustomer>> Load(Tx tx, IEnumerable<string> customerIds, DateTimeOffset now)
    {
        var found = new Dictionary<string, KnownCustomer>(StringComparer.Ordinal);
        foreach (var ids in customerIds.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Chunk(500)) await LoadSome(tx, ids, now, found);
        return found;
    }

    private static async Task LoadSome(Tx tx, string[] ids, DateTimeOffset now, Dictionary<string, KnownCustomer> found)
    {
        var people = await tx.Query<PersonRow>("select id, time_zone as zone, country, since, created_at as made from customers where id in @ids", new { ids });
        if (people.Count == 0) return;
        var points = (await tx.Query<PointRow>("select customer_id as customer, kind, region from contact_points where customer_id in @ids and standing <> 'Dead'", new { ids })).ToLookup(row => row.Customer);
        var chosen = (await tx.Query<ChosenRow>(
            "select customer_id as customer, channels, hours, contacts_per_month_max as most, changed_at as at from preferences where customer_id in @ids", new { ids })).ToDictionary(row => row.Customer);
        var consents = (await tx.Query<ConsentRow>("select customer_id as customer, purpose, channel, given, at from consents where customer_id in @ids", new { ids })).ToLookup(row => row.Customer);
        var silences = (await tx.Query<SilenceRow>("select customer_id as customer, purpose, reason, at from suppressions where customer_id in @ids and lifted_at is null", new { ids })).ToLookup(row => row.Customer);
        var silentPoints = (await tx.Query<SilentPointRow>(
            """
            select p.customer_id as customer, p.kind, s.purpose, s.reason, s.at from contact_points p join suppressions s on s.blind = p.blind
            where p.customer_id in @ids and s.customer_id is null and s.lifted_at is null
            """, new { ids })).ToLookup(row => row.Customer);
        var past = (await tx.Query<PastRow>(
            """
            select customer_id as customer, at, channel, purpose from contact_decisions
            where customer_id in @ids and stage = 'AtContact' and outcome = 'Allow' and undone_at is null and at > @since order by at desc
            """, new { ids, since = now.AddDays(-31) })).ToLookup(row => row.Customer);
        var followUps = (await tx.Query<FollowUpRow>(
            """
            select customer_id as customer, id, cause_seq as cause, purpose, state, due_at as due from follow_ups
            where customer_id in @ids and state in ('Arranged', 'Invited', 'Booked', 'Calling', 'Waiting', 'Finished') and expires_at > @since
            """, new { ids, since = now.AddDays(-31) })).ToLookup(row => row.Customer);

        // What is committed has been said, also when it was written by a node whose clock is ahead of ours, or before ours was set back: a no is never in the future.
        DateTimeOffset Past(DateTimeOffset at) => at > now ? now : at;
        foreach (var person in people)
        {
            var preferences = chosen.GetValueOrDefault(person.Id);
            var kinds = points[person.Id].Select(row => Enum.Parse<PointKind>(row.Kind)).ToHashSet();
            found[person.Id] = new(person.Country, [.. points[person.Id].Select(row => row.Region).OfType<string>().Distinct()], new()
            {
                Id = person.Id,
                Zones = ZoneClock.Find(person.Zone) is { } zone ? [zone] : [],
                Reachable = [.. Enum.GetValues<Channel>().Where(channel => kinds.Any(kind => Carries(kind, channel)))],
                Silences = [.. silences[person.Id].Select(row => Silent(row with { At = Past(row.At) }, null)), .. silentPoints[person.Id].Select(row => Silent(new(row.Customer, row.Purpose, row.Reason, Past(row.At)), Enum.Parse<PointKind>(row.Kind))), .. Unchosen(preferences is null ? null : preferences with { At = Past(preferences.At) })],
                Consents = [.. consents[person.Id].Select(row => row.Given ? row.ToFact() : (row with { At = Past(row.At) }).ToFact()), .. ByContract.Select(purpose => new ConsentFact(purpose, null, true, (person.Since ?? person.Made), ConsentBasis.Contract)),
                    new(Purpose.Survey, null, true, (person.Since ?? person.Made), ConsentBasis.LegitimateInterest)],
                OwnHours = Hours(preferences),
                MonthMax = preferences?.Most,
                Past = [.. past[person.Id].Select(row => new PastContact(row.At, Enum.Parse<Channel>(row.Channel), Enum.Parse<Purpose>(row.Purpose)))],
                Open = [.. followUps[person.Id].Where(row => row.State != "Finished").Select(row => new OpenFollowUp(row.Id, Cause(row.Cause), Enum.Parse<Purpose>(row.Purpose), row.Due, row.State == "Booked"))],
                Finished = [.. followUps[person.Id].Where(row => row.State == "Finished").Select(row => new FinishedCause(Cause(row.Cause), Enum.Parse<Purpose>(row.Purpose)))],
            });
        }
    }

    private static string Cause(long seq) => seq.ToString(CultureInfo.InvariantCulture);

    private static bool Carries(PointKind kind, Channel channel) => new ContactPoint("", kind, null, false, Standing.Good, 0).Carries(channel);

    /// <summary>What she asked for leaves warnings and the answers to her own complaints; anything else, such as a wrong number, leaves nothing but warnings elsewhere.</summary>
    private static Silence Silent(SilenceRow row, PointKind? kind)
    {
        var cause = row.Reason.Split(':', '-')[0] switch
        {
            "asked" => SilenceCause.CustomerAsked,
            "wrong" => SilenceCause.WrongPerson,
            "deceased" => SilenceCause.Deceased,
            "register" or "dnc" or "tps" => SilenceCause.Register,
            _ => SilenceCause.House,
        };
        var channels = kind is null ? ChannelSet.All : ChannelSet.Of([.. Enum.GetValues<Channel>().Where(channel => Carries(kind.Value, channel))]);
        var purposes = row.Purpose is not null ? PurposeSet.Of(Enum.Parse<Purpose>(row.Purpose))
            : cause == SilenceCause.CustomerAsked ? PurposeSet.All.Without(Purpose.Security).Without(Purpose.Complaint)
            : cause == SilenceCause.WrongPerson && kind is not null || cause == SilenceCause.Deceased ? PurposeSet.All
            : PurposeSet.All.Without(Purpose.Security);
        return new(channels, purposes, row.At, cause);
    }

    /// <summary>When she chose channels, the others are silent for everything but warnings.</summary>
    private static IEnumerable<Silence> Unchosen(ChosenRow? row)
    {
        if (row is null || row.Channels is "[]") yield break;
        var chosen = JsonSerializer.Deserialize<string[]>(row.Channels)!.Select(Enum.Parse<Channel>).ToHashSet();
        var others = Enum.GetValues<Channel>().Where(channel => !chosen.Contains(channel)).ToArray();
        if (others.Length > 0) yield return new(ChannelSet.Of(others), PurposeSet.All.Without(Purpose.Security), row.At, SilenceCause.CustomerAsked);
    }

    private static WeekHours? Hours(ChosenRow? row)
    {
        if (row is null || row.Hours is "[]") return null;
        var hours = JsonSerializer.Deserialize<ConvenientHours[]>(row.Hours)!;
        return hours.Aggregate(WeekHours.Never, (all, each) => all.Or(WeekHours.On([each.Day], each.From, each.To)));
    }

    private sealed record PersonRow(string Id, string? Zone, string? Country, DateTimeOffset? Since, DateTimeOffset Made);
    private sealed record PointRow(string Customer, string Kind, string? Region);
    private sealed record ChosenRow(string Customer, string Channels, string Hours, int? Most, DateTimeOffset At);
    private sealed record SilenceRow(string Customer, string? Purpose, string Reason, DateTimeOffset At);
    private sealed record SilentPointRow(string Customer, string Kind, string? Purpose, string Reason, DateTimeOffset At);
    private sealed record PastRow(string Customer, DateTimeOffset At, string Channel, string Purpose);
    private sealed record FollowUpRow(string Customer, string Id, long Cause, string Purpose, string State, DateTimeOffset Due);
    private sealed record ConsentRow(string Customer, string Purpose, string Channel, bool Given, DateTimeOffset At)
    {
        public ConsentFact ToFact() => new(Enum.Parse<Purpose>(Purpose), Enum.Parse<Channel>(Channel), Given, At);
    }
}

/// <summary>A customer as the guard sees her, and whose law binds: where she lives, and for calls and texts also where her numbers are registered.</summary>
internal sealed record KnownCustomer(string? Country, ImmutableArray<string> NumberRegions, ContactCustomer Facts)
{
    /// <summary>None when we do not know where she lives: then nobody may contact her.</summary>
    public ImmutableArray<string> Jurisdictions(Channel channel) =>
        Country is null ? [] : channel is Channel.Phone or Channel.Sms ? [Country, .. NumberRegions.Where(region => region != Country).Order(StringComparer.Ordinal)] : [Country];
}
