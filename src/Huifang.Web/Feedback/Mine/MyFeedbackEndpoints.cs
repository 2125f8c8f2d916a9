using Huifang.Accounts;
using Huifang.Portal;
using Huifang.Storage;
using Microsoft.AspNetCore.Mvc;

namespace Huifang.Feedback;

/// <summary>The texts of the customer's feedback page: MyFeedbackText.resx (zh-Hans), .zh-Hant and .en.</summary>
public sealed class MyFeedbackText;

/// <summary>The feedback button of the portal: words, how she feels, and a picture of the screen if she likes.</summary>
public static class MyFeedbackEndpoints
{
    private const int WordsMax = 4000;
    private const long FormBytesMax = Pictures.BytesMax + 64 * 1024;

    internal static void MapMyFeedback(this WebApplication app) => app.MapPost("/me/feedback", Take).RequireAuthorization(StaffSession.PortalScheme).WithMetadata(new RequestSizeLimitAttribute(FormBytesMax));

    private static async Task<IResult> Take([FromForm] string? words, [FromForm] int? rating, [FromForm] string? once, HttpContext http, CustomerAtHome atHome, FeedbackDesk feedback)
    {
        if (await atHome.Who(http) is not { } customer) return Results.Redirect("/recognise");
        if (string.IsNullOrWhiteSpace(words)) return Results.Redirect("/me/feedback?no=words");
        var (picture, refused) = await Pictures.Read(http);
        if (refused is not null) return Results.Redirect($"/me/feedback?no={refused}");
        var id = once is { Length: > 8 and <= 60 } ? $"{customer.Id}:{once}" : $"{customer.Id}:{Guid.CreateVersion7(atHome.Now):N}";
        var item = new FeedbackItem(FeedbackSource.Button, id, customer.Id, atHome.Now, customer.Language, words.Length > WordsMax ? words[..WordsMax] : words, rating is >= 1 and <= 5 ? rating : null)
        {
            Channel = "app", Segment = customer.Segments.Count > 0 ? customer.Segments[0] : null, Region = customer.Country, AppVersion = customer.Attributes.GetValueOrDefault("app_version"),
        };
        var kept = await atHome.Store.Write(async tx =>
        {
            var ids = await feedback.KeepEach(tx, [item], "customer");
            if (picture is { } shown && ids.TryGetValue(id, out var record)) await feedback.Attach(tx, record, customer.Id, shown.MediaType, shown.Content);
            return ids.Count;
        }, http.RequestAborted);
        return Results.Redirect($"/me/feedback?did={(kept > 0 ? "new" : "twice")}");
    }
}

/// <summary>Reads a picture that somebody sends: what it is is seen from its bytes, whatever it calls itself.</summary>
public static class Pictures
{
    public const int BytesMax = 5 * 1024 * 1024;

    /// <returns>The picture if there is one; why it is refused: picture-large or picture-kind.</returns>
    public static async Task<((string MediaType, byte[] Content)? Picture, string? Refused)> Read(HttpContext http)
    {
        if (!http.Request.HasFormContentType || (await http.Form()).Files.FirstOrDefault(file => file.Length > 0) is not { } file) return (null, null);
        if (file.Length > BytesMax) return (null, "picture-large");
        var content = new byte[file.Length];
        await using var stream = file.OpenReadStream();
        await stream.ReadExactlyAsync(content, http.RequestAborted);
        return KindOf(content) is { } kind ? ((kind, content), null) : (null, "picture-kind");
    }

    /// <summary>PNG, JPEG or WebP by their first bytes; null for anything else, also SVG, which may hold scripts.</summary>
    public static string? KindOf(ReadOnlySpan<byte> content) => content switch
    {
        [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => "image/png",
        [0xFF, 0xD8, 0xFF, ..] => "image/jpeg",
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => "image/webp",
        _ => null,
    };
}
