using Huifang.Accounts;
using Huifang.Storage;

namespace Huifang.Messages;

/// <summary>What stands beside the outbox page: the letter as its reader sees it, and "I have read this reply".</summary>
public static class OutboxEndpoints
{
    // A letter carries its own styles and nothing else: no script, no picture, no form, in a frame of ours only.
    private const string LetterPolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'";

    public static void MapOutbox(this IEndpointRouteBuilder app)
    {
        app.MapGet("/outbox/{id}/mail", LetterOf).RequireAuthorization(Permission.SeeMessages);
        app.MapPost("/outbox/replies/{id}", async (string id, HttpContext page, Store store, ReplyDesk replies, TimeProvider time) =>
        {
            await store.Write(tx => replies.Settle(tx, id, time.GetUtcNow(), page.User.Id()), page.RequestAborted);
            return Results.Redirect("/outbox?show=replies");
        }).RequireAuthorization(Permission.SeeMessages);
    }

    /// <summary>The letter with its links opening in a tab of their own.</summary>
    public static IResult Letter(HttpContext page, MessageWriter writer, SeenMessage? seen)
    {
        if (seen?.Body is not { } body) return Results.NotFound();
        page.Response.Headers.ContentSecurityPolicy = LetterPolicy;
        var html = writer.Html(new(body.Subject, body.Text, body.Action), body.Link, seen.Message.Language);
        return Results.Content(html.Replace("<head>", "<head><base target=\"_blank\">", StringComparison.Ordinal), "text/html; charset=utf-8");
    }

    private static async Task<IResult> LetterOf(string id, HttpContext page, Store store, MessageBoard board, MessageWriter writer) =>
        Letter(page, writer, await store.Read(tx => board.Find(tx, id), page.RequestAborted));
}
