using System.Security.Cryptography;
using System.Text;
using Huifang.Accounts;

namespace Huifang.Api;

/// <summary>
/// <c>Idempotency-Key</c> on every POST of the API: the same key with the same body gets the same answer for seven days; with another body it is a conflict. Stands behind authorization, so that nobody gets
/// another client's answer.
/// </summary>
public static class IdempotencyKeys
{
    private const string Header = "Idempotency-Key";

    public static void Use(WebApplication app) => app.Use(async (http, next) =>
    {
        if (!HttpMethods.IsPost(http.Request.Method) || !http.Request.Path.StartsWithSegments("/v1") || !http.Request.Headers.TryGetValue(Header, out var header) || http.User.Identity?.AuthenticationType != ApiKeyScheme.Name) { await next(); return; }
        var key = header.ToString();
        if (key.Length is 0 or > IdempotencyDesk.KeyLengthMax || key.Any(letter => letter is < '!' or > '~')) { await Refuse(http, 422, "The Idempotency-Key must be 1 to 128 visible ASCII letters.", "bad-key"); return; }
        var desk = http.RequestServices.GetRequiredService<IdempotencyDesk>();
        var request = await HashOf(http.Request);
        switch (await desk.Take(http.User.Id(), key, request, http.RequestAborted))
        {
            case Idempotent.Again(var status, var type, var body):
                http.Response.StatusCode = status;
                http.Response.ContentType = type;
                http.Response.Headers["Idempotency-Replayed"] = "true";
                await http.Response.Body.WriteAsync(body);
                break;
            case Idempotent.Running:
                http.Response.Headers.RetryAfter = "1";
                await Refuse(http, 409, "The same request is being done at this moment. Ask again in a second.", "in-progress");
                break;
            case Idempotent.Other: await Refuse(http, 409, "This Idempotency-Key was used for another request. Nothing was changed.", "used-for-another-request"); break;
            default: await Do(http, _ => next(), desk, key); break;
        }
    });

    private static async Task Do(HttpContext http, RequestDelegate next, IdempotencyDesk desk, string key)
    {
        var outside = http.Response.Body;
        using var inside = new MemoryStream();
        http.Response.Body = inside;
        try { await next(http); }
        catch (Exception)
        {
            // What failed may be tried again at once, not after the lease. When even this cannot be written the lease ends by itself.
            try { await desk.Keep(http.User.Id(), key, StatusCodes.Status500InternalServerError, null, []); } catch (Exception) { }
            throw;
        }
        finally { http.Response.Body = outside; }
        await desk.Keep(http.User.Id(), key, http.Response.StatusCode, http.Response.ContentType, inside.ToArray());
        inside.Position = 0;
        await inside.CopyToAsync(outside);
    }

    private static async Task<byte[]> HashOf(HttpRequest request)
    {
        request.EnableBuffering();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Method} {request.Path}{request.QueryString}\n"));
        var buffer = new byte[16 * 1024];
        for (int read; (read = await request.Body.ReadAsync(buffer)) > 0;) hash.AppendData(buffer.AsSpan(0, read));
        request.Body.Position = 0;
        return hash.GetHashAndReset();
    }

    private static Task Refuse(HttpContext http, int status, string title, string reason) =>
        Results.Problem(statusCode: status, title: title, instance: http.Request.Path, extensions: new Dictionary<string, object?> { ["field"] = Header, ["reason"] = reason }).ExecuteAsync(http);
}
