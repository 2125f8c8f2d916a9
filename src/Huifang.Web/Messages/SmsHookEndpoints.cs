using Huifang.Accounts;
using Huifang.SmsHttp;
using Huifang.Storage;

namespace Huifang.Messages;

/// <summary>Where an SMS gateway tells receipts and replies. Confirmed only after they are kept; what is not signed is not read.</summary>
public static class SmsHookEndpoints
{
    private const int BodyMax = 64 * 1024;

    public static void MapSmsHook(this IEndpointRouteBuilder app)
    {
        if (app.ServiceProvider.GetService<SmsHook>() is not { } hook) return;
        app.MapPost("/v1/hooks/sms", async (HttpRequest request, Store store, MessageDesk desk, ReplyDesk replies, CancellationToken stop) =>
        {
            if (request.ContentLength is null or > BodyMax) return Results.Problem(statusCode: StatusCodes.Status413PayloadTooLarge);
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body, stop);
            switch (hook.Read(request.Headers["webhook-id"], request.Headers["webhook-timestamp"], request.Headers["webhook-signature"], body.ToArray()))
            {
                case HookCall.Receipt(var receipt): await store.Write(tx => desk.Receive(tx, receipt), stop); break;
                case HookCall.Arrival(var arrival): await store.Write(tx => replies.Take(tx, arrival), stop); break;
                case HookCall.Refused(var reason): return Results.Problem(statusCode: reason is "unreadable" or "unknown-type" ? 422 : 401, title: reason);
            }
            return Results.NoContent();
        }).DisableAntiforgery().Open("The gateway's signature is the proof.").WithTags("Messages");
    }
}
