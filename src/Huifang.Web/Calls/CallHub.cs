using System.Security.Claims;
using Huifang.Accounts;
using Huifang.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.SignalR;

namespace Huifang.Calls;

/// <summary>
/// Carries the signalling of one call between its two sides, and "look again" to pages. Each side proves itself with its own cookie, and only the agent who has
/// the call and the customer who is called are let in. It never sees the sound: that goes from browser to browser.
/// </summary>
[Authorize(Policy = Policy)]
public sealed class CallHub(Store store, CallDesk calls, CallVerifier verifier) : Hub
{
    public const string Path = "/hub/call";
    public const string Policy = "call-hub";

    /// <summary>A session description with many candidates stays under this.</summary>
    public const int SignalMax = 64 * 1024;

    private const string SideKey = "side";
    private const string CallKey = "call";

    public override async Task OnConnectedAsync()
    {
        var query = Context.GetHttpContext()!.Request.Query;
        var (side, id) = (query["side"].ToString(), query["call"].ToString());
        if (side == "board")
        {
            if (!Context.User!.May(Permission.Desk) && !Context.User!.May(Permission.Supervise) && !Context.User!.May(Permission.SeePlan)) { Context.Abort(); return; }
            await Groups.AddToGroupAsync(Context.ConnectionId, "live");
            return;
        }
        var who = Identity(side == "agent" ? StaffSession.Scheme : StaffSession.PortalScheme);
        var call = who is null ? null : await store.Read(tx => calls.Find(tx, id));
        if (call is null || call.FinishedAt is not null || who != (side == "agent" ? call.AgentId : call.CustomerId)) { Context.Abort(); return; }
        (Context.Items[SideKey], Context.Items[CallKey]) = (side, id);
        await Groups.AddToGroupAsync(Context.ConnectionId, Group(id, side));
        await Groups.AddToGroupAsync(Context.ConnectionId, $"call:{id}");
        if (side == "agent") await Groups.AddToGroupAsync(Context.ConnectionId, "live");
    }

    /// <summary>The customer picks up: her session is the first proof.</summary>
    public async Task<bool> PickUp()
    {
        if (Context.Items[SideKey] is not "customer" || Context.Items[CallKey] is not string id) return false;
        var joined = await store.Write(tx => verifier.Join(tx, id, Identity(StaffSession.PortalScheme)!));
        if (!joined.Ok) return false;
        await Clients.Group(Group(id, "agent")).SendAsync("ready");
        return true;
    }

    /// <summary>"I am here": the other side begins, or begins again after a broken line.</summary>
    public Task Here() => Context.Items[CallKey] is string id ? Clients.Group(Group(id, Other())).SendAsync("here") : Task.CompletedTask;

    /// <summary>One message of the connection set-up, to the other side only, and only while the call lives.</summary>
    public async Task Signal(string kind, string payload)
    {
        if (Context.Items[CallKey] is not string id || kind is not ("offer" or "answer" or "candidate") || payload.Length > SignalMax) return;
        if (await store.Read(tx => calls.Find(tx, id)) is not { EndedAt: null }) return;
        await Clients.Group(Group(id, Other())).SendAsync("signal", kind, payload);
    }

    private string Other() => Context.Items[SideKey] is "agent" ? "customer" : "agent";

    private static string Group(string id, string side) => $"call:{id}:{side}";

    private string? Identity(string scheme) =>
        Context.User?.Identities.FirstOrDefault(identity => identity.AuthenticationType == scheme)?.FindFirst(ClaimTypes.NameIdentifier)?.Value;
}

/// <summary>Hands "look again" from the house to open pages.</summary>
public sealed class LiveRelay(LiveFeed feed, IHubContext<CallHub> hub) : IHostedService
{
    public Task StartAsync(CancellationToken stop) { feed.Looked += Relay; return Task.CompletedTask; }

    public Task StopAsync(CancellationToken stop) { feed.Looked -= Relay; return Task.CompletedTask; }

    private void Relay(string topic) => _ = hub.Clients.Group(topic).SendAsync("look");
}
