using Huifang.Accounts;
using Huifang.Languages;
using Huifang.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Huifang.Scripts;

/// <summary>What the script page shows: the draft, the question that is open, its faults, and a trial walk whose answers stand in the address.</summary>
public sealed record ScriptView(Script Draft, Script? Live, int LiveCalls, string? Open, IReadOnlyList<ScriptFinding> Findings, ScriptWalk Trial, string TrialLanguage, bool MayEdit, bool IsDraft)
{
    public Question? Question => Open is null ? null : Draft.Find(Open);
}

/// <summary>Scripts: the shelf, the editor, the check in place, the trial beside it, and putting a version in use.</summary>
public static class ScriptEndpoints
{
    public static void MapScripts(this WebApplication app)
    {
        app.MapGet("/scripts", async (HttpContext http, Store store, ScriptShelf shelf) =>
            new RazorComponentResult<ScriptsPage>(new { Shelf = await store.Read(shelf.All, http.RequestAborted) })).RequireAuthorization(Permission.SeeScripts);
        app.MapGet("/scripts/{key}", Show).RequireAuthorization(Permission.SeeScripts);
        var edit = app.MapGroup("/scripts/{key}").RequireAuthorization(Permission.EditScripts).AddEndpointFilter<Calls.FormToken>().DisableAntiforgery();
        edit.MapPost("questions/{question}", (string key, string question, HttpContext http, Store store, ScriptShelf shelf) => Change(key, question, http, store, shelf, (draft, form) => ScriptForm.Question(draft, question, form)));
        edit.MapPost("questions/{question}/after", (string key, string question, HttpContext http, Store store, ScriptShelf shelf) => Change(key, null, http, store, shelf, (draft, form) => ScriptForm.AddAfter(draft, question, form["aside"] == "true")));
        edit.MapPost("questions/{question}/remove", (string key, string question, HttpContext http, Store store, ScriptShelf shelf) => Change(key, null, http, store, shelf, (draft, _) => ScriptForm.Remove(draft, question)));
        edit.MapPost("questions/{question}/move", (string key, string question, HttpContext http, Store store, ScriptShelf shelf) => Change(key, question, http, store, shelf, (draft, form) => ScriptForm.Move(draft, question, form["up"] == "true" ? -1 : 1)));
        edit.MapPost("deviations/{deviation}", (string key, string deviation, HttpContext http, Store store, ScriptShelf shelf) => Change(key, null, http, store, shelf, (draft, form) => ScriptForm.Deviation(draft, deviation, form)));
        edit.MapPost("publish", Publish);
    }

    private static async Task<IResult> Show(string key, HttpContext http, Store store, ScriptShelf shelf, string? q = null, string? read = null)
    {
        if (key.Length > 40) return Results.NotFound();
        var view = await store.Read(async tx =>
        {
            var all = (await shelf.All(tx)).Where(shelved => shelved.Script.Key == key).ToList();
            if (all.Count == 0) return null;
            var draft = await shelf.Draft(tx, key);
            var live = all.FirstOrDefault(shelved => shelved.State == ScriptState.Live);
            var trial = ScriptWalk.Begin(draft);
            foreach (var given in http.Request.Query["a"].Take(ScriptReader.QuestionsMax))
                if (given?.Split(':', 2) is [var id, var value] && trial.Way.Any(step => step.Question.Id == id))
                    trial = trial.With(new Answer(id, draft.Find(id)?.Kind == QuestionKind.Text ? null : value, draft.Find(id)?.Kind == QuestionKind.Text ? value : null)).Walk;
            return new ScriptView(draft, live?.Script, live?.Calls ?? 0, q ?? draft.All().First().Question.Id, ScriptRules.Check(draft), trial,
                Language.For(read) ?? Shell.PageLanguage.Current, http.User.May(Permission.EditScripts), all.Any(shelved => shelved.State == ScriptState.Draft));
        }, http.RequestAborted);
        return view is null ? Results.NotFound() : new RazorComponentResult<ScriptPage>(new { View = view });
    }

    private static async Task<IResult> Change(string key, string? stay, HttpContext http, Store store, ScriptShelf shelf, Func<Script, IFormCollection, (Script Draft, string? Open)> change)
    {
        var form = await http.Form();
        var open = await store.Write(async tx =>
        {
            var (draft, open) = change(await shelf.Draft(tx, key), form);
            await shelf.Save(tx, draft, http.User.Id());
            return open;
        }, http.RequestAborted);
        return Results.Redirect($"/scripts/{Uri.EscapeDataString(key)}?q={Uri.EscapeDataString(open ?? stay ?? "")}");
    }

    private static async Task<IResult> Publish(string key, HttpContext http, Store store, ScriptShelf shelf)
    {
        var findings = await store.Write(tx => shelf.Publish(tx, key, http.User.Id()), http.RequestAborted);
        return Results.Redirect(findings.Count == 0 ? $"/scripts/{Uri.EscapeDataString(key)}?said=published" : $"/scripts/{Uri.EscapeDataString(key)}?said=faults");
    }
}
