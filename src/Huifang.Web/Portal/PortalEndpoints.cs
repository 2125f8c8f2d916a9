using Huifang.Accounts;
using Huifang.Booking;
using Huifang.Calls;
using Huifang.Consents;
using Huifang.Contacts;
using Huifang.Customers;
using Huifang.FollowUps;
using Huifang.Languages;
using Huifang.Shell;
using Huifang.Storage;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Huifang.Portal;

/// <summary>What a signed-in customer changes, and the state of calls as a fragment. Everything concerns the customer of the session and nobody else.</summary>
public static class PortalEndpoints
{
    private const string Here = "portal";

    public static void MapPortal(this IEndpointRouteBuilder app)
    {
        var me = app.MapGroup("/me").RequireAuthorization(StaffSession.PortalScheme);
        me.MapGet("call-status", State);
        me.MapPost("preferences", Save);
        me.MapPost("stop", StopAll);
        me.MapPost("ask", Ask);
        me.MapPost("leave", async (HttpContext page) => { await page.SignOutAsync(StaffSession.PortalScheme); PageHeaders.Leave(page); return Results.Redirect("/recognise"); });
    }

    private static async Task<IResult> State(HttpContext page, CustomerAtHome atHome, CallVerifier calls, BookingBoard board)
    {
        if (await atHome.Who(page) is not { } customer) return Results.Unauthorized();
        var (status, caller) = await atHome.Store.Read(async tx => { var now = await calls.Status(tx, customer.Id); return (now, await board.NameOf(tx, now.Call?.AgentId)); });
        return new RazorComponentResult<CallState>(new { Status = status, Zone = CustomerAtHome.ZoneOf(customer), Caller = caller, Topic = Messages.Topics.Of("usual").In(PageLanguage.Current) }) { PreventStreamingRendering = true };
    }

    private static async Task<IResult> Save(HttpContext page, CustomerAtHome atHome, Changes changes)
    {
        if (await atHome.Who(page) is not { } customer) return Results.Redirect("/recognise");
        var form = await page.Form();
        var order = form["order"].Select(Way).OfType<Channel>().Distinct().ToList();
        if (int.TryParse(form["up"], out var up) && up > 0 && up < order.Count) (order[up - 1], order[up]) = (order[up], order[up - 1]);
        var used = form["use"].Select(Way).OfType<Channel>().ToHashSet();
        var most = int.TryParse(form["most"], out var number) && number is 1 or 2 or 4 ? number : (int?)null;
        var wanted = form["purpose"].Select(text => Enum.TryParse<Purpose>(text, out var purpose) ? purpose : (Purpose?)null).OfType<Purpose>().ToHashSet();
        var preferences = new Preferences([.. order.Where(used.Contains)], HourChoices.Hours(form["hours"].OfType<string>()), most);
        await atHome.Store.Write(tx => changes.Save(tx, customer, preferences, wanted, Language.For(form["language"])), page.RequestAborted);
        if (Language.For(form["language"]) is { } language) PageLanguage.Keep(page, language);
        return Results.Redirect("/me/preferences?did=saved");
    }

    private static async Task<IResult> StopAll(HttpContext page, CustomerAtHome atHome, Changes changes)
    {
        if (await atHome.Who(page) is not { } customer) return Results.Redirect("/recognise");
        await atHome.Store.Write(tx => changes.StopAll(tx, customer), page.RequestAborted);
        return Results.Redirect("/me/preferences?did=saved");
    }

    private static async Task<IResult> Ask([FromForm] string? subject, [FromForm] string? slot, HttpContext page, CustomerAtHome atHome, CallRequests requests)
    {
        if (await atHome.Who(page) is not { } customer) return Results.Redirect("/recognise");
        if (subject is null || !CallRequests.Subjects.Contains(subject) || string.IsNullOrEmpty(slot)) return Results.Redirect("/me/ask?no=pick");
        return await atHome.Store.Write(tx => requests.Ask(tx, customer, subject, slot, atHome.Now), page.RequestAborted) switch
        {
            BookingAnswer.Booked => Results.Redirect("/me"),
            BookingAnswer.Closed => Results.Redirect("/me/ask?no=have"),
            _ => Results.Redirect("/me/ask?no=gone"),
        };
    }

    private static Channel? Way(string? text) => Enum.TryParse<Channel>(text, out var channel) && WayChoices.Offered.Contains(channel) ? channel : null;

    /// <summary>The changes that a customer makes, each in one transaction.</summary>
    public sealed class Changes(CustomerDesk customers, ConsentDesk consents, FollowUpDesk followUps, Planning.SlotDesk slots)
    {
        public async Task Save(Tx tx, Customer customer, Preferences preferences, IReadOnlySet<Purpose> wanted, string? language)
        {
            await CustomerLock.Take(tx, [customer.Id]);
            var before = ConsentView.Of((await consents.Of(tx, [customer.Id]))[customer.Id]);
            foreach (var one in before.Where(one => one.IsOn != wanted.Contains(one.Purpose)))
                if (one.IsOn) await Withdraw(tx, customer.Id, [one.Purpose]);
                else await consents.Give(tx, customer.Id, Everywhere([one.Purpose]), "customer", Here);
            await customers.SavePreferences(tx, customer.Id, preferences, "customer");
            if (language is not null && language != customer.Language) await customers.SetLanguage(tx, customer.Id, language);
        }

        public async Task StopAll(Tx tx, Customer customer)
        {
            await CustomerLock.Take(tx, [customer.Id]);
            await Withdraw(tx, customer.Id, ConsentView.Switchable);
        }

        private async Task Withdraw(Tx tx, string customerId, IReadOnlyList<Purpose> purposes)
        {
            await consents.Withdraw(tx, customerId, Everywhere(purposes), "customer", Here);
            foreach (var ended in await followUps.Withdraw(tx, customerId, followUp => purposes.Contains(followUp.Purpose), "customer")) await slots.Release(tx, ended.Id);
        }

        private static IEnumerable<(Purpose, Channel)> Everywhere(IReadOnlyList<Purpose> purposes) => purposes.SelectMany(purpose => Enum.GetValues<Channel>().Select(channel => (purpose, channel)));
    }
}
