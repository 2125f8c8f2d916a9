using System.Net;
using Huifang.Planning;
using Huifang.Web.Tests.Calls;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Huifang.Web.Tests.Planning;

public sealed class PlanPagesTests // P1, P2, P3
{
    private static readonly DateOnly Today = new(2026, 11, 24);

    private static async Task<CallSite> Open(string language = "zh-Hans")
    {
        var site = await CallSite.Open(language);
        await site.Write(tx => site.Get<PlanningDesk>().SetRows(tx, CallSite.Agent, Today, [(TimeKind.Shift, new(9, 0), new(18, 0)), (TimeKind.Break, new(12, 0), new(13, 0))], "test"));
        await site.Settle();
        return site;
    }

    [Fact]
    public async Task A_supervisor_reads_why_this_call_is_at_this_time()
    {
        await using var site = await Open();
        using var cheng = await Rules.Visitor.Staff(site, CallSite.Supervisor);
        var (code, board) = await cheng.Get($"/plan?call={CallSite.FollowUp}");
        Assert.Equal(HttpStatusCode.OK, code);
        foreach (var words in new[] { "已证明最优", "为什么排在这里", "这时接听的可能 60 %", "打这一通，方案多", "那时还有空位", "林静", "1 / 1 通", "周" }) Assert.Contains(words, board);
        // Whoever does not supervise reads the same without a name.
        using var lin = await Rules.Visitor.Staff(site, CallSite.Agent);
        var hers = (await lin.Get($"/plan?call={CallSite.FollowUp}")).Text;
        Assert.Contains("一位客户", hers);
        Assert.DoesNotContain("重新排", hers);
        Assert.Contains("拨打还不够多", (await cheng.Get("/plan/answers")).Text);
        Assert.Contains("历史还太短", (await cheng.Get("/plan/forecast")).Text);
        var tried = (await cheng.Get("/plan/forecast?agents=2&calls=5&day=2026-11-24")).Text;
        Assert.Contains("5 / 5 通", tried);
        Assert.Single(await site.Read(tx => tx.Query<string>("select follow_up_id from plan_calls"))); // only tried
    }

    [Fact]
    public async Task A_file_is_taken_on_the_page_and_what_is_wrong_in_it_is_shown()
    {
        await using var site = await Open();
        var page = await Enter(site);
        await page.GotoAsync("/people?week=2026-11-23");
        await page.SetInputFilesAsync("input[type=file]", new FilePayload { Name = "week.csv", MimeType = "text/csv", Buffer = "agent,kind,from,to\na-lin,shift,2026-11-26 10:00,2026-11-26 16:00\na-lin,dance,2026-11-27 10:00,2026-11-27 16:00\n"u8.ToArray() });
        await page.GetByRole(AriaRole.Button, new() { Name = "收下" }).ClickAsync();
        await Expect(page.GetByText("1 行写进了 1 天；1 行要请人看。")).ToBeVisibleAsync();
        await Expect(page.GetByText("不认得是什么")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "看过了" }).ClickAsync();
        await Expect(page.GetByText("不认得是什么")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_shift_is_moved_by_the_mouse_and_by_the_keyboard_and_its_break_goes_with_it()
    {
        await using var site = await Open();
        var page = await Enter(site);
        await page.GotoAsync($"/people?week=2026-11-23&agent={CallSite.Agent}&day=2026-11-24");
        var bar = page.Locator("rect[data-kind=Shift][data-day='2026-11-24']");
        var box = (await bar.BoundingBoxAsync())!;
        // The shift lasts nine hours: a ninth of it is one.
        var hour = (float)(box.Width / 9);
        await page.Mouse.MoveAsync(box.X + 15, box.Y + box.Height / 2);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(box.X + 15 + hour, box.Y + box.Height / 2, new() { Steps = 5 });
        await page.Mouse.UpAsync();
        await Expect(page.GetByText("写下了，能约的时间也跟着改了。")).ToBeVisibleAsync();
        Assert.Equal(["Shift 10:00-19:00", "Break 13:00-14:00"], await Day(site));

        await page.Locator("rect[data-kind=Break][data-day='2026-11-24']").FocusAsync();
        await page.Keyboard.PressAsync("ArrowLeft");
        await page.Keyboard.PressAsync("Shift+ArrowLeft");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("rect[data-kind=Break][data-from='765'][data-to='810']")).ToHaveCountAsync(1);
        Assert.Equal(["Shift 10:00-19:00", "Break 12:45-13:30"], await Day(site));
    }

    private static async Task<string[]> Day(CallSite site) => [.. (await site.Read(tx => site.Get<PlanningDesk>().Times(tx, Today, Today))).OrderBy(time => time.Kind).Select(time => $"{time.Kind} {time.From.ToOffset(TimeSpan.FromHours(8)):HH:mm}-{time.To.ToOffset(TimeSpan.FromHours(8)):HH:mm}")];

    private static async Task<IPage> Enter(CallSite site)
    {
        var page = await site.Person(440);
        await page.GotoAsync($"/test/as/{CallSite.Supervisor}");
        return page;
    }
}
