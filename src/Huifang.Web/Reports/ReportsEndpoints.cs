using Huifang.Accounts;
using Huifang.FollowUps;
using Huifang.Shell;
using Huifang.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Huifang.Reports;

/// <summary>The overview, and the rows behind each of its figures.</summary>
public static class ReportsEndpoints
{
    public static void MapReports(this WebApplication app)
    {
        app.MapGet("/dashboard", Overview).RequireAuthorization(Permission.SeeFigures);
        app.MapGet("/follow-ups", List).RequireAuthorization(Permission.SeeFigures);
    }

    private static async Task<RazorComponentResult> Overview(Store store, CareBoard board, StaffClock clock, CancellationToken stop, int days = 7)
    {
        days = days is 1 or 30 ? days : 7;
        var figures = await store.Read(tx => board.Look(tx, clock.Now, days), stop);
        return new RazorComponentResult<DashboardPage>(new { Figures = figures, Count = days });
    }

    private static async Task<RazorComponentResult> List(Store store, FollowUpList list, StaffClock clock, CancellationToken stop, string? state = null, string? rule = null, string? reason = null, int days = 30, int page = 0)
    {
        var filter = new FollowUpFilter(Enum.TryParse<FollowUpState>(state, out var known) ? known.ToString() : null, Short(rule), reason is null ? null : Short(reason), Math.Clamp(days, 1, 366));
        var rows = await store.Read(tx => list.Page(tx, filter, clock.Now, page), stop);
        return new RazorComponentResult<FollowUpListPage>(new { Filter = filter, Rows = rows.Take(FollowUpList.PageSize).ToList(), More = rows.Count > FollowUpList.PageSize, Number = Math.Max(0, page), Clock = clock });
    }

    private static string? Short(string? text) => text is { Length: <= 60 } ? text : null;
}
