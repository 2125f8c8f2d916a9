using Huifang.Accounts;
using Huifang.Customers;
using Huifang.FollowUps;
using Huifang.Storage;
using Microsoft.AspNetCore.Authentication;

namespace Huifang.Shell;

/// <summary>The language of the customer whom a page is for: by the link that she followed, or by her session.</summary>
public sealed class CustomerLanguage(Store store, Links links, FollowUpDesk followUps, CustomerDesk customers)
{
    /// <summary>Null when the page is for nobody in particular.</summary>
    public async Task<string?> Of(HttpContext page)
    {
        var path = page.Request.Path.Value ?? "";
        if (path.StartsWith("/r/", StringComparison.Ordinal) || path.StartsWith("/s/", StringComparison.Ordinal))
            return links.Read(path.Split('/')[2]) is LinkReading.Valid(_, var subject, _) ? await store.Read(tx => OfFollowUp(tx, subject), page.RequestAborted) : null;
        if (path != "/me" && !path.StartsWith("/me/", StringComparison.Ordinal)) return null;
        var session = await page.AuthenticateAsync(StaffSession.PortalScheme);
        return session.Succeeded ? await store.Read(async tx => (await customers.Find(tx, session.Principal.Id()))?.Language, page.RequestAborted) : null;
    }

    private async Task<string?> OfFollowUp(Tx tx, string id) => await followUps.Find(tx, id) is { } followUp ? (await customers.Find(tx, followUp.CustomerId))?.Language : null;
}
