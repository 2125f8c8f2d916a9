using Huifang.Accounts;
using Huifang.Booking;
using Huifang.Calls;
using Huifang.Contacts;
using Huifang.Customers;
using Huifang.FollowUps;
using Huifang.Messages;
using Huifang.Planning;
using Huifang.Shell;
using Huifang.Storage;

namespace Huifang.Portal;

/// <summary>What a signed-in customer finds at home.</summary>
/// <param name="Next">Her next promised call, an invitation that waits for her, or a promise that we broke; each with its link.</param>
public sealed record HomeView(Customer Customer, CallStatus Status, string? CallerName, IReadOnlyList<(BookingView View, string Path)> Next, IReadOnlyList<SeenMessage> Inbox, Slot? FreeSlot, DateTimeOffset Now);

/// <summary>Loads the customer's own pages, for her alone, in her language.</summary>
public sealed class CustomerAtHome(Store store, CustomerDesk customers, BookingBoard board, CustomerReads reads, TimeProvider time)
{
    public DateTimeOffset Now => time.GetUtcNow();
    public Store Store => store;

    /// <summary>Who is signed in; a customer who is no longer there (erased) is signed out by the caller.</summary>
    public Task<Customer?> Who(HttpContext page) => store.Read(tx => customers.Find(tx, page.User.Id()), page.RequestAborted);

    public async Task<HomeView?> Home(HttpContext page) => await Who(page) is { } customer ? await store.Read(tx => Look(tx, customer), page.RequestAborted) : null;

    private async Task<HomeView> Look(Tx tx, Customer customer)
    {
        var next = new List<(BookingView, string)>();
        foreach (var followUp in (await reads.FollowUps.OpenOf(tx, [customer.Id])).Where(Shown).OrderBy(open => open.DueAt))
            if (await board.Look(tx, followUp.Id, 1) is { } view) next.Add((view, $"/r/{reads.Links.Make(LinkKind.Booking, followUp.Id, Now.AddDays(1))}"));
        var status = await reads.Calls.Status(tx, customer.Id);
        var free = await reads.Requests.Offer(tx, customer, Now, 1);
        return new(customer, status, await board.NameOf(tx, status.Call?.AgentId), next, await reads.Messages.Inbox(tx, customer.Id), free.Count == 0 ? null : free[0], Now);
    }

    // What waits to be called without a booking is no news for her.
    private static bool Shown(FollowUp followUp) => followUp.State is FollowUpState.Booked or FollowUpState.Invited || followUp is { State: FollowUpState.Waiting, Reason: "promise-broken" or "promise-given-up" };

    public static TimeZoneInfo ZoneOf(Customer customer) => customer.TimeZone is { } id && TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone) ? zone : TimeZoneInfo.Utc;
}

/// <summary>What the portal reads from other rooms.</summary>
public sealed record CustomerReads(FollowUpDesk FollowUps, CallVerifier Calls, MessageBoard Messages, CallRequests Requests, Links Links);
