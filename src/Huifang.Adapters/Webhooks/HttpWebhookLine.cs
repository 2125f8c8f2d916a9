using System.Text;
using Huifang.Http;

namespace Huifang.Webhooks;

/// <summary>Webhooks over HTTPS, through the guarded fetcher.</summary>
public sealed class HttpWebhookLine(GuardedHttp http) : IWebhookLine
{
    public IReadOnlyCollection<string> Allowed => http.Allowed;

    public async Task<WebhookAnswer> Post(Uri address, string body, IReadOnlyDictionary<string, string> headers, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        request.Headers.TryAddWithoutValidation("user-agent", "Huifang-Webhooks/1");
        try
        {
            using var answer = await http.Send(request, stop);
            var status = (int)answer.StatusCode;
            return new(status, status is >= 200 and < 300 ? null : status is >= 300 and < 400 ? "redirected" : $"status-{status}");
        }
        catch (AddressRefusedException refused) { return new(null, $"address:{refused.Message}"); }
        catch (HttpRequestException failed) { return new(null, failed.Message is "timeout" or "unknown-host" ? failed.Message : $"network:{failed.HttpRequestError}"); }
    }
}
