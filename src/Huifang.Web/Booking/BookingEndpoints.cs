using Huifang.Accounts;
using Huifang.Contacts;
using Huifang.Feedback;
using Huifang.Languages;
using Huifang.Messages;
using Huifang.Shell;
using Huifang.Storage;
using Microsoft.AspNetCore.Mvc;

namespace Huifang.Booking;

/// <summary>The answers from pages behind a signed link. Each leads back to a page that shows what is true now, so that sending twice changes nothing.</summary>
public static class BookingEndpoints
{
    private const int WordsMax = 2000;

    public static void MapBooking(this IEndpointRouteBuilder app)
    {
        var link = app.MapGroup("").Open("The signed link is the proof.");
        link.MapPost("/r/{token}/book", (string token, [FromForm] string? slot, [FromForm] string? from, HttpContext page, BookingDesk desk, Links links, Store store) =>
            Answer(page, links, store, token, (tx, id) => slot switch
            {
                null or "" => Task.FromResult<BookingAnswer?>(null),
                "none" => Known(desk.Decline(tx, id, "customer")),
                _ => Known(desk.Book(tx, id, slot, "customer")),
            }, from == "slots" ? "/slots" : ""));
        link.MapPost("/r/{token}/decline", (string token, HttpContext page, BookingDesk desk, Links links, Store store) => Answer(page, links, store, token, (tx, id) => Known(desk.Decline(tx, id, "customer"))));
        link.MapPost("/r/{token}/never", (string token, HttpContext page, BookingDesk desk, Links links, Store store) => Answer(page, links, store, token, (tx, id) => Known(desk.Never(tx, id, "customer", "link"))));
        link.MapPost("/r/{token}/other", (string token, [FromForm] Channel channel, HttpContext page, BookingDesk desk, Links links, Store store) =>
            channel is not (Channel.InApp or Channel.Sms or Channel.Email) ? Task.FromResult(Results.Problem(statusCode: 400)) : Answer(page, links, store, token, (tx, id) => Known(desk.InWriting(tx, id, channel, "customer"))));
        // Mail programs press this button themselves (RFC 8058) and bring no form token: the link's signature is the proof.
        link.MapPost("/r/{token}/stop", async (string token, BookingDesk desk, Links links, Store store, CancellationToken stop) =>
        {
            if (links.Read(token) is not LinkReading.Valid { Kind: LinkKind.Booking, Subject: var id }) return Results.Redirect($"/r/{Uri.EscapeDataString(token)}");
            await store.Write(tx => desk.StopLetters(tx, id), stop);
            return Results.Redirect($"/r/{Uri.EscapeDataString(token)}/stop?done=1");
        }).DisableAntiforgery();
        link.MapGet("/r/{token}/call.ics", CalendarFile);
        link.MapPost("/s/{token}", Rate);
    }

    private static async Task<IResult> Answer(HttpContext page, Links links, Store store, string token, Func<Tx, string, Task<BookingAnswer?>> answer, string sheet = "")
    {
        if (links.Read(token) is not LinkReading.Valid { Kind: LinkKind.Booking, Subject: var id }) return Results.Redirect($"/r/{Uri.EscapeDataString(token)}");
        return await store.Write(tx => answer(tx, id), page.RequestAborted) switch
        {
            null => Results.Redirect($"/r/{Uri.EscapeDataString(token)}/slots?no=pick"),
            BookingAnswer.SlotGone => Results.Redirect($"/r/{Uri.EscapeDataString(token)}{sheet}?no=gone"),
            _ => Results.Redirect($"/r/{Uri.EscapeDataString(token)}"),
        };
    }

    private static async Task<BookingAnswer?> Known(Task<BookingAnswer> answer) => await answer;

    private static async Task<IResult> CalendarFile(string token, HttpContext page, LinkAccess access, MessageSettings settings, TimeProvider time, Microsoft.Extensions.Localization.IStringLocalizer<BookingText> texts)
    {
        if (await access.Open(page, token, offers: 0) is not LinkOpens.Page { View: { FollowUp: { PromisedFrom: { } from, PromisedTo: { } to } } view }) return Results.Redirect($"/r/{Uri.EscapeDataString(token)}");
        var words = new BookingWords(view, texts);
        var sender = settings.Operator.In(PageLanguage.Current);
        var file = Calendar.Write(new($"{view.FollowUp.Id}@care", (int)(time.GetUtcNow().ToUnixTimeSeconds() / 60 % int.MaxValue), time.GetUtcNow(), from, to,
            $"{sender} · {texts["CallsYou", words.Agent]}", $"{words.Cause}\n{texts["NeverAsk"]}: {texts["NeverAsk1"]}")
        {
            OrganizerName = sender, OrganizerMail = settings.FromMail, Url = $"{settings.BaseAddress}/r/{token}", RemindMinutesBefore = 20,
        });
        return Results.File(System.Text.Encoding.UTF8.GetBytes(file), $"{Calendar.MediaType}; charset=utf-8", "call.ics");
    }

    private static async Task<IResult> Rate(string token, [FromForm] int? stars, [FromForm] string? words, HttpContext page, Links links, Store store, FeedbackDesk feedback, BookingBoard board, TimeProvider time)
    {
        if (links.Read(token) is not LinkReading.Valid { Kind: LinkKind.Survey, Subject: var id }) return Results.Redirect($"/s/{Uri.EscapeDataString(token)}");
        if (stars is not (>= 1 and <= 5)) return Results.Redirect($"/s/{Uri.EscapeDataString(token)}?no=pick");
        var text = words is { Length: > WordsMax } ? words[..WordsMax] : words ?? "";
        var kept = await store.Write(async tx => await board.Look(tx, id, 0) is not { } view ? -1
            : await feedback.Keep(tx, [new FeedbackItem("survey", id, view.Customer.Id, time.GetUtcNow(), Language.For(view.Customer.Language) ?? Language.Simplified, text, stars) { FollowUpId = id }], "customer"), page.RequestAborted);
        return Results.Redirect($"/s/{Uri.EscapeDataString(token)}?did={(kept > 0 ? "new" : "twice")}");
    }
}
