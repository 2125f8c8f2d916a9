using Huifang.Accounts;
using Huifang.Shell;
using Huifang.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Huifang.Intake;

/// <summary>What the intake page shows.</summary>
public sealed record IntakeView(int Days, bool Settled, IReadOnlyList<IntakeTally> Tallies, long Waiting, IReadOnlyList<Quarantined> Items, Quarantined? Chosen, DateTimeOffset Now, bool MaySettle)
{
    /// <summary>What came of the last act: a text's key, its tone, and the word that goes into it.</summary>
    public (string Key, string Tone, string? Word)? Said { get; init; }

    /// <summary>What the person wrote, when it could not be taken.</summary>
    public string? Mended { get; init; }

    public long Sum(Func<IntakeTally, long> of) => Tallies.Sum(of);

    public DateTimeOffset Local(DateTimeOffset at) => at.ToOffset(Now.Offset);
}

/// <summary>The intake page: reconciliation, and the quarantine with its two ways out.</summary>
public static class IntakeEndpoints
{
    public static void MapIntakePage(this WebApplication app)
    {
        app.MapGet("/intake", Show).RequireAuthorization(Permission.SeeIntake);
        app.MapPost("/intake/{id}", Settle).RequireAuthorization(Permission.SettleIntake);
    }

    private static async Task<IResult> Show(HttpContext http, Store store, IntakeDesk desk, StaffClock clock, int days = 1, int settled = 0, string? item = null) =>
        Page(await Load(http, store, desk, clock, days, settled == 1, item));

    private static async Task<IResult> Settle(string id, [FromForm] string body, [FromForm] string act, HttpContext http, Store store, IntakeDesk desk, StaffClock clock)
    {
        if (body.Length > EventReader.EventBytesMax) return Results.Problem(statusCode: 413, title: "The text is larger than an event may be.");
        (string, string, string?) said;
        if (act == "aside") said = await desk.SetAside(id, http.User.Id(), http.RequestAborted) ? ("SetAsideDone", "jade", null) : ("Gone", "amber", null);
        else
            said = await desk.SendAgain(id, body, http.User.Id(), http.RequestAborted) switch
            {
                null => ("Gone", "amber", null),
                { Status: ItemStatus.Accepted } => ("SentAgain", "jade", null),
                { Status: ItemStatus.Known } => ("WasKnown", "jade", null),
                { Status: ItemStatus.Conflict } => ("Conflicts", "amber", null),
                var wrong => ("StillWrong", "amber", wrong.Reason.ToString()),
            };
        var view = await Load(http, store, desk, clock, 1, false, id);
        return Page(view with { Said = said, Mended = said.Item2 == "amber" ? body : null });
    }

    private static async Task<IntakeView> Load(HttpContext http, Store store, IntakeDesk desk, StaffClock clock, int days, bool settled, string? item)
    {
        var now = clock.Now;
        days = days is 7 or 30 ? days : 1;
        return await store.Read(async tx =>
        {
            var items = await desk.Quarantine(tx, 50, settled);
            var chosen = item is null ? items.Count > 0 ? items[0] : null : await desk.Find(tx, item);
            return new IntakeView(days, settled, await IntakeTally.Since(tx, now.AddDays(1 - days)), await desk.Waiting(tx), items, chosen, now, http.User.May(Permission.SettleIntake));
        }, http.RequestAborted);
    }

    private static RazorComponentResult Page(IntakeView view) => new RazorComponentResult<IntakePage>(new { View = view });
}
