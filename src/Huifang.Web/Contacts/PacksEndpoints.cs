using System.Globalization;
using Huifang.Accounts;
using Huifang.Calendars;
using Huifang.Shell;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Huifang.Contacts;

/// <summary>What the page of rule packs shows.</summary>
public sealed record PacksView(
    IReadOnlyList<RulePack> Shelf, RulePack Pack, BusinessCalendar? Calendar, IReadOnlyList<DateOnly> Months, DateOnly Today,
    Purpose Purpose, Channel Channel, ZoneClock Zone, DateTime Local, bool Agreed, ContactVerdict Verdict, ContactWords Words);

/// <summary>Rule packs and calendars, with a would-be contact to try them on.</summary>
public static class PacksEndpoints
{
    private static readonly Dictionary<string, string> Zones = new(StringComparer.Ordinal)
    {
        ["CN"] = "Asia/Shanghai", ["UK"] = "Europe/London", ["US"] = "America/New_York", ["EU"] = "Europe/Paris", ["HK"] = "Asia/Hong_Kong", ["SG"] = "Asia/Singapore", ["TW"] = "Asia/Taipei",
    };

    public static void MapPacks(this WebApplication app) => app.MapGet("/packs", Show).RequireAuthorization(Accounts.Permission.SeeRules);

    private static RazorComponentResult Show(PackShelf shelf, StaffClock clock, string? pack = null, Purpose purpose = Purpose.Service, Channel channel = Channel.Phone, string? at = null, bool? agreed = null)
    {
        // A number is taken for an enum whatever it is.
        if (!Enum.IsDefined(purpose)) purpose = Purpose.Service;
        if (!Enum.IsDefined(channel)) channel = Channel.Phone;
        var today = DateOnly.FromDateTime(clock.Now.DateTime);
        var inForce = shelf.Packs.Where(each => each.IsInForce(today)).OrderBy(each => each.Jurisdiction == PackShelf.House ? 0 : each.Jurisdiction == "CN" ? 1 : 2).ThenBy(each => each.Id, StringComparer.Ordinal).ToList();
        var chosen = inForce.FirstOrDefault(each => each.Id == pack) ?? inForce[0];
        var zone = ZoneClock.Find(Zones.GetValueOrDefault(chosen.Jurisdiction, clock.Zone.Id))!;
        var now = clock.Now.ToUniversalTime();
        var local = DateTime.TryParseExact(at, ["yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var wanted) && wanted.Year is > 2000 and < 9000 ? wanted : zone.LocalTime(now);
        // A form without the tick sends nothing at all; only the first view is ticked by itself.
        var consents = agreed ?? at is null;
        var verdict = ContactRules.Decide(new()
        {
            Customer = new()
            {
                Id = "trial", Zones = [zone], Reachable = [.. Enum.GetValues<Channel>()],
                Consents = consents ? [new(purpose, null, true, now.AddYears(-1))] : [],
            },
            Purpose = purpose, Channel = channel, At = zone.FirstAt(local),
            Pack = chosen.Jurisdiction == PackShelf.House ? shelf.HouseOnly(today) : shelf.For([chosen.Jurisdiction], today),
        });
        var month = new DateOnly(local.Year, local.Month, 1);
        return new RazorComponentResult<PacksPage>(new
        {
            View = new PacksView(inForce, chosen, chosen.Calendar, [month, month.AddMonths(1)], today, purpose, channel, zone, local, consents, verdict, new(PageLanguage.Current, zone, now)),
        });
    }
}
