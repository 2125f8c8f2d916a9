using Huifang.Accounts;
using Huifang.Contacts;
using Huifang.Customers;
using Huifang.FollowUps;
using Huifang.Messages;
using Huifang.Portal;
using Huifang.Storage;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Mvc;

namespace Huifang.Demo;

/// <summary>The people whom a visitor of the demo may be.</summary>
public sealed record DemoHouse(IReadOnlyList<Staff> Staff, IReadOnlyList<(Customer Customer, FollowUp FollowUp)> Customers);

/// <summary>What a demo customer has on her phone: texts both ways, and letters.</summary>
public sealed record DemoPhone(Customer Customer, IReadOnlyList<(DateTimeOffset At, bool Mine, string Text, string? Link)> Texts, IReadOnlyList<SeenMessage> Letters, DateTimeOffset Now)
{
    public TimeZoneInfo Zone => CustomerAtHome.ZoneOf(Customer);
}

/// <summary>Lets anybody be anybody, in the demo only, which listens on this machine alone.</summary>
public sealed class DemoDoor(Settings settings, Store store, DemoReads reads, TimeProvider time)
{
    private const int CustomersShown = 12;

    public bool IsOpen => settings.IsDemo;

    public Task<DemoHouse> People() => store.Read(async tx =>
    {
        var open = await reads.FollowUps.Lively(tx, CustomersShown);
        var people = await reads.Customers.Load(tx, open.Select(followUp => followUp.CustomerId));
        return new DemoHouse(await reads.Accounts.All(tx), [.. open.Where(followUp => people.ContainsKey(followUp.CustomerId)).DistinctBy(followUp => followUp.CustomerId).Select(followUp => (people[followUp.CustomerId], followUp))]);
    });

    public Task<DemoPhone?> Phone(string customerId) => store.Read<DemoPhone?>(async tx =>
    {
        if (await reads.Customers.Find(tx, customerId) is not { } customer) return null;
        var messages = (await reads.Messages.OfCustomer(tx, customerId)).Where(seen => seen is { Body: not null, Message.State: MessageState.Sent or MessageState.Delivered }).ToList();
        var replies = await reads.Messages.RepliesOf(tx, customerId);
        var texts = messages.Where(seen => seen.Message.Channel == Channel.Sms).Select(seen => (seen.Message.SentAt ?? seen.Message.QueuedAt, false, seen.Body!.Text, seen.Body.Link))
            .Concat(replies.Select(reply => (reply.Reply.ReceivedAt, true, reply.Text, (string?)null))).OrderBy(text => text.Item1);
        return new(customer, [.. texts], [.. messages.Where(seen => seen.Message.Channel == Channel.Email)], time.GetUtcNow());
    });

    /// <summary>Her reply, as the network would bring it.</summary>
    public Task Reply(string customerId, string text) => store.Write(async tx =>
    {
        if (await reads.Customers.Find(tx, customerId) is { } customer && customer.Points.FirstOrDefault(point => point.Kind == PointKind.Phone)?.Value is { } phone)
            await reads.Replies.Take(tx, new LineArrival(Guid.CreateVersion7().ToString(), phone, text, time.GetUtcNow()));
    });

    public Task<SeenMessage?> Letter(string customerId, string messageId) => store.Read<SeenMessage?>(async tx => await reads.Messages.Find(tx, messageId) is { } seen && seen.Message.CustomerId == customerId ? seen : null);
}

/// <summary>What the demo's door reads from other rooms.</summary>
public sealed record DemoReads(AccountDesk Accounts, CustomerDesk Customers, FollowUpDesk FollowUps, MessageBoard Messages, ReplyDesk Replies);

/// <summary>The demo's ways in. None of them exists outside a demo.</summary>
public static class DemoEndpoints
{
    public static void MapDemo(this WebApplication app)
    {
        var isDemo = app.Services.GetRequiredService<Settings>().IsDemo;
        app.MapGet("/", (HttpContext page) => Results.Redirect(
            Shell.StaffRoom.All.FirstOrDefault(room => room.IsOpenTo(page.User)) is { } room ? room.Path : isDemo ? "/demo" : "/recognise")).Open("It only leads on to where who asks may be.");
        if (!isDemo) return;
        var demo = app.MapGroup("/demo").Open("A demo lets anybody in, on this machine alone.");
        demo.MapPost("/staff", async ([FromForm] string id, HttpContext page, Store store, AccountDesk desk) =>
        {
            if (await store.Write(tx => desk.DemoSignIn(tx, id, page.Request.Headers.UserAgent.ToString()), page.RequestAborted) is not { } signedIn) return Results.Redirect("/demo");
            await page.SignInAsync(StaffSession.Scheme, StaffSession.Principal(signedIn.Staff, signedIn.SessionId));
            if (page.Request.Cookies[Shell.PageLanguage.Cookie] is null) Shell.PageLanguage.Keep(page, signedIn.Staff.Language);
            return Results.Redirect(Shell.StaffRoom.All.First(room => room.IsOpenTo(StaffSession.Principal(signedIn.Staff, signedIn.SessionId))).Path);
        });
        demo.MapPost("/customer", async ([FromForm] string id, HttpContext page) =>
        {
            await page.SignInAsync(StaffSession.PortalScheme, StaffSession.Customer(id, page.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow()));
            return Results.Redirect("/me");
        });
        demo.MapPost("/phone/{id}", async (string id, [FromForm] string text, DemoDoor door) =>
        {
            await door.Reply(id, text.Length > 300 ? text[..300] : text);
            return Results.Redirect($"/demo/phone/{Uri.EscapeDataString(id)}");
        });
        demo.MapGet("/phone/{id}/mail/{message}", async (string id, string message, HttpContext page, DemoDoor door, MessageWriter writer) => OutboxEndpoints.Letter(page, writer, await door.Letter(id, message)));
    }
}
