using System.Text;
using System.Text.RegularExpressions;
using Huifang.Messages;
using Huifang.Smtp;

namespace Huifang.Tests.Messages;

/// <summary>Against the mail server of npm smtp-server, over a real socket.</summary>
public sealed partial class SmtpMailLineTests
{
    private static readonly OutgoingMail Letter = new("01-key", "zhou@example.org", "约好了：明天 周三 14:00–14:30\r\nBcc: thief@example.org", "您好：\n\n约好了。", "<p>您好：</p><p>约好了。</p>")
    {
        Unsubscribe = "https://hf.example/r/abc/stop",
        Appointment = new("01-key@care", 0, DateTimeOffset.UnixEpoch, new(2026, 11, 25, 6, 0, 0, TimeSpan.Zero), new(2026, 11, 25, 6, 30, 0, TimeSpan.Zero), "林静打给您", "约 5 分钟"),
    };

    [Fact] // B1
    public async Task A_letter_arrives_with_both_forms_a_calendar_and_a_way_out()
    {
        await using var box = await NodePeer.Start("mailbox.mjs");
        Assert.Equal(new LineAnswer.Accepted("01-key"), await Line(box).Send(Letter, default));
        var seen = await box.Next(told => told.TryGetProperty("raw", out _));
        var raw = seen.GetProperty("raw").GetString()!;
        Assert.Equal(["zhou@example.org"], seen.GetProperty("to").EnumerateArray().Select(to => to.GetString()));
        Assert.Contains("Message-ID: <01-key@qingqiao.example>", raw);
        Assert.Contains("List-Unsubscribe: <https://hf.example/r/abc/stop>", raw);
        Assert.Contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click", raw);
        Assert.DoesNotContain("\nBcc:", raw);
        Assert.Matches("text/calendar;[^\r]*(\r\n[ \t][^\r]*)*method=PUBLISH", raw);
        var bodies = Base64Bodies().Matches(raw).Select(match => Encoding.UTF8.GetString(Convert.FromBase64String(match.Groups[1].Value.Replace("\r\n", "", StringComparison.Ordinal)))).ToList();
        Assert.Contains(bodies, body => body.StartsWith("您好：", StringComparison.Ordinal));
        Assert.Contains(bodies, body => body.StartsWith("<p>您好：</p>", StringComparison.Ordinal));
        Assert.Contains(bodies, body => body.Contains("DTSTART:20261125T060000Z", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("a@bounce.example", "smtp-550", true)]
    [InlineData("a@busy.example", "smtp-451", false)]
    [InlineData("not an address", "address-unreadable", true)]
    public async Task A_refusal_says_whether_it_is_for_good(string to, string reason, bool permanent)
    {
        await using var box = await NodePeer.Start("mailbox.mjs");
        Assert.Equal(new LineAnswer.Refused(reason, permanent), await Line(box).Send(Letter with { To = to }, default));
    }

    [Fact]
    public async Task A_relay_that_is_not_there_is_no_fault_of_the_address() =>
        Assert.Equal(new LineAnswer.Refused("relay-unreachable", false), await new SmtpMailLine(new(new("smtp://127.0.0.1:1"), "青桥钱包", "care@qingqiao.example")).Send(Letter, default));

    [Fact]
    public async Task We_sign_in_with_what_the_address_says()
    {
        await using var box = await NodePeer.Start("mailbox.mjs");
        await new SmtpMailLine(new(new($"smtp://care:p%40ss%20word@127.0.0.1:{box.Port}"), "青桥钱包", "care@qingqiao.example")).Send(Letter, default);
        Assert.Equal("care", (await box.Next(told => told.TryGetProperty("raw", out _))).GetProperty("user").GetString());
    }

    private static SmtpMailLine Line(NodePeer box) => new(new(new($"smtp://127.0.0.1:{box.Port}"), "青桥钱包", "care@qingqiao.example"));

    [GeneratedRegex(@"base64\r\n(?:[\w-]+:[^\r]*\r\n)*\r\n([A-Za-z0-9+/=\r\n]+?)(?=\r\n(?:\r\n|--))")]
    private static partial Regex Base64Bodies();
}
