using System.Net;
using Huifang.Webhooks;

namespace Huifang.Rules.Tests.Webhooks;

public sealed class WebhookRulesTests // A6
{
    // The vector that the libraries of Standard Webhooks share.
    [Fact]
    public void The_symmetric_signature_is_that_of_the_shared_vector() =>
        Assert.Equal("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", WebhookRules.SignV1(Convert.FromBase64String("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), "msg_p5jXN8AQM9LWM0D4loKWxJek", DateTimeOffset.FromUnixTimeSeconds(1614265330), """{"test": 2432232314}"""));

    [Theory]
    [InlineData("8.8.8.8", true), InlineData("1.1.1.1", true), InlineData("223.5.5.5", true), InlineData("2606:4700:4700::1111", true), InlineData("2400:3200::1", true)]
    [InlineData("0.0.0.0", false), InlineData("10.0.0.1", false), InlineData("100.64.0.1", false), InlineData("127.0.0.1", false), InlineData("127.255.255.254", false), InlineData("169.254.169.254", false), InlineData("172.16.0.1", false), InlineData("172.31.255.255", false), InlineData("192.168.1.1", false), InlineData("192.0.0.8", false), InlineData("192.88.99.1", false)]
    [InlineData("198.18.0.1", false), InlineData("192.0.2.1", false), InlineData("198.51.100.7", false), InlineData("203.0.113.9", false), InlineData("224.0.0.1", false), InlineData("240.0.0.1", false), InlineData("255.255.255.255", false)]
    [InlineData("::", false), InlineData("::1", false), InlineData("::ffff:8.8.8.8", false), InlineData("::ffff:127.0.0.1", false), InlineData("::127.0.0.1", false), InlineData("64:ff9b::7f00:1", false), InlineData("64:ff9b:1::a00:1", false), InlineData("2002:7f00:1::", false), InlineData("2001::1", false), InlineData("2001:db8::1", false), InlineData("fe80::1", false), InlineData("fc00::1", false), InlineData("fd12:3456::1", false), InlineData("ff02::1", false), InlineData("100::1", false), InlineData("3fff::1", false)]
    public void Only_public_addresses_are_public(string address, bool isPublic) => Assert.Equal(isPublic, PublicAddress.IsPublic(IPAddress.Parse(address)));

    [Theory]
    [InlineData("https://hooks.example.com/care", null)]
    [InlineData("http://hooks.example.com/", "not-https"), InlineData("ftp://hooks.example.com/", "not-https"), InlineData("file:///etc/passwd", "not-https"), InlineData("gopher://hooks.example.com/", "not-https")]
    [InlineData("https://hooks.example.com:8443/", "not-port-443"), InlineData("https://user:pass@hooks.example.com/", "names-a-user"), InlineData("https://hooks.example.com/#x", "has-a-fragment"), InlineData("hooks.example.com", "not-an-address"), InlineData("", "not-an-address")]
    [InlineData("https://127.0.0.1/", "not-public"), InlineData("https://2130706433/", "not-public"), InlineData("https://0177.0.0.1/", "not-public"), InlineData("https://0x7f.1/", "not-public"), InlineData("https://127.1/", "not-public"), InlineData("https://[::1]/", "not-public"), InlineData("https://[::ffff:10.0.0.1]/", "not-public"), InlineData("https://１２７.０.０.１/", "not-public"), InlineData("https://169.254.169.254/latest/meta-data/", "not-public")]
    [InlineData("https://localhost/", "not-public"), InlineData("https://intranet/", "not-public"), InlineData("https://printer.local/", "not-public"), InlineData("https://metadata.google.internal/", "not-public"), InlineData("https://a.localhost/", "not-public")]
    public void Addresses_in_any_dress_are_judged_by_where_they_lead(string address, string? reason) => Assert.Equal(reason, PublicAddress.Refuse(address, []));

    [Fact]
    public void An_over_long_address_is_refused() => Assert.Equal("not-an-address", PublicAddress.Refuse($"https://a.example/{new string('a', 2000)}", []));

    [Fact]
    public void The_operator_may_name_hosts_of_his_own_with_their_port()
    {
        Assert.Null(PublicAddress.Refuse("http://10.1.2.3:8080/hook", ["10.1.2.3:8080"]));
        Assert.Equal("not-https", PublicAddress.Refuse("http://10.1.2.3:8081/hook", ["10.1.2.3:8080"]));
        Assert.Equal("not-public", PublicAddress.Refuse("https://10.1.2.3/hook", ["10.1.2.3:8080"]));
    }

    [Fact]
    public void Waits_grow_are_spread_and_end()
    {
        Assert.InRange(WebhookRules.Wait(1, "a")!.Value.TotalSeconds, 5, 5.5);
        Assert.True(WebhookRules.Wait(3, "a") > WebhookRules.Wait(2, "a"));
        Assert.Equal(WebhookRules.Wait(2, "a"), WebhookRules.Wait(2, "a"));
        Assert.True(Enumerable.Range(0, 50).Select(i => WebhookRules.Wait(2, $"{i}")).Distinct().Count() > 20);
        Assert.Null(WebhookRules.Wait(WebhookRules.Waits.Length + 1, "a"));
    }

    [Fact]
    public void Kinds_are_wanted_by_name_by_beginning_or_all_and_only_those_that_are_offered()
    {
        Assert.True(WebhookRules.Wants(["follow-up.*"], "follow-up.booked"));
        Assert.True(WebhookRules.Wants(["*"], "promise.broken"));
        Assert.False(WebhookRules.Wants(["*"], "staff.signed-in"));
        Assert.False(WebhookRules.Wants(["promise.kept"], "promise.broken"));
        Assert.False(WebhookRules.AreOffered(["staff.signed-in"]));
        Assert.False(WebhookRules.AreOffered(["staff.*"]));
        Assert.False(WebhookRules.AreOffered([]));
        Assert.True(WebhookRules.AreOffered(["follow-up.*", "promise.broken"]));
    }
}
