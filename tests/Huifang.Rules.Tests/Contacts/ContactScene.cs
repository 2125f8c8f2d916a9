using System.Globalization;
using Huifang.Calendars;

namespace Huifang.Contacts;

/// <summary>Zhou Qing of Hangzhou, who agreed to everything and is reachable everywhere, on a plain Tuesday afternoon; each test changes one thing.</summary>
internal static class ContactScene
{
    public static readonly ZoneClock Shanghai = Zone("Asia/Shanghai");
    public static readonly DateTimeOffset TuesdayAfternoon = Local("Asia/Shanghai", "2026-11-24 14:00");

    public static ZoneClock Zone(string id) => ZoneClock.Find(id)!;

    /// <summary>An instant from a local time, the earlier one in an overlap.</summary>
    public static DateTimeOffset Local(string zone, string time) => Zone(zone).FirstAt(DateTime.Parse(time, CultureInfo.InvariantCulture));

    public static ContactCustomer Zhou { get; } = new()
    {
        Id = "zhou",
        Zones = [Shanghai],
        Reachable = [.. Enum.GetValues<Channel>()],
        Consents = [.. Enum.GetValues<Purpose>().Select(purpose => new ConsentFact(purpose, null, true, DateTimeOffset.Parse("2026-01-02T02:00:00Z", CultureInfo.InvariantCulture)))],
    };

    public static ContactPack Pack(params string[] jurisdictions) => PackShelf.Shipped.For(jurisdictions, new DateOnly(2026, 11, 24))!;

    public static ContactQuestion Call(ContactCustomer customer) => new()
    {
        Customer = customer, Purpose = Purpose.Service, Channel = Channel.Phone, At = TuesdayAfternoon, Pack = Pack("CN"), Cause = "withdrawal-1",
    };

    public static ContactCustomer Called(this ContactCustomer customer, params double[] hoursAgo) =>
        customer with { Past = [.. hoursAgo.Order().Select(hours => new PastContact(TuesdayAfternoon.AddHours(-hours), Channel.Phone, Purpose.Service))] };

    public static DropReason? Dropped(this ContactVerdict verdict) => (verdict as ContactVerdict.Drop)?.Reason;

    public static DateTimeOffset? Held(this ContactVerdict verdict) => (verdict as ContactVerdict.Hold)?.Until;
}
