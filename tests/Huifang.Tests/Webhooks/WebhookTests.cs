using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Huifang.Http;
using Huifang.Journal;
using Huifang.Security;
using Huifang.Storage;
using Huifang.Webhooks;
using Microsoft.Extensions.DependencyInjection;

namespace Huifang.Tests.Webhooks;

/// <summary>Webhooks to a real server on this machine, which the operator has named as reachable.</summary>
public sealed class WebhookTests // A6
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task What_happens_is_told_once_signed_twice_and_not_to_whom_it_does_not_concern(string database)
    {
        using var receiver = new Receiver();
        await using var house = await Open(database, receiver);
        var (endpoint, secret) = await Add(house, receiver, "promise.*");
        await Tell(house, "promise.broken", "follow-up.arranged", "promise.kept");
        await house.Settle();
        Assert.Equal(["promise.broken", "promise.kept"], receiver.Got.Select(got => got.Type).Order());
        foreach (var got in receiver.Got) Assert.True(got.IsSigned(secret, house.Get<WebhookKey>().PublicText));
        Assert.All(await house.Read(tx => house.Get<WebhookDesk>().Deliveries(tx, endpoint.Id)), delivery => Assert.Equal((DeliveryState.Sent, 200), (delivery.State, delivery.Status)));
        // The clear data only; what is sealed does not leave.
        Assert.DoesNotContain("secret words", receiver.Got[0].Body, StringComparison.Ordinal);
        Assert.Contains("c-1", receiver.Got[0].Body, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_receiver_that_fails_is_tried_later_and_later_and_then_a_person_sends_again(string database)
    {
        using var receiver = new Receiver { Status = 503 };
        await using var house = await Open(database, receiver);
        var (endpoint, _) = await Add(house, receiver, "*");
        await Tell(house, "promise.broken");
        await house.Settle();
        for (var tries = 1; tries <= WebhookRules.Waits.Length; tries++)
        {
            Assert.Equal(tries, receiver.Got.Count);
            await house.Get<WebhookSender>().Round(default);
            Assert.Equal(tries, receiver.Got.Count);   // Not before its time.
            house.Clock.Pass(WebhookRules.Waits[tries - 1] * 1.2);
            await house.Get<WebhookSender>().Round(default);
        }
        var dead = Assert.Single(await house.Read(tx => house.Get<WebhookDesk>().Dead(tx)));
        Assert.Equal(("status-503", WebhookRules.Waits.Length + 1), (dead.Error, dead.Tries));
        Assert.Single(receiver.Got.Select(got => got.Id).Distinct());

        receiver.Status = 200;
        Assert.True(await house.Write(tx => house.Get<WebhookDesk>().Resend(tx, dead.Id, "a-chen")));
        Assert.False(await house.Write(tx => house.Get<WebhookDesk>().Resend(tx, dead.Id, "a-chen")));
        await house.Get<WebhookSender>().Round(default);
        Assert.Empty(await house.Read(tx => house.Get<WebhookDesk>().Dead(tx)));
        Assert.Equal(DeliveryState.Sent, (await house.Read(tx => house.Get<WebhookDesk>().Deliveries(tx, endpoint.Id)))[0].State);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Both_secrets_sign_for_a_day_after_a_rotation(string database)
    {
        using var receiver = new Receiver();
        await using var house = await Open(database, receiver);
        var (endpoint, first) = await Add(house, receiver, "*");
        var second = (await house.Write(tx => house.Get<WebhookDesk>().Rotate(tx, endpoint.Id, "a-chen")))!;
        await Tell(house, "promise.kept");
        await house.Settle();
        var pub = house.Get<WebhookKey>().PublicText;
        Assert.True(receiver.Got[0].IsSigned(first, pub) && receiver.Got[0].IsSigned(second, pub));
        house.Clock.Pass(WebhookRules.Overlap + TimeSpan.FromMinutes(1));
        await Tell(house, "promise.kept");
        await house.Settle();
        Assert.True(!receiver.Got[1].IsSigned(first, pub) && receiver.Got[1].IsSigned(second, pub));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_sender_that_dies_after_the_lease_loses_nothing(string database)
    {
        using var receiver = new Receiver();
        await using var house = await Open(database, receiver);
        await Add(house, receiver, "*");
        await Tell(house, "promise.kept");
        while (await Waits(house)) foreach (var work in house.All<Work.IWork>().Where(work => work.Name.StartsWith("reactions", StringComparison.Ordinal))) await work.Round(default);
        await house.Write(tx => WebhookTable.Lease(tx, house.Now, house.Now.AddMinutes(2), 10));
        await house.Get<WebhookSender>().Round(default);
        Assert.Empty(receiver.Got);
        house.Clock.Pass(TimeSpan.FromMinutes(3));
        await house.Get<WebhookSender>().Round(default);
        Assert.Single(receiver.Got);
    }

    [Fact]
    public async Task A_receiver_that_says_gone_is_not_told_again_and_a_redirect_is_not_followed()
    {
        using var receiver = new Receiver { Status = 302 };
        await using var house = await Open(Databases.Sqlite, receiver);
        var (endpoint, _) = await Add(house, receiver, "*");
        await Tell(house, "promise.kept");
        await house.Settle();
        Assert.Equal("redirected", (await house.Read(tx => house.Get<WebhookDesk>().Deliveries(tx, endpoint.Id)))[0].Error);
        Assert.Single(receiver.Got);
        receiver.Status = 410;
        house.Clock.Pass(TimeSpan.FromMinutes(1));
        await house.Settle();
        Assert.Equal((EndpointState.Gone, "answered-410"), (await house.Read(tx => house.Get<WebhookDesk>().Find(tx, endpoint.Id))) is { } now ? (now.State, now.Reason) : default);
        await Tell(house, "promise.kept");
        await house.Settle();
        Assert.Equal(2, receiver.Got.Count);
    }

    [Theory]
    [InlineData("https://127.0.0.1/hook", "not-public"), InlineData("http://hooks.example.com/", "not-https"), InlineData("https://[::ffff:169.254.169.254]/", "not-public")]
    public async Task An_address_that_is_not_public_is_not_taken_and_nothing_is_kept(string url, string reason)
    {
        await using var house = await House.Open(Databases.Sqlite);
        Assert.Equal(new WebhookRefusal("url", reason), (await house.Write(tx => house.Get<WebhookDesk>().Add(tx, url, ["*"], "a"))).Refusal);
        Assert.Equal(new WebhookRefusal("kinds", "unknown-kind"), (await house.Write(tx => house.Get<WebhookDesk>().Add(tx, "https://hooks.example.com/", ["staff.signed-in"], "a"))).Refusal);
        Assert.Empty(await house.Read(house.Get<WebhookDesk>().All));
    }

    [Fact]
    public async Task A_name_that_is_public_when_looked_at_and_private_when_used_is_never_reached()
    {
        using var inside = new Receiver();
        var asked = 0;
        // The classic: the first answer is public, every later one is this machine.
        using var http = new GuardedHttp([], (_, _) => Task.FromResult(Interlocked.Increment(ref asked) == 1 ? new[] { IPAddress.Parse("203.0.114.1") } : [IPAddress.Loopback]));
        var line = new HttpWebhookLine(http);
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(3));
        try { await line.Post(new Uri("https://rebinding.example/"), "{}", new Dictionary<string, string>(), soon.Token); } catch (OperationCanceledException) { }
        Assert.Equal(1, asked);   // Looked up once for the one connection that was tried.
        var second = await line.Post(new Uri("https://rebinding.example/"), "{}", new Dictionary<string, string>(), default);
        Assert.Equal("address:not-public", second.Error);
        Assert.Empty(inside.Got);
    }

    [Theory, InlineData("10.0.0.7"), InlineData("::1"), InlineData("::ffff:10.0.0.7"), InlineData("64:ff9b::a00:7"), InlineData("169.254.169.254")]
    public async Task A_name_of_which_any_address_is_private_is_refused(string address)
    {
        using var http = new GuardedHttp([], (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("8.8.8.8"), IPAddress.Parse(address)]));
        var refused = await Assert.ThrowsAsync<AddressRefusedException>(() => http.Send(new HttpRequestMessage(HttpMethod.Get, "https://two-faced.example/"), default));
        Assert.Equal("not-public", refused.Message);
    }

    [Fact]
    public async Task An_answer_that_does_not_end_is_not_read_to_its_end()
    {
        using var receiver = new Receiver { AnswerBytes = GuardedHttp.AnswerBytesMax * 4 };
        using var http = new GuardedHttp([receiver.Host]);
        await Assert.ThrowsAsync<HttpRequestException>(() => http.Send(new HttpRequestMessage(HttpMethod.Get, receiver.Address), default));
    }

    [Fact]
    public void The_asymmetric_signature_is_that_of_the_shared_vector()
    {
        using var key = new SigningKey(Convert.FromBase64String("VEVTVFNJR05JTkdLRVlET05PVFVTRVRISVNGT1JBTlk="));
        var signed = WebhookRules.Signed("msg_p5jXN8AQM9LWM0D4loKWxJek", DateTimeOffset.FromUnixTimeSeconds(1614265330), """{"test": 2432232314}""");
        Assert.Equal("tQ9V2XOqn7jL/DQenEFpqIugdBVtiMmER5mhSkXBNwM0mkATuDe6KYYUuxqtaiHeYGb7KaaBRdM5WqyeFiL8Ag==", Convert.ToBase64String(key.Sign(signed)));
    }

    private static async Task<bool> Waits(House house) => await house.Read(tx => tx.One<long>("select count(*) from reactions")) > 0;

    private static Task<House> Open(string database, Receiver receiver) => House.Open(database, services => services.AddSingleton<IWebhookLine>(new HttpWebhookLine(new GuardedHttp([receiver.Host]))));

    private static async Task<(Endpoint, string)> Add(House house, Receiver receiver, params string[] kinds)
    {
        var (endpoint, secret, refusal) = await house.Write(tx => house.Get<WebhookDesk>().Add(tx, receiver.Address, kinds, "a-chen"));
        Assert.Null(refusal);
        return (endpoint!, secret!);
    }

    private static Task Tell(House house, params string[] kinds) => house.Write(tx =>
        house.Get<JournalDesk>().Append(tx, [.. kinds.Select(kind => new Fact(Fact.Care, house.Get<Ids>().New(), kind, "c-1", house.Now, "house", """{"followUp":"none"}""", "secret words"))]));

    internal sealed record Got(string Id, string Timestamp, string Signatures, string Body)
    {
        public string Type => JsonDocument.Parse(Body).RootElement.GetProperty("type").GetString()!;

        public bool IsSigned(string secret, string publicKey)
        {
            var signed = Encoding.UTF8.GetBytes($"{Id}.{Timestamp}.{Body}");
            var all = Signatures.Split(' ');
            var symmetric = "v1," + Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(secret["whsec_".Length..]), signed));
            return all.Contains(symmetric) && all.Any(one => one.StartsWith("v1a,", StringComparison.Ordinal) && SigningKey.Verify(Convert.FromBase64String(publicKey["whpk_".Length..]), signed, Convert.FromBase64String(one[4..])));
        }
    }

    internal sealed class Receiver : IDisposable
    {
        private readonly HttpListener _listener = new();

        public Receiver()
        {
            using (var socket = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0)) { socket.Start(); Host = $"127.0.0.1:{((IPEndPoint)socket.LocalEndpoint).Port}"; }
            _listener.Prefixes.Add(Address);
            _listener.Start();
            _ = Task.Run(Serve);
        }

        public string Host { get; }
        public string Address => $"http://{Host}/";
        public int Status { get; set; } = 200;
        public int AnswerBytes { get; set; }
        public List<Got> Got { get; } = [];

        private async Task Serve()
        {
            while (_listener.IsListening)
                try
                {
                    var asked = await _listener.GetContextAsync();
                    using var reader = new StreamReader(asked.Request.InputStream, Encoding.UTF8);
                    var body = await reader.ReadToEndAsync();
                    lock (Got) Got.Add(new(asked.Request.Headers["webhook-id"] ?? "", asked.Request.Headers["webhook-timestamp"] ?? "", asked.Request.Headers["webhook-signature"] ?? "", body));
                    asked.Response.StatusCode = Status;
                    if (Status == 302) asked.Response.RedirectLocation = Address + "elsewhere";
                    if (AnswerBytes > 0) await asked.Response.OutputStream.WriteAsync(new byte[AnswerBytes]);
                    asked.Response.Close();
                }
                catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException) { if (!_listener.IsListening) return; }
        }

        public void Dispose() => _listener.Close();
    }
}
