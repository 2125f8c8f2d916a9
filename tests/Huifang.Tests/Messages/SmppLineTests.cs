using System.Collections.Concurrent;
using Huifang.Messages;
using Huifang.Smpp;
using Microsoft.Extensions.Logging.Abstractions;

namespace Huifang.Tests.Messages;

/// <summary>Against the SMS centre of npm smpp, over a real socket.</summary>
public sealed class SmppLineTests
{
    private readonly BlockingCollection<LineReceipt> _receipts = [];
    private readonly BlockingCollection<LineArrival> _arrivals = [];

    [Fact] // K1
    public async Task A_short_message_arrives_word_for_word()
    {
        await using var centre = await NodePeer.Start("smsc.mjs");
        await using var line = await Bind(centre);
        Assert.Equal(new LineAnswer.Accepted("m1"), await line.Send("+8613800002690", "Qingqiao: {yes} costs €0"));
        var seen = await centre.Next(told => told.TryGetProperty("to", out _));
        Assert.Equal(("8613800002690", 0, "Qingqiao: {yes} costs €0", 1), (seen.GetProperty("to").GetString(), seen.GetProperty("coding").GetInt32(), seen.GetProperty("text").GetString(), seen.GetProperty("receipt").GetInt32()));
    }

    [Fact]
    public async Task A_long_Chinese_message_travels_in_joined_parts_and_only_the_last_asks_for_a_receipt()
    {
        await using var centre = await NodePeer.Start("smsc.mjs");
        await using var line = await Bind(centre);
        var text = string.Concat(Enumerable.Repeat("【青桥钱包】明天十四点林静打给您。😀", 6));
        Assert.IsType<LineAnswer.Accepted>(await line.Send("+8613800002690", text));
        var parts = new List<(string Text, string Udh, int Receipt)>();
        for (var i = 0; i < SmsLength.Of(text).Parts; i++)
        {
            var seen = await centre.Next(told => told.TryGetProperty("to", out _));
            parts.Add((seen.GetProperty("text").GetString()!, seen.GetProperty("udh").GetString()!, seen.GetProperty("receipt").GetInt32()));
        }
        Assert.True(parts.Count > 1);
        Assert.Equal(text, string.Concat(parts.Select(part => part.Text)));
        Assert.Equal(Enumerable.Range(1, parts.Count), parts.Select(part => Convert.FromHexString(part.Udh)[^1]).Select(part => (int)part));
        Assert.Equal([.. Enumerable.Repeat(0, parts.Count - 1), 1], parts.Select(part => part.Receipt));
    }

    [Fact]
    public async Task A_number_that_does_not_exist_is_refused_for_good()
    {
        await using var centre = await NodePeer.Start("smsc.mjs");
        await using var line = await Bind(centre);
        Assert.Equal(new LineAnswer.Refused("smpp-0x0b", Permanent: true), await line.Send("+8613800000000", "hello"));
    }

    [Theory]
    [InlineData("DELIVRD", "000", true, null, false)]
    [InlineData("UNDELIV", "001", false, "UNDELIV 001", true)]
    [InlineData("EXPIRED", "000", false, "EXPIRED", false)]
    public async Task A_receipt_says_what_became_of_it(string stat, string err, bool delivered, string? reason, bool permanent)
    {
        await using var centre = await NodePeer.Start("smsc.mjs");
        await using var line = await Bind(centre);
        await centre.Tell(new { receipt = "m7", stat, err });
        Assert.True(_receipts.TryTake(out var receipt, 10_000));
        Assert.Equal(("m7", delivered, reason, permanent), (receipt.LineId, receipt.Delivered, receipt.Reason, receipt.Permanent));
        Assert.Equal(0, (await centre.Next(told => told.TryGetProperty("confirmed", out _))).GetProperty("confirmed").GetInt32());
    }

    [Fact] // B1
    public async Task A_reply_comes_with_its_number_and_a_long_one_is_joined_in_any_order()
    {
        await using var centre = await NodePeer.Start("smsc.mjs");
        await using var line = await Bind(centre);
        await centre.Tell(new { reply = "退订", from = "8613800002690" });
        Assert.True(_arrivals.TryTake(out var stop, 10_000));
        Assert.Equal(("+8613800002690", "退订"), (stop.From, stop.Text));
        await centre.Tell(new { reply = "再说一遍。", from = "8613800002690", udh = "050003090202" });
        await centre.Tell(new { reply = "我想换个时间，", from = "8613800002690", udh = "050003090201" });
        Assert.True(_arrivals.TryTake(out var joined, 10_000));
        Assert.Equal("我想换个时间，再说一遍。", joined.Text);
    }

    [Fact]
    public async Task A_reply_that_we_could_not_keep_is_not_confirmed()
    {
        await using var centre = await NodePeer.Start("smsc.mjs");
        await using var line = await Bind(centre, new((_, _) => Task.CompletedTask, (_, _) => throw new IOException("disk full")));
        await centre.Tell(new { reply = "1", from = "8613800002690" });
        Assert.NotEqual(0, (await centre.Next(told => told.TryGetProperty("confirmed", out _))).GetProperty("confirmed").GetInt32());
    }

    [Fact]
    public async Task A_lost_connection_comes_back_by_itself_and_nothing_is_accepted_meanwhile()
    {
        await using var centre = await NodePeer.Start("smsc.mjs");
        await using var line = await Bind(centre);
        await centre.Tell(new { drop = true });
        await Until(() => !line.Line.IsBound);
        Assert.Equal(new LineAnswer.Refused("centre-unreachable", Permanent: false), await line.Send("+8613800002690", "hello"));
        await Until(() => line.Line.IsBound);
        Assert.IsType<LineAnswer.Accepted>(await line.Send("+8613800002690", "hello again"));
    }

    [Fact]
    public async Task A_centre_that_does_not_answer_is_given_up_on_in_time()
    {
        await using var centre = await NodePeer.Start("smsc.mjs");
        await using var line = await Bind(centre);
        await centre.Tell(new { deaf = true });
        Assert.Equal(new LineAnswer.Refused("centre-lost", Permanent: false), await line.Send("+8613800002690", "hello"));
    }

    [Fact]
    public async Task A_quiet_connection_is_asked_whether_it_is_alive()
    {
        await using var centre = await NodePeer.Start("smsc.mjs");
        await using var line = await Bind(centre);
        Assert.True((await centre.Next(told => told.TryGetProperty("enquired", out _))).GetProperty("enquired").GetBoolean());
    }

    private async Task<Bound> Bind(NodePeer centre, LineEars? ears = null)
    {
        ears ??= new((receipt, _) => { _receipts.Add(receipt); return Task.CompletedTask; }, (arrival, _) => { _arrivals.Add(arrival); return Task.CompletedTask; });
        var settings = new SmppSettings("127.0.0.1", centre.Port, "care", "secret", "10690555")
            { EnquireEvery = TimeSpan.FromMilliseconds(400), AnswerWithin = TimeSpan.FromSeconds(2), ReconnectAfter = TimeSpan.FromMilliseconds(700) };
        var line = new SmppLine(settings, ears, TimeProvider.System, NullLogger<SmppLine>.Instance);
        await line.StartAsync(default);
        await Until(() => line.IsBound);
        return new(line);
    }

    private static async Task Until(Func<bool> holds)
    {
        for (var i = 0; i < 400 && !holds(); i++) await Task.Delay(25);
        Assert.True(holds());
    }

    private sealed record Bound(SmppLine Line) : IAsyncDisposable
    {
        public Task<LineAnswer> Send(string to, string text) => Line.Send(new("key", to, text), default);

        public async ValueTask DisposeAsync()
        {
            await Line.StopAsync(default);
            Line.Dispose();
        }
    }
}
