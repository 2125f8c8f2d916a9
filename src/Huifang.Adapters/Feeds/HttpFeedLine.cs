using Huifang.Feedback;
using Huifang.Http;

namespace Huifang.Feeds;

/// <summary>Asks feeds over HTTPS, through the guarded fetcher: public addresses only, pinned, no redirects.</summary>
public sealed class HttpFeedLine(GuardedHttp http) : IFeedLine
{
    /// <summary>A page of reviews is read up to here.</summary>
    public const int AnswerBytesMax = 8 * 1024 * 1024;

    public string? Refuse(string address) => Webhooks.PublicAddress.Refuse(address, http.Allowed);

    public async Task<FeedAnswer> Fetch(Uri address, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.TryAddWithoutValidation("accept", "application/json");
        request.Headers.TryAddWithoutValidation("user-agent", "Huifang-Feeds/1");
        try
        {
            using var answer = await http.Send(request, stop);
            var status = (int)answer.StatusCode;
            return status is >= 200 and < 300 ? new(await answer.Content.ReadAsStringAsync(stop), null) : new(null, status is >= 300 and < 400 ? "redirected" : $"status-{status}");
        }
        catch (AddressRefusedException refused) { return new(null, $"address:{refused.Message}"); }
        catch (HttpRequestException failed) { return new(null, failed.Message is "timeout" or "unknown-host" ? failed.Message : $"network:{failed.HttpRequestError}"); }
    }
}
