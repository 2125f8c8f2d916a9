using Huifang.Accounts;
using Huifang.Messages;
using Huifang.Shell;
using Huifang.Storage;

namespace Huifang.Booking;

/// <summary>What a signed link opens on this request.</summary>
public abstract record LinkOpens
{
    private LinkOpens() { }

    public sealed record Page(BookingView View, DateTimeOffset ExpiresAt) : LinkOpens;

    /// <summary>It was ours and its time is over, or what it was about is gone.</summary>
    public sealed record Expired : LinkOpens;
    public sealed record Forged : LinkOpens;
}

/// <summary>Opens signed links and lets the page speak the customer's language. Nothing is revealed by a wrong one, not even whether it was close.</summary>
public sealed class LinkAccess(Links links, Store store, BookingBoard board, MessageDesk messages)
{
    public async Task<LinkOpens> Open(HttpContext page, string token, LinkKind kind = LinkKind.Booking, int offers = BookingBoard.OffersMax)
    {
        switch (links.Read(token))
        {
            case LinkReading.Valid(var given, var subject, var expiresAt) when given == kind:
                if (await store.Read(tx => Look(tx, subject, offers), page.RequestAborted) is not { } view) return Gone(page);
                if (HttpMethods.IsGet(page.Request.Method)) await store.Write(tx => messages.OpenedFor(tx, subject), page.RequestAborted);
                return new LinkOpens.Page(view, expiresAt);
            case LinkReading.Expired: return Gone(page);
            default:
                page.Response.StatusCode = StatusCodes.Status410Gone;
                return new LinkOpens.Forged();
        }
    }

    // The page suggests what the message suggested, as long as that time is free.
    private async Task<BookingView?> Look(Tx tx, string followUpId, int offers)
    {
        if (await board.Look(tx, followUpId, offers) is not { } view) return null;
        if (view.IsBroken) view = view with { Missed = await messages.TimeOf(tx, followUpId, view.IsGivenUp ? "cannot-keep" : "apology") };
        var named = await messages.SuggestedFor(tx, followUpId);
        return view.Offers.FirstOrDefault(slot => slot.Id == named) is { } slot ? view with { Suggested = slot } : view;
    }

    private static LinkOpens Gone(HttpContext page)
    {
        page.Response.StatusCode = StatusCodes.Status410Gone;
        return new LinkOpens.Expired();
    }
}
