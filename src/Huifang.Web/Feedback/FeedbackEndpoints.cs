using Huifang.Accounts;
using Huifang.Shell;
using Huifang.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Huifang.Feedback;

/// <summary>What customers said, newest first, by source and rating.</summary>
public static class FeedbackEndpoints
{
    public const int PageSize = 50;

    public static void MapFeedback(this WebApplication app) => app.MapGet("/feedback", Show).RequireAuthorization(Permission.SeeFeedback);

    private static async Task<RazorComponentResult> Show(Store store, FeedbackDesk desk, StaffClock clock, CancellationToken stop, string? source = null, int low = 0, long? before = null)
    {
        DateTimeOffset? earlier = before is { } ms ? DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(ms, 0, 253402300799999)) : null;
        var filter = new FeedbackFilter(source is { Length: > 0 and <= 60 } ? source : null, null, low == 1 ? 2 : null, null, earlier);
        var items = await store.Read(tx => desk.Page(tx, filter, PageSize), stop);
        return new RazorComponentResult<FeedbackPage>(new { Filter = filter, Items = items, Clock = clock });
    }
}
