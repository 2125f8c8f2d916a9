using Huifang.Accounts;
using Huifang.Security;
using Huifang.Shell;
using Huifang.Storage;
using Huifang.Webhooks;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Huifang.Integrations;

/// <summary>What the page of keys and webhooks shows.</summary>
/// <param name="Shown">A key or secret that was made just now, shown this once.</param>
public sealed record IntegrationsView(string Tab, IReadOnlyList<ApiKeyLine> Keys, IReadOnlyList<Webhooks.Endpoint> Hooks, IReadOnlyList<(string EndpointId, string State, long Count)> Counts, IReadOnlyList<Delivery> Dead, KeyState? Master, IReadOnlyList<string> MasterIds, bool IsInHsm, string? Shown, string? Said);

/// <summary>Keys of the wallet's systems, webhooks, and the master keys, for administrators. Whatever makes, ends or rotates asks for a fresh proof.</summary>
public static class IntegrationEndpoints
{
    public static void MapIntegrations(this WebApplication app)
    {
        app.MapGet("/integrations", (HttpContext http, IntegrationParts parts, string tab = "keys", string? said = null) => Show(http, parts, tab, said, null)).RequireAuthorization(Permission.Integrate);
        var edit = app.MapGroup("/integrations").RequireAuthorization(Permission.Integrate).NeedsFreshProof();
        edit.MapPost("keys", MakeKey);
        edit.MapPost("keys/{id}/rotate", RotateKey);
        edit.MapPost("keys/{id}/end", async (string id, HttpContext http, IntegrationParts parts) => Back("keys", await parts.Store.Write(tx => parts.Keys.Revoke(tx, id, http.User.Id()), http.RequestAborted) == 1 ? "Ended" : "Gone"));
        edit.MapPost("webhooks", AddHook);
        edit.MapPost("webhooks/{id}/rotate", async (string id, HttpContext http, IntegrationParts parts) => await parts.Store.Write(tx => parts.Hooks.Rotate(tx, id, http.User.Id()), http.RequestAborted) is { } secret ? await Show(http, parts, "webhooks", "Secret", secret) : Back("webhooks", "Gone"));
        edit.MapPost("webhooks/{id}/live", (string id, HttpContext http, IntegrationParts parts) => SetLive(id, true, http, parts));
        edit.MapPost("webhooks/{id}/pause", (string id, HttpContext http, IntegrationParts parts) => SetLive(id, false, http, parts));
        edit.MapPost("webhooks/{id}/remove", async (string id, HttpContext http, IntegrationParts parts) => Back("webhooks", await parts.Store.Write(tx => parts.Hooks.Remove(tx, id, http.User.Id()), http.RequestAborted) ? "Removed" : "Gone"));
        edit.MapPost("webhooks/{id}/resend", async (string id, HttpContext http, IntegrationParts parts) => Back("webhooks", await parts.Store.Write(tx => parts.Hooks.ResendDead(tx, id, http.User.Id()), http.RequestAborted) > 0 ? "Resent" : "Gone"));
        edit.MapPost("deliveries/{id}/resend", async (string id, HttpContext http, IntegrationParts parts) => Back("webhooks", await parts.Store.Write(tx => parts.Hooks.Resend(tx, id, http.User.Id()), http.RequestAborted) ? "Resent" : "Gone"));
        edit.MapPost("master/rotate", async (HttpContext http, IntegrationParts parts) => { await parts.Rotation.Begin(http.User.Id()); return Back("master", "Rotating"); });
        edit.MapPost("master/{id}/retire", async (string id, HttpContext http, IntegrationParts parts) => Back("master", await parts.Rotation.Retire(id, http.User.Id()) is { } refusal ? refusal.ToString() : "Retired"));
    }

    private static async Task<IResult> Show(HttpContext http, IntegrationParts parts, string tab, string? said, string? shown)
    {
        tab = tab is "webhooks" or "master" ? tab : "keys";
        var view = await parts.Store.Read(async tx => new IntegrationsView(tab, tab == "keys" ? await parts.Keys.All(tx) : [], tab == "webhooks" ? await parts.Hooks.All(tx) : [], tab == "webhooks" ? await parts.Hooks.Counts(tx) : [], tab == "webhooks" ? await parts.Hooks.Dead(tx) : [],
            tab == "master" ? await parts.Rotation.State(tx) : null, parts.Ring.Ids, parts.Guard is not PlainGuard, shown, said), http.RequestAborted);
        return new RazorComponentResult<IntegrationsPage>(new { View = view });
    }

    private static async Task<IResult> MakeKey([FromForm] string? name, [FromForm] int days, HttpContext http, IntegrationParts parts)
    {
        string[] scopes = [.. (await http.Form())["scopes"].OfType<string>()];
        if (string.IsNullOrWhiteSpace(name) || name.Length > 60 || scopes.Length == 0 || scopes.Any(scope => !Scope.All.Contains(scope)) || days is < 1 or > ApiKeyDesk.DaysMax) return Back("keys", "Missing");
        var key = await parts.Store.Write(tx => parts.Keys.Make(tx, name.Trim(), scopes, parts.Clock.Now.AddDays(days), http.User.Id()), http.RequestAborted);
        return await Show(http, parts, "keys", "Key", key);
    }

    private static async Task<IResult> RotateKey(string id, HttpContext http, IntegrationParts parts) =>
        await parts.Store.Write(tx => parts.Keys.Rotate(tx, id, parts.Clock.Now.AddDays(365), http.User.Id()), http.RequestAborted) is { } key ? await Show(http, parts, "keys", "Key", key) : Back("keys", "Gone");

    private static async Task<IResult> AddHook([FromForm] string? url, HttpContext http, IntegrationParts parts)
    {
        string[] kinds = [.. (await http.Form())["kinds"].OfType<string>()];
        var (made, secret, refusal) = await parts.Store.Write(tx => parts.Hooks.Add(tx, url?.Trim() ?? "", kinds, http.User.Id()), http.RequestAborted);
        return made is null ? Back("webhooks", refusal!.Reason) : await Show(http, parts, "webhooks", "Secret", secret);
    }

    private static async Task<IResult> SetLive(string id, bool live, HttpContext http, IntegrationParts parts) =>
        Back("webhooks", await parts.Store.Write(tx => parts.Hooks.SetLive(tx, id, live, http.User.Id()), http.RequestAborted) ? "Saved" : "Gone");

    private static IResult Back(string tab, string said) => Results.Redirect($"/integrations?tab={Uri.EscapeDataString(tab)}&said={Uri.EscapeDataString(said)}");
}

/// <summary>What the page's verbs need.</summary>
public sealed record IntegrationParts(Store Store, ApiKeyDesk Keys, WebhookDesk Hooks, KeyRotation Rotation, Keyring Ring, IKeyGuard Guard, StaffClock Clock);
