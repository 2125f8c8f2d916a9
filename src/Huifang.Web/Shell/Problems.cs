using System.Diagnostics;
using Huifang.Accounts;
using Huifang.Storage;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Huifang.Shell;

/// <summary>What is shown when something went wrong: a problem document (RFC 9457) for machines, a page in plain words for people.</summary>
public static class Problems
{
    public static void Use(WebApplication app)
    {
        app.UseExceptionHandler(failed => failed.Run(page =>
        {
            var status = StatusOf(page.Features.Get<IExceptionHandlerFeature>()?.Error);
            if (status == 503) page.Response.Headers.RetryAfter = "2";
            return Show(page, status);
        }));
        app.UseStatusCodePages(wrong => Show(wrong.HttpContext, wrong.HttpContext.Response.StatusCode));
    }

    private static int StatusOf(Exception? failed) => failed switch
    {
        BadHttpRequestException bad => bad.StatusCode,
        // A form so broken that its token cannot be found.
        AntiforgeryValidationException => StatusCodes.Status400BadRequest,
        // JSON whose text is no UTF-8: found only when it is read.
        InvalidOperationException { InnerException: System.Text.DecoderFallbackException } => StatusCodes.Status400BadRequest,
        not null when StorageFailure.IsFull(failed) => StatusCodes.Status507InsufficientStorage,
        not null when StorageFailure.IsAway(failed) => StatusCodes.Status503ServiceUnavailable,
        _ => 500,
    };

    private static Task Show(HttpContext page, int status)
    {
        page.Response.StatusCode = status;
        if (IsMachine(page)) return Results.Problem(statusCode: status, instance: page.Request.Path, extensions: Extensions(page)).ExecuteAsync(page);
        // A component page that ended early left this header behind, and the problem page would add it a second time.
        page.Response.Headers.Remove("blazor-enhanced-nav");
        if (page.Request.Headers.ContainsKey("HX-Request") && status is 401) page.Response.Headers["HX-Redirect"] = "/signin";
        return new RazorComponentResult<ProblemPage>(new { Status = status, Trace = Trace(page), Refusal = Refusals.Of(page) }) { StatusCode = status, PreventStreamingRendering = true }.ExecuteAsync(page);
    }

    private static Dictionary<string, object?> Extensions(HttpContext page)
    {
        var extensions = new Dictionary<string, object?> { ["trace"] = Trace(page) };
        if (Refusals.Of(page) is { } refusal) extensions["reason"] = refusal.ToString();
        return extensions;
    }

    /// <summary>The number a person can quote so that we find what happened.</summary>
    private static string Trace(HttpContext page) => Activity.Current?.TraceId.ToString() ?? page.TraceIdentifier;

    private static bool IsMachine(HttpContext page) =>
        page.Request.Path.StartsWithSegments("/v1") || page.Request.Path.StartsWithSegments("/health") || page.Request.Path.StartsWithSegments("/openapi");
}
