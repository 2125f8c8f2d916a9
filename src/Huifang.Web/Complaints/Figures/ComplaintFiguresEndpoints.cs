using System.Globalization;
using CsvHelper;
using Huifang.Accounts;
using Huifang.Languages;
using Huifang.Shell;
using Huifang.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Huifang.Complaints;

/// <summary>Figures for supervisors, and the tables that regulators ask for, as files.</summary>
public static class ComplaintFiguresEndpoints
{
    private const int PageSize = 2000;

    internal static void MapComplaintFigures(this WebApplication app)
    {
        app.MapGet("/complaints/figures", Show).RequireAuthorization(Permission.SeeComplaints);
        app.MapGet("/complaints/exports/{table}.csv", Export).RequireAuthorization(Permission.DecideComplaints);
    }

    private static async Task<IResult> Show(HttpContext http, Store store, ComplaintFigures figures, StaffClock clock)
    {
        var (all, supervisors) = await store.Read(async tx => (await figures.Public(tx), await figures.Supervisors(tx)), http.RequestAborted);
        return new RazorComponentResult<ComplaintFiguresPage>(new { All = all, Figures = supervisors, Clock = clock, Decides = http.User.May(Permission.DecideComplaints) });
    }

    /// <summary>register, yearly, cfpb or disp. Cells that a spreadsheet would run as a formula are made text (OWASP ASVS V1.2.10).</summary>
    private static async Task<IResult> Export(string table, HttpContext http, Store store, ComplaintFigures figures, TimeProvider time, int? year = null)
    {
        if (table is not ("register" or "yearly" or "cfpb" or "disp")) return Results.NotFound();
        var now = time.GetUtcNow();
        if (year is < 2000 or > 2200) return Results.Problem(statusCode: 422, title: "A year is between 2000 and 2200.", extensions: new Dictionary<string, object?> { ["field"] = "year", ["reason"] = "out-of-range" });
        var from = year is { } asked ? new DateOnly(asked, 1, 1) : DateOnly.FromDateTime(now.UtcDateTime).AddYears(-1);
        var until = year is { } y ? new DateOnly(y + 1, 1, 1) : DateOnly.FromDateTime(now.UtcDateTime).AddDays(1);
        http.Response.ContentType = "text/csv; charset=utf-8";
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"complaints-{table}-{from:yyyyMMdd}-{until.AddDays(-1):yyyyMMdd}.csv\"";
        await using var text = new StreamWriter(http.Response.Body, new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        await using var csv = Guard.Sheet.Writer(text);
        switch (table)
        {
            case "register": await ComplaintTables.Register(csv, (after, most) => store.Read(tx => figures.Register(tx, from, until, after, most), http.RequestAborted), PageSize); break;
            case "cfpb": await ComplaintTables.Cfpb(csv, (after, most) => store.Read(tx => figures.Register(tx, from, until, after, most), http.RequestAborted), PageSize); break;
            case "disp": await ComplaintTables.Disp(csv, (after, most) => store.Read(tx => figures.Register(tx, from, until, after, most), http.RequestAborted), PageSize); break;
            default: await ComplaintTables.Yearly(csv, await store.Read(tx => figures.Of(tx, from, until), http.RequestAborted), PageLanguage.Current); break;
        }
        return Results.Empty;
    }
}

/// <summary>The tables, row by row, so that a million complaints need no more memory than a page of them.</summary>
internal static class ComplaintTables
{
    private static async Task Lines(Func<long, int, Task<IReadOnlyList<RegisterLine>>> page, int size, Func<RegisterLine, Task> write)
    {
        for (var after = 0L; ;)
        {
            var lines = await page(after, size);
            foreach (var line in lines) await write(line);
            if (lines.Count < size) return;
            after = lines[^1].Complaint.No;
        }
    }

    public static async Task Register(CsvWriter csv, Func<long, int, Task<IReadOnlyList<RegisterLine>>> page, int size)
    {
        await Row(csv, "number", "received_at", "door", "pack", "category", "topic", "product", "severity", "state", "outcome", "root_cause", "answered_at", "closed_at", "working_days", "deadline_missed", "reopened", "claimed", "claimed_currency", "redress", "redress_currency");
        await Lines(page, size, line => Row(csv, line.Complaint.Number, Iso(line.Complaint.ReceivedAt), line.Complaint.Door.ToString(), $"{line.Complaint.Pack}@{line.Complaint.PackVersion}", line.Complaint.Category, line.Complaint.Subcategory, line.Complaint.Product, line.Complaint.Severity.ToString(), line.Complaint.State.ToString(),
            line.Complaint.Outcome?.ToString(), line.Complaint.RootCause?.ToString(), Iso(line.Complaint.AnsweredAt), Iso(line.Complaint.ClosedAt), line.WorkingDays?.ToString("0.0", CultureInfo.InvariantCulture), line.Missed ? "yes" : "no", line.Complaint.Reopened.ToString(CultureInfo.InvariantCulture),
            Money(line.Complaint.Amount, line.Complaint.Currency), line.Complaint.Currency, Money(line.RedressMinor, line.RedressCurrency), line.RedressCurrency));
    }

    /// <summary>The columns of the CFPB's consumer complaint database that a company can fill.</summary>
    public static async Task Cfpb(CsvWriter csv, Func<long, int, Task<IReadOnlyList<RegisterLine>>> page, int size)
    {
        await Row(csv, "Date received", "Product", "Sub-product", "Issue", "Sub-issue", "Submitted via", "Date answered", "Company response to consumer", "Timely response?", "Consumer disputed?", "Complaint ID");
        await Lines(page, size, line => Row(csv, line.Complaint.Day.ToString("MM/dd/yy", CultureInfo.InvariantCulture), "Money transfer, virtual currency, or money service", "Mobile or digital wallet", ComplaintTaxonomy.Name(line.Complaint.Category, Language.English), ComplaintTaxonomy.Topic(line.Complaint.Category, line.Complaint.Subcategory, Language.English),
            line.Complaint.Door.ToString(), line.Complaint.AnsweredAt?.ToString("MM/dd/yy", CultureInfo.InvariantCulture), line.Complaint.AnsweredAt is null ? "In progress" : line.RedressMinor > 0 ? "Closed with monetary relief" : line.Complaint.Outcome == ComplaintOutcome.NotUpheld ? "Closed with explanation" : "Closed with non-monetary relief",
            line.Missed ? "No" : "Yes", line.Complaint.Reopened > 0 ? "Yes" : "No", line.Complaint.Number));
    }

    /// <summary>After DISP 1 Annex 1: opened and closed by class, within three days and eight weeks, upheld, redress.</summary>
    public static async Task Disp(CsvWriter csv, Func<long, int, Task<IReadOnlyList<RegisterLine>>> page, int size)
    {
        var classes = new SortedDictionary<string, (long Opened, long Closed, long Three, long Weeks, long Upheld, SortedDictionary<string, long> Redress)>(StringComparer.Ordinal);
        await Lines(page, size, line =>
        {
            var key = line.Complaint.Category ?? "other";
            var one = classes.TryGetValue(key, out var before) ? before : (0, 0, 0, 0, 0, new(StringComparer.Ordinal));
            one.Opened++;
            if (line.Complaint.AnsweredAt is { } at)
            {
                one.Closed++;
                if (line.WorkingDays <= 3) one.Three++;
                if (at - line.Complaint.ReceivedAt <= TimeSpan.FromDays(56)) one.Weeks++;
                if (line.Complaint.Outcome is ComplaintOutcome.Upheld or ComplaintOutcome.PartlyUpheld) one.Upheld++;
                if (line is { RedressMinor: { } minor, RedressCurrency: { } currency }) one.Redress[currency] = one.Redress.GetValueOrDefault(currency) + minor;
            }
            classes[key] = one;
            return Task.CompletedTask;
        });
        await Row(csv, "Class", "Opened", "Closed", "Closed within 3 business days", "Closed within 8 weeks", "Upheld", "Redress paid");
        foreach (var (key, one) in classes)
            await Row(csv, ComplaintTaxonomy.Name(key, Language.English), Number(one.Opened), Number(one.Closed), Number(one.Three), Number(one.Weeks), Number(one.Upheld), string.Join("; ", one.Redress.Select(pair => $"{pair.Key} {Money(pair.Value, pair.Key)}")));
    }

    /// <summary>The table that payment institutions publish each January: number, types, share closed, speed. Source: 非银行支付机构网络支付业务管理办法 art. 28.</summary>
    public static async Task Yearly(CsvWriter csv, PublicFigures figures, string language)
    {
        string In(string hans, string hant, string en) => language switch { Language.Traditional => hant, Language.English => en, _ => hans };
        await Row(csv, In("项目", "項目", "Item"), In("数值", "數值", "Value"));
        await Row(csv, In("期间", "期間", "Period"), $"{figures.From:yyyy-MM-dd} – {figures.Until.AddDays(-1):yyyy-MM-dd}");
        await Row(csv, In("投诉数量", "投訴數量", "Complaints"), Number(figures.Received));
        await Row(csv, In("办结率 %", "辦結率 %", "Closed %"), Share(figures.AnsweredShare));
        await Row(csv, In("1 个工作日内办结 %", "1 個工作日內辦結 %", "Within 1 business day %"), Share(figures.WithinOneDay));
        await Row(csv, In("3 个工作日内办结 %", "3 個工作日內辦結 %", "Within 3 business days %"), Share(figures.WithinThreeDays));
        await Row(csv, In("15 日内办结 %", "15 日內辦結 %", "Within 15 days %"), Share(figures.WithinFifteenDays));
        foreach (var (category, count) in figures.ByCategory) await Row(csv, ComplaintTaxonomy.Name(category, language), Number(count));
    }

    private static async Task Row(CsvWriter csv, params string?[] cells)
    {
        foreach (var cell in cells) csv.WriteField(cell ?? "");
        await csv.NextRecordAsync();
    }

    private static string? Money(long? minor, string? currency) => minor is { } amount && currency is not null ? Huifang.Money.Currency.Units(amount, currency).ToString(CultureInfo.InvariantCulture) : null;
    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
    private static string Share(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);
    private static string? Iso(DateTimeOffset? at) => at?.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
