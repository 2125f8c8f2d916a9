using System.Security.Cryptography;
using System.Text;
using Huifang.Messages;
using Huifang.SmsHttp;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Huifang.Tests.Messages;

/// <summary>Against a gateway of our own on a real port: there is no standard one.</summary>
public sealed class HttpSmsTests
{
    private static readonly byte[] Secret = Encoding.UTF8.GetBytes("a secret of the gateway");
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 2, 0, 0, TimeSpan.Zero);

    [Fact] // K1
    public async Task A_message_is_handed_over_once_with_its_key()
    {
        var keys = new List<string?>();
        await using var gateway = await Gateway(call => { keys.Add(call.Request.Headers["Idempotency-Key"]); return Results.Json(new { id = "g-1" }, statusCode: 202); });
        Assert.Equal(new LineAnswer.Accepted("g-1"), await Send(gateway));
        Assert.Equal(["k-1"], keys);
    }

    [Theory]
    [InlineData(422, true)]
    [InlineData(401, false)]
    [InlineData(429, false)]
    [InlineData(503, false)]
    public async Task Only_what_the_gateway_says_about_the_number_is_final(int status, bool permanent)
    {
        await using var gateway = await Gateway(_ => Results.StatusCode(status));
        Assert.Equal(new LineAnswer.Refused($"http-{status}", permanent), await Send(gateway));
    }

    [Fact]
    public void A_signed_call_of_the_gateway_is_believed()
    {
        Assert.Equal(new HookCall.Receipt(new("g-1", true, null, false, Now)), Read("""{"type":"sms.delivered","data":{"id":"g-1"}}"""));
        Assert.Equal(new HookCall.Arrival(new("msg-1", "+8613800002690", "T", Now)), Read("""{"type":"sms.received","data":{"from":"+8613800002690","text":"T"}}"""));
    }

    [Fact]
    public void Anything_else_is_not()
    {
        const string Body = """{"type":"sms.received","data":{"from":"+8613800002690","text":"T"}}""";
        var hook = new SmsHook(Secret, new Clock(Now));
        var body = Encoding.UTF8.GetBytes(Body);
        Assert.Equal(new HookCall.Refused("unsigned"), hook.Read(null, null, null, body));
        Assert.Equal(new HookCall.Refused("wrong-signature"), hook.Read("msg-1", Stamp(Now), Sign("msg-2", Stamp(Now), Body), body));
        Assert.Equal(new HookCall.Refused("wrong-signature"), hook.Read("msg-1", Stamp(Now), "v1,not-base-64", body));
        Assert.Equal(new HookCall.Refused("too-old"), hook.Read("msg-1", Stamp(Now.AddMinutes(-6)), Sign("msg-1", Stamp(Now.AddMinutes(-6)), Body), body));
        Assert.Equal(new HookCall.Refused("unreadable"), Read("""{"type":"sms.received","data":{"from":7}}"""));
        Assert.Equal(new HookCall.Refused("unknown-type"), Read("""{"type":"sms.eaten","data":{}}"""));
    }

    private static HookCall Read(string body) => new SmsHook(Secret, new Clock(Now)).Read("msg-1", Stamp(Now), $"v1,AAAA {Sign("msg-1", Stamp(Now), body)}", Encoding.UTF8.GetBytes(body));

    private static string Stamp(DateTimeOffset at) => at.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static string Sign(string id, string stamp, string body) => "v1," + Convert.ToBase64String(HMACSHA256.HashData(Secret, Encoding.UTF8.GetBytes($"{id}.{stamp}.{body}")));

    private static async Task<LineAnswer> Send(WebApplication gateway)
    {
        using var http = new HttpClient();
        return await new HttpSmsLine(http, new(new(gateway.Urls.First()), "token", "10690555")).Send(new("k-1", "+8613800002690", "你好"), default);
    }

    private static async Task<WebApplication> Gateway(Func<HttpContext, IResult> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var gateway = builder.Build();
        gateway.MapPost("/", answer);
        await gateway.StartAsync();
        return gateway;
    }

    private sealed class Clock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
