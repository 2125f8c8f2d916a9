using Huifang.Accounts;
using Huifang.Scripts;
using Huifang.Shell;
using Huifang.Storage;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Huifang.Calls;

/// <summary>The call desk: one page, its panels, and the verbs behind its keys. Every verb answers with the panel that changed and tells the others to look again.</summary>
public static class DeskEndpoints
{
    /// <summary>The event on which panels fetch themselves anew.</summary>
    public const string LookAgain = "hf-look";

    public static void MapDesk(this WebApplication app)
    {
        var desk = app.MapGroup("/desk").RequireAuthorization(Permission.Desk).AddEndpointFilter<FormToken>().DisableAntiforgery();
        desk.MapGet("", Show);
        desk.MapGet("panels/{panel}", Panel);
        desk.MapPost("next", Next);
        var call = desk.MapGroup("calls/{id}").About(Thing.Call);
        call.MapPost("arm", (string id, DeskVerbs verbs) => verbs.Verify(id, (tx, verifier, agent) => verifier.Arm(tx, id, agent)));
        call.MapPost("ask", (string id, DeskVerbs verbs) => verbs.Verify(id, (tx, verifier, agent) => verifier.Ask(tx, id, agent)));
        call.MapPost("step-up", (string id, [FromForm] string act, DeskVerbs verbs) => verbs.Verify(id, (tx, verifier, agent) => verifier.Ask(tx, id, agent, act)));
        call.MapPost("answers", (string id, [FromForm] string question, [FromForm] string? value, [FromForm] string? words, DeskVerbs verbs) =>
            verbs.Script(async (tx, calls, agent) => Plain(await calls.Answer(tx, id, agent, new Answer(question, string.IsNullOrEmpty(value) ? null : value, words)))));
        call.MapPost("back", (string id, DeskVerbs verbs) => verbs.Script(async (tx, calls, agent) => Plain(await calls.Back(tx, id, agent))));
        call.MapPost("deviations/{deviation}", (string id, string deviation, DeskVerbs verbs) => verbs.Script((tx, calls, agent) => calls.Deviate(tx, id, agent, deviation), deviation));
        call.MapPost("note", (string id, [FromForm] string words, DeskVerbs verbs) => verbs.Note(id, words));
        call.MapPost("marks", (string id, [FromForm] string kind, DeskVerbs verbs) => verbs.Quiet((tx, calls, agent) => calls.Mark(tx, id, agent, kind)));
        call.MapPost("hang-up", (string id, DeskVerbs verbs) => verbs.Quiet((tx, calls, agent) => calls.HangUp(tx, id, agent)));
        call.MapPost("give-back", (string id, DeskVerbs verbs) => verbs.GiveBack(id));
        call.MapPost("finish", (string id, HttpContext http, DeskVerbs verbs) => verbs.Finish(id, http));
        call.MapPost("unmask", (string id, [FromForm] Sight.SightField field, DeskVerbs verbs) => verbs.Unmask(id, field)).About(Thing.Call, level: Level.V1);
        desk.MapGet("articles/{key}", ArticleOf);
    }

    private static Done<bool> Plain(Done<ScriptWalk> done) => new(done.Ok, done.Refusal, done.Detail);

    private static async Task<IResult> Show(HttpContext http, DeskVerbs verbs) => new RazorComponentResult<DeskPage>(new { View = await verbs.Look() });

    private static async Task<IResult> Panel(string panel, HttpContext http, DeskVerbs verbs, string? deviation = null, string? q = null)
    {
        var view = await verbs.Look(deviation, search: q);
        // The island compares: when the call in hand is another one, the whole page is asked for.
        http.Response.Headers["X-HF-Call"] = view.Call?.Id ?? "";
        return Draw(panel, view);
    }

    internal static IResult Draw(string panel, DeskView view) => panel switch
    {
        // The call is over, perhaps in another window: these have nothing to draw, and the island asks for the whole page.
        "head" or "promise" or "customer" or "script" or "verify" or "knowledge" or "outcome" when view.Call is null => Results.NoContent(),
        "head" => new RazorComponentResult<CallHead>(new { View = view }),
        "promise" => new RazorComponentResult<PromiseBar>(new { View = view }),
        "queue" => new RazorComponentResult<QueuePanel>(new { View = view }),
        "customer" => new RazorComponentResult<CustomerPanel>(new { View = view }),
        "script" => new RazorComponentResult<ScriptPanel>(new { View = view }),
        "verify" => new RazorComponentResult<VerifyPanel>(new { View = view }),
        "knowledge" => new RazorComponentResult<KnowledgePanel>(new { View = view }),
        "outcome" => new RazorComponentResult<OutcomePanel>(new { View = view }),
        _ => Results.NotFound(),
    };

    private static async Task<IResult> Next(HttpContext http, Store store, CallQueue queue, DeskLook look)
    {
        var agent = http.User.Id();
        var taken = await store.Write(async tx => await queue.Take(tx, await look.Reach(tx, agent)), http.RequestAborted);
        return Results.Redirect(taken.Ok ? "/desk" : "/desk?said=NothingWaits");
    }

    private static async Task<IResult> ArticleOf(string key, HttpContext http, Store store, Knowledge.KnowledgeShelf shelf) =>
        await store.Read(tx => shelf.Find(tx, key, PageLanguage.Current), http.RequestAborted) is { } article ? new RazorComponentResult<ArticlePanel>(new { Article = article }) : Results.NotFound();
}

/// <summary>
/// Changes demand the form's token, in a field or a header: the islands send no forms, and a cookie alone proves nothing.
/// </summary>
public sealed class FormToken(IAntiforgery antiforgery) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method)) return await next(context);
        return await antiforgery.IsRequestValidAsync(http) ? await next(context) : Results.Problem(statusCode: 400, title: "The page is too old. Load it again; nothing was changed.");
    }
}
