using System.Security.Cryptography;
using System.Text;
using Huifang.Calls;

namespace Huifang.Rules.Tests.Calls;

public sealed class DeviceKeyTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 24, 6, 0, 0, TimeSpan.Zero);
    private static readonly Tap Right = new("call-1", "zhou", "lin", "Service", "nonce-nonce-nonce", 47, null);

    private static DeviceKey Device(ECDsa key, string customer = "zhou", bool first = true, double hours = 0) =>
        new(DeviceKey.IdOf(customer, key.ExportSubjectPublicKeyInfo())!, customer, key.ExportSubjectPublicKeyInfo(), Noon.AddHours(-hours), null, first);

    private static byte[] Sign(ECDsa key, Tap tap) => key.SignData(Encoding.UTF8.GetBytes(DeviceKey.Words(tap)), HashAlgorithmName.SHA256);

    private static TapProof Weigh(DeviceKey? device, Tap tap, byte[] signature) => DeviceKey.Weigh(device, tap, signature, DeviceKey.CoolingOff, Noon);

    [Fact]
    public void Her_device_stands_behind_exactly_what_it_signed()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var signature = Sign(key, Right);
        Assert.Equal(TapProof.Signed, Weigh(Device(key), Right, signature));
        foreach (var other in new[] { Right with { CallId = "call-2" }, Right with { AgentId = "chen" }, Right with { Purpose = "Security" }, Right with { Nonce = "another-nonce-00" }, Right with { Number = 48 }, Right with { Payload = "Unfreeze" } })
            Assert.Equal(TapProof.Forged, Weigh(Device(key), other, signature));
        for (var at = 0; at < signature.Length; at++)
        {
            byte[] bent = [.. signature];
            bent[at] ^= 1;
            Assert.Equal(TapProof.Forged, Weigh(Device(key), Right, bent));
        }
    }

    [Fact]
    public void No_device_another_customers_or_an_ended_one_proves_nothing()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var signature = Sign(key, Right);
        Assert.Equal(TapProof.Unsigned, Weigh(null, Right, signature));
        Assert.Equal(TapProof.Unsigned, Weigh(Device(key, "han"), Right, signature));
        Assert.Equal(TapProof.Unsigned, Weigh(Device(key) with { EndedAt = Noon }, Right, signature));
        Assert.Equal(TapProof.Unsigned, Weigh(Device(key), Right, []));
    }

    [Theory]
    [InlineData(0, TapProof.TooNew)]
    [InlineData(11.99, TapProof.TooNew)]
    [InlineData(12, TapProof.Signed)]
    public void A_further_device_waits_twelve_hours(double hours, TapProof expected)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.Equal(expected, Weigh(Device(key, first: false, hours: hours), Right, Sign(key, Right)));
    }

    [Fact]
    public void Only_a_whole_public_key_on_P256_is_taken()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var rsa = RSA.Create(2048);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var whole = key.ExportSubjectPublicKeyInfo();
        foreach (var wrong in new[] { other.ExportSubjectPublicKeyInfo(), rsa.ExportSubjectPublicKeyInfo(), [], whole[..^1], [.. whole, 0], new byte[91] }) Assert.Null(DeviceKey.IdOf("zhou", wrong));
        Assert.NotNull(DeviceKey.IdOf("zhou", whole));
        Assert.NotEqual(DeviceKey.IdOf("zhou", whole), DeviceKey.IdOf("han", whole));
    }
}
