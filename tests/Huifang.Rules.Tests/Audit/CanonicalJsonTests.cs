using System.Text;
using Huifang.Audit;

namespace Huifang.Rules.Tests.Audit;

public sealed class CanonicalJsonTests
{
    // RFC 8785, appendix B.
    [Theory]
    [InlineData(0x0000000000000000, "0"), InlineData(unchecked((long)0x8000000000000000), "0"), InlineData(0x0000000000000001, "5e-324"), InlineData(unchecked((long)0x8000000000000001), "-5e-324")]
    [InlineData(0x7fefffffffffffff, "1.7976931348623157e+308"), InlineData(unchecked((long)0xffefffffffffffff), "-1.7976931348623157e+308"), InlineData(0x4340000000000000, "9007199254740992"), InlineData(unchecked((long)0xc340000000000000), "-9007199254740992")]
    [InlineData(0x4430000000000000, "295147905179352830000"), InlineData(0x44b52d02c7e14af5, "9.999999999999997e+22"), InlineData(0x44b52d02c7e14af6, "1e+23"), InlineData(0x44b52d02c7e14af7, "1.0000000000000001e+23")]
    [InlineData(0x444b1ae4d6e2ef4e, "999999999999999700000"), InlineData(0x444b1ae4d6e2ef4f, "999999999999999900000"), InlineData(0x444b1ae4d6e2ef50, "1e+21"), InlineData(0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7"), InlineData(0x3eb0c6f7a0b5ed8d, "0.000001")]
    [InlineData(0x41b3de4355555553, "333333333.3333332"), InlineData(0x41b3de4355555554, "333333333.33333325"), InlineData(0x41b3de4355555555, "333333333.3333333"), InlineData(0x41b3de4355555556, "333333333.3333334"), InlineData(0x41b3de4355555557, "333333333.33333343")]
    [InlineData(unchecked((long)0xbecbf647612f3696), "-0.0000033333333333333333"), InlineData(0x43143ff3c1cb0959, "1424953923781206.2")]
    public void Numbers_are_written_as_the_standard_lists_them(long bits, string text) => Assert.Equal(text, CanonicalJson.Number(BitConverter.Int64BitsToDouble(bits)));

    [Theory, InlineData(double.NaN), InlineData(double.PositiveInfinity), InlineData(double.NegativeInfinity)]
    public void What_is_no_number_is_refused(double number) => Assert.Throws<FormatException>(() => CanonicalJson.Number(number));

    // RFC 8785 §3.2.2 and §3.2.3.
    [Fact]
    public void The_standards_sample_comes_out_byte_for_byte()
    {
        const string sample = """{"numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001], "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/", "literals": [null, true, false]}""";
        const string bytes = """
            7b 22 6c 69 74 65 72 61 6c 73 22 3a 5b 6e 75 6c 6c 2c 74 72 75 65 2c 66 61 6c 73 65 5d 2c 22 6e 75 6d 62 65 72 73 22 3a 5b 33 33 33 33 33 33 33 33 33
            2e 33 33 33 33 33 33 33 2c 31 65 2b 33 30 2c 34 2e 35 2c 30 2e 30 30 32 2c 31 65 2d 32 37 5d 2c 22 73 74 72 69 6e 67 22 3a 22 e2 82 ac 24 5c 75 30 30
            30 66 5c 6e 41 27 42 5c 22 5c 5c 5c 5c 5c 22 2f 22 7d
            """;
        Assert.Equal(bytes.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries), CanonicalJson.Of(Encoding.UTF8.GetBytes(sample)).Select(b => b.ToString("x2")));
    }

    [Fact]
    public void Names_are_sorted_by_code_units_and_not_by_letters()
    {
        const string sample = """{"\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh", "1": "One", "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control", "\u00f6": "Latin Small Letter O With Diaeresis"}""";
        var canonical = Encoding.UTF8.GetString(CanonicalJson.Of(Encoding.UTF8.GetBytes(sample)));
        string[] order = ["Carriage Return", "One", "Control", "Latin Small Letter O With Diaeresis", "Euro Sign", "Emoji: Grinning Face", "Hebrew Letter Dalet With Dagesh"];
        Assert.Equal(order.Order(Comparer<string>.Create((a, b) => canonical.IndexOf(a, StringComparison.Ordinal) - canonical.IndexOf(b, StringComparison.Ordinal))), order);
    }

    [Theory]
    [InlineData("""{"a":1,"a":2}"""), InlineData("""["\ud800"]"""), InlineData("""{"\udead":1}"""), InlineData("{"), InlineData(""), InlineData("""{"a":01}""")]
    public void What_has_no_canonical_form_is_refused(string json) => Assert.Throws<FormatException>(() => CanonicalJson.Of(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void A_document_nested_too_deep_is_refused() =>
        Assert.Throws<FormatException>(() => CanonicalJson.Of(Encoding.UTF8.GetBytes(new string('[', CanonicalJson.DepthMax + 1) + new string(']', CanonicalJson.DepthMax + 1))));

    [Fact]
    public void An_audit_line_is_written_in_canonical_form()
    {
        var entry = new AuditEntry("care", "0193\"\\", "record.viewed", null, DateTimeOffset.FromUnixTimeMilliseconds(1764000000123), DateTimeOffset.FromUnixTimeMilliseconds(1764000000124), "a-lin\u0007", """{"amount":9007199254740993, "b":"周"}""", [1, 2, 3]);
        Assert.Equal(CanonicalJson.Of(entry.Canonical()), entry.Canonical());
        Assert.Equal(CanonicalJson.Of((entry with { CustomerId = "c-1", SealedHash = null }).Canonical()), (entry with { CustomerId = "c-1", SealedHash = null }).Canonical());
    }
}
