using Huifang.Accounts;
using Huifang.Guard;
using Huifang.Reports;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Huifang.Public;

/// <summary>The pages for everybody: what we did well and badly, with the figures behind them, and how data is used.</summary>
public static class PublicEndpoints
{
    public static void MapPublic(this WebApplication app)
    {
        app.MapGet("/transparency", async (TransparencyBoard board, HttpContext http) => new RazorComponentResult<TransparencyPage>(new { View = await board.Look(http.RequestAborted) })).Open("Open figures are for everybody; they point at nobody.");
        app.MapGet("/transparency.csv", Figures).Open("The same figures, to be checked.");
        app.MapGet("/data-policy", () => new RazorComponentResult<DataPolicyPage>()).Open("How data is used is for everybody to read before anything is given to us.");
    }

    private static async Task<IResult> Figures(TransparencyBoard board, HttpContext http)
    {
        var view = await board.Look(http.RequestAborted);
        using var text = new StringWriter();
        await using (var sheet = Sheet.Writer(text))
        {
            void Line(string figure, object value, string how) { sheet.WriteField(figure); sheet.WriteField(value); sheet.WriteField(how); sheet.NextRecord(); }
            Line("figure", "value", "how");
            Line("complaints received", view.Complaints.Received, $"from {view.Complaints.From:yyyy-MM-dd} to before {view.Complaints.Until:yyyy-MM-dd}");
            Line("complaints answered", view.Complaints.Answered, "of those received");
            Line("within one working day, percent", view.Complaints.WithinOneDay, "of those answered, from receipt to answer");
            Line("within three working days, percent", view.Complaints.WithinThreeDays, "of those answered");
            Line("median working days", view.Complaints.MedianDays, "from receipt to answer");
            Line("reopened, percent", view.Complaints.ReopenedShare, "of those received");
            foreach (var month in view.ByMonth) { Line($"received in {month.Month:yyyy-MM}", month.Received, "complaints"); Line($"deadlines missed in {month.Month:yyyy-MM}", month.Breached, "clocks of law that ran out before the answer"); }
            foreach (var (category, count) in view.Complaints.ByCategory) Line($"about {category}", count, $"complaints; fewer than {Complaints.ComplaintFigures.PublicMin} are left out");
            Line("promised calls kept", view.PromisesKept, "last 90 days");
            Line("promised calls broken", view.PromisesBroken, "last 90 days; each was apologised for and offered anew");
            foreach (var (kind, count) in view.Blocked) Line($"stopped: {kind}", count, "last 90 days");
            Line("copies of their data taken by customers", view.Copies, "last 90 days");
            Line("customers erased on request", view.Erasures, "last 90 days");
            Line("audit log entries", view.Head.SignedSize, "under the newest signed head; /v1/audit/checkpoint");
        }
        return Results.File(System.Text.Encoding.UTF8.GetPreamble().Concat(System.Text.Encoding.UTF8.GetBytes(text.ToString())).ToArray(), "text/csv; charset=utf-8", "transparency.csv");
    }
}
