using Huifang.Accounts;
using Huifang.Shell;
using Huifang.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Localization;

namespace Huifang.Complaints;

/// <summary>What came in through which door and what became of it; zero difference, or something was lost.</summary>
public sealed record ComplaintIntakeView(int Days, string Fate, IReadOnlyList<DoorTally> Doors, IReadOnlyList<Arrival> Items, ComplaintWords Words)
{
    public long Sum(Func<DoorTally, long> of) => Doors.Sum(of);
}

/// <summary>The reconciliation of complaints, and the raw bytes of each arrival.</summary>
public static class ComplaintIntakeEndpoints
{
    internal static void MapComplaintIntake(this WebApplication app)
    {
        app.MapGet("/complaints/intake", Show).RequireAuthorization(Permission.SeeComplaints);
        app.MapGet("/complaints/intake/{arrival}/raw", Raw).RequireAuthorization(Permission.DecideComplaints);
    }

    private static async Task<IResult> Show(HttpContext http, Store store, ComplaintIntake intake, StaffClock clock, IStringLocalizer<ComplaintText> text, int days = 7, string fate = "all")
    {
        days = days is 1 or 30 or 365 ? days : 7;
        var since = new DateTimeOffset(clock.Now.Date, clock.Now.Offset).AddDays(1 - days);
        var (doors, items) = await store.Read(async tx => (await intake.Tally(tx, since), await intake.Page(tx, Enum.TryParse<IntakeFate>(fate, out var one) ? one : null, since)), http.RequestAborted);
        return new RazorComponentResult<ComplaintIntakePage>(new { View = new ComplaintIntakeView(days, fate, doors, items, new(text, clock.Now.ToUniversalTime(), clock.Zone)), Decides = http.User.May(Permission.DecideComplaints) });
    }

    private static async Task<IResult> Raw(string arrival, HttpContext http, Store store, ComplaintIntake intake) =>
        await store.Read(async tx => await intake.Find(tx, arrival) is { } found && await intake.Raw(tx, arrival) is { } raw ? Tuple.Create(found, raw) : null, http.RequestAborted) is { } kept
            ? ComplaintEndpoints.ServeFile(http, new(arrival, $"{arrival}.raw", kept.Item1.ContentType, kept.Item2.Length, kept.Item1.ReceivedAt, false), kept.Item2) : Results.NotFound();
}
