using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Huifang.Fire.Machines;

namespace Huifang.Fire.Load;

/// <summary>What the wallet's own systems do: one POST with a key, the answer kept; what broke off is asked again.</summary>
public abstract class ApiCaller : ICaller
{
    private readonly Crowd _crowd;
    private readonly Deed _deed;

    protected ApiCaller(Place place, string? key, Crowd crowd, Deed deed)
    {
        (_crowd, _deed) = (crowd, deed);
        Http = new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(2) }) { BaseAddress = new(place.Front), Timeout = place.Patience };
        if (key is not null) Http.DefaultRequestHeaders.Add("X-Api-Key", key);
    }

    protected HttpClient Http { get; }

    /// <summary>Something new to ask for; null: there is nothing left.</summary>
    protected abstract Wish? New();

    protected abstract HttpRequestMessage Ask(Wish wish);

    /// <summary>What the answer names, or null when it promises nothing.</summary>
    protected abstract string? Read(Wish wish, HttpStatusCode status, string body);

    public async Task<bool> Call(CancellationToken stop)
    {
        if ((_crowd.Deeds.Again(_deed) ?? New()) is not { } wish) return false;
        try
        {
            using var request = Ask(wish);
            using var answer = await Http.SendAsync(request, stop);
            var body = await answer.Content.ReadAsStringAsync(stop);
            _crowd.Deeds.Statuses.AddOrUpdate((int)answer.StatusCode, 1, (_, before) => before + 1);
            if (Read(wish, answer.StatusCode, body) is { } named)
            {
                if (!_crowd.Deeds.Acknowledge(wish, named)) _crowd.Contradict($"{wish.Deed} {wish.Key} was answered with {_crowd.Deeds.Of(wish.Deed)[wish.Key]} and then with {named}");
            }
            // The same is under way, or the house is not well: ask again later.
            else if ((int)answer.StatusCode is 409 or >= 500 or 429) { _crowd.Deeds.BrokeOff(wish); await Pause(stop); }
            else _crowd.Deeds.Refuse(wish, $"{(int)answer.StatusCode} {body[..Math.Min(200, body.Length)]}");
        }
        catch (Exception gone) when (gone is HttpRequestException or OperationCanceledException or IOException)
        {
            _crowd.Deeds.BrokeOff(wish);
            await Pause(stop);
        }
        return true;
    }

    private static Task Pause(CancellationToken stop) => Task.WhenAny(Task.Delay(100, stop));

    public void Dispose() => Http.Dispose();
}

public sealed class EventCaller(Place place, Population people, Crowd crowd, Counter counter, Random random) : ApiCaller(place, people.Key, crowd, Deed.Event)
{
    protected override Wish New() => new(Deed.Event, $"e-{counter.Next()}", $"k{random.Next(Population.Told)}");

    protected override HttpRequestMessage Ask(Wish wish) => new(HttpMethod.Post, "/v1/events")
    {
        Content = new StringContent($$"""{"specversion":"1.0","id":"{{wish.Key}}","source":"wallet","type":"withdrawal.failed","subject":"{{wish.About}}","data":{"amount":430000,"currency":"CNY"} }""", Encoding.UTF8, "application/cloudevents+json"),
    };

    protected override string? Read(Wish wish, HttpStatusCode status, string body) => status == HttpStatusCode.Accepted ? wish.Key : null;
}

public sealed class ComplaintCaller(Place place, Population people, Crowd crowd, Counter counter, Random random) : ApiCaller(place, people.Key, crowd, Deed.Complaint)
{
    protected override Wish New() => new(Deed.Complaint, $"crm-{counter.Next()}", $"k{random.Next(Population.Told)}");

    protected override HttpRequestMessage Ask(Wish wish) => new(HttpMethod.Post, "/v1/complaints")
    {
        Headers = { { "Idempotency-Key", wish.Key } },
        Content = new StringContent(JsonSerializer.Serialize(new { words = $"Withdrawal {wish.Key} came back and nobody told me", customer = wish.About, category = "withdrawal", topic = "failed_or_declined", transaction = $"t-{wish.Key}" }), Encoding.UTF8, "application/json"),
    };

    // The arrival is what is promised; its number may follow when reading it broke off.
    protected override string? Read(Wish wish, HttpStatusCode status, string body) => status == HttpStatusCode.Created ? JsonDocument.Parse(body).RootElement.GetProperty("arrival").GetString() : null;
}

public sealed class FollowUpCaller(Place place, Population people, Crowd crowd, Counter counter, Random random) : ApiCaller(place, people.Key, crowd, Deed.FollowUp)
{
    protected override Wish New() => new(Deed.FollowUp, $"case-{counter.Next()}", $"k{random.Next(Population.Told)}");

    protected override HttpRequestMessage Ask(Wish wish) => new(HttpMethod.Post, "/v1/follow-ups")
    {
        Headers = { { "Idempotency-Key", wish.Key } },
        Content = new StringContent($$"""{"customer":"{{wish.About}}","reason":"asked by {{wish.Key}}","script":"standard"}""", Encoding.UTF8, "application/json"),
    };

    protected override string? Read(Wish wish, HttpStatusCode status, string body) => status == HttpStatusCode.Created ? JsonDocument.Parse(body).RootElement.GetProperty("id").GetString() : null;
}

/// <summary>Customers who answer STOP, each once, by way of a gateway that repeats what was not confirmed.</summary>
public sealed class StopCaller(Place place, Population people, Crowd crowd, Counter counter, Random random) : ApiCaller(place, null, crowd, Deed.Stop)
{
    private int _next;

    protected override Wish? New() => _next >= people.Stoppers ? null : new(Deed.Stop, $"mo-{counter.Next()}", (_next++).ToString(CultureInfo.InvariantCulture));

    protected override HttpRequestMessage Ask(Wish wish)
    {
        var body = JsonSerializer.Serialize(new { type = "sms.received", data = new { from = Population.TelephoneOf(int.Parse(wish.About, CultureInfo.InvariantCulture)), text = random.Next(2) == 0 ? "T" : "退订" } });
        var at = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var signature = Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Place.HookSecret), Encoding.UTF8.GetBytes($"{wish.Key}.{at}.{body}")));
        return new(HttpMethod.Post, "/v1/hooks/sms")
        {
            Headers = { { "webhook-id", wish.Key }, { "webhook-timestamp", $"{at}" }, { "webhook-signature", $"v1,{signature}" } }, Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
    }

    protected override string? Read(Wish wish, HttpStatusCode status, string body) => status == HttpStatusCode.NoContent ? $"s{wish.About}" : null;
}
