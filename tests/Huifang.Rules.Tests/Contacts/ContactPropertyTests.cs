using FsCheck;
using FsCheck.Fluent;
using Huifang.Calendars;
using static Huifang.Contacts.ContactScene;

namespace Huifang.Contacts;

public sealed class ContactPropertyTests
{
    private static readonly string[] Zones = ["Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Shanghai", "America/Santiago", "Africa/Casablanca", "Pacific/Apia", "Asia/Kolkata"];

    /// <summary>Around the changes of the clock and of the year of 2026.</summary>
    private static readonly string[] Anchors = ["2026-03-08", "2026-03-29", "2026-04-05", "2026-10-04", "2026-11-01", "2026-10-25", "2026-09-06", "2026-12-31", "2026-02-15", "2026-03-22"];

    private static Gen<ContactQuestion> Questions =>
        from zones in Gen.SubListOf(Zones).Where(zones => zones.Count is 1 or 2)
        from anchor in Gen.Elements(Anchors)
        from minutes in Gen.Choose(-3 * 1440, 3 * 1440)
        from own in Gen.OneOf(Gen.Constant<WeekHours?>(null), from start in Gen.Choose(0, 23) from length in Gen.Choose(1, 23) select (WeekHours?)WeekHours.Daily(new(start, 30), new((start + length) % 24, 30)))
        from past in Gen.ListOf(Gen.Choose(1, 40 * 1440))
        from jurisdiction in Gen.Elements("CN", "US", "UK", "FR", "SG", "HK", "TW")
        from channel in Gen.Elements(Enum.GetValues<Channel>())
        from purpose in Gen.Elements(Enum.GetValues<Purpose>())
        from booked in Gen.Frequency((4, Gen.Constant(false)), (1, Gen.Constant(true)))
        let at = DateTimeOffset.Parse(anchor + "T00:00:00Z").AddMinutes(minutes)
        select new ContactQuestion
        {
            Customer = Zhou with
            {
                Zones = [.. zones.Select(Zone)], OwnHours = own,
                Consents = [.. Enum.GetValues<Purpose>().Select(each => new ConsentFact(each, null, true, DateTimeOffset.Parse("2025-01-01T00:00:00Z")))],
                Past = [.. past.Order().Select(ago => new PastContact(at.AddMinutes(-ago), ago % 3 == 0 ? Channel.Sms : Channel.Phone, Purpose.Service))],
            },
            Purpose = purpose, Channel = channel, At = at, Pack = Pack(jurisdiction), BookedAt = booked ? at.AddDays(-1) : null,
        };

    private static void ForAll(Func<ContactQuestion, bool> holds, int runs = 300) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(runs), Prop.ForAll(Arb.From(Questions), holds));

    [Fact]
    public void Until_a_hold_ends_every_minute_is_refused_and_at_its_end_the_contact_is_allowed() => ForAll(question =>
    {
        if (ContactRules.Decide(question) is not ContactVerdict.Hold hold) return true;
        if (ContactRules.Decide(question with { At = hold.Until }) is not ContactVerdict.Allow) return false;
        if (ContactRules.Decide(question with { At = hold.Until.AddMilliseconds(-1) }) is ContactVerdict.Allow) return false;
        for (var at = question.At; at < hold.Until; at = at.AddMinutes(7))
            if (ContactRules.Decide(question with { At = at }) is ContactVerdict.Allow) return false;
        return true;
    }, 120);

    [Fact]
    public void Allowed_means_that_the_clock_on_the_wall_says_so_in_every_zone() => ForAll(question =>
        ContactRules.Decide(question) is not ContactVerdict.Allow || !question.Channel.Interrupts() || question.Purpose == Purpose.Security
        || question.Customer.Zones.All(zone => TimeZoneInfo.ConvertTime(question.At, zone.Zone).Hour is >= 9 and < 20));

    [Fact]
    public void A_second_jurisdiction_never_allows_more() => ForAll(question =>
    {
        var both = question with { Pack = Pack([.. question.Pack!.Packs.Select(pack => pack.Jurisdiction).Where(tag => tag != PackShelf.House), "US"]) };
        return ContactRules.Decide(both) is not ContactVerdict.Allow || ContactRules.Decide(question) is ContactVerdict.Allow;
    });

    [Fact]
    public void One_more_past_contact_never_allows_more() => ForAll(question =>
    {
        var more = question with { Customer = question.Customer with { Past = question.Customer.Past.Insert(0, new(question.At, question.Channel, question.Purpose)) } };
        return ContactRules.Decide(more) is not ContactVerdict.Allow || ContactRules.Decide(question) is ContactVerdict.Allow;
    });

    [Fact]
    public void A_verdict_survives_being_stored() => ForAll(question =>
    {
        var verdict = ContactRules.Decide(question);
        return VerdictText.Read(VerdictText.Write(verdict)) is { } read && read == verdict;
    });

    [Fact]
    public void The_same_question_has_the_same_answer() => ForAll(question => ContactRules.Decide(question) == ContactRules.Decide(question));

    [Theory]
    [InlineData("Europe/London", "2026-03-29 01:30", "2026-03-29T01:00:00Z")]       // in the gap: its end
    [InlineData("Europe/London", "2026-10-25 01:30", "2026-10-25T00:30:00Z")]       // twice: the first
    [InlineData("America/New_York", "2026-03-08 02:15", "2026-03-08T07:00:00Z")]
    [InlineData("Australia/Lord_Howe", "2026-10-04 02:15", "2026-10-03T15:30:00Z")] // half an hour
    [InlineData("Australia/Lord_Howe", "2026-04-05 01:45", "2026-04-04T14:45:00Z")]
    [InlineData("Africa/Casablanca", "2026-03-22 02:30", "2026-03-22T02:00:00Z")]        // after Ramadan
    public void Local_times_in_gaps_and_overlaps(string zone, string local, string utc) => Assert.Equal(DateTimeOffset.Parse(utc), Local(zone, local));

    [Theory]
    [InlineData("")]
    [InlineData("1|A|x|y")]
    [InlineData("2|A0|house@1|aP0#x")]
    [InlineData("1|H99999999999999999999|house@1|aP0#x")]
    [InlineData("1|A0|house@1|zP0#x")]
    [InlineData("1|A0|house@1|aP7#x")]
    [InlineData(null)]
    public void A_damaged_verdict_is_not_read(string? line) => Assert.Null(VerdictText.Read(line));
}
