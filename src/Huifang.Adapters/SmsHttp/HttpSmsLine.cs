using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Huifang.Messages;

namespace Huifang.SmsHttp;

/// <summary>Where an SMS gateway takes messages as JSON over HTTP, and who we are there.</summary>
public sealed record HttpSmsSettings(Uri Address, string? Token, string Sender);

/// <summary>Hands text messages to a gateway: <c>POST {"to","from","text"}</c> with our key as Idempotency-Key; the answer's <c>id</c> is the name for receipts.</summary>
public sealed class HttpSmsLine(HttpClient http, HttpSmsSettings settings) : ISmsLine
{
    private static readonly TimeSpan AtMost = TimeSpan.FromSeconds(30);

    public async Task<LineAnswer> Send(OutgoingSms sms, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(AtMost);
        using var request = new HttpRequestMessage(HttpMethod.Post, settings.Address) { Content = JsonContent.Create(new { to = sms.To, from = settings.Sender, text = sms.Text }) };
        request.Headers.Add("Idempotency-Key", sms.Key);
        if (settings.Token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", settings.Token);
        try
        {
            using var answer = await http.SendAsync(request, limit.Token);
            if (answer.IsSuccessStatusCode) return new LineAnswer.Accepted(await Id(answer, limit.Token) ?? sms.Key);
            return new LineAnswer.Refused($"http-{(int)answer.StatusCode}", IsForGood(answer.StatusCode));
        }
        catch (HttpRequestException) { return new LineAnswer.Refused("gateway-unreachable", Permanent: false); }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested) { return new LineAnswer.Refused("gateway-too-slow", Permanent: false); }
    }

    // Only what the gateway says about this number is final. A wrong token or a full queue is ours or theirs to mend.
    private static bool IsForGood(HttpStatusCode code) => code is HttpStatusCode.BadRequest or HttpStatusCode.NotFound or HttpStatusCode.Gone or HttpStatusCode.UnprocessableEntity;

    private static async Task<string?> Id(HttpResponseMessage answer, CancellationToken stop)
    {
        try
        {
            using var body = await JsonDocument.ParseAsync(await answer.Content.ReadAsStreamAsync(stop), cancellationToken: stop);
            return body.RootElement.ValueKind == JsonValueKind.Object && body.RootElement.TryGetProperty("id", out var id) ? id.ToString() : null;
        }
        catch (JsonException) { return null; }
    }
}
