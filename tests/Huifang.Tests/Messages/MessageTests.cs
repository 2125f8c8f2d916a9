using System.Collections.Concurrent;
using Huifang.Consents;
using Huifang.Contacts;
using Huifang.Customers;
using Huifang.Languages;
using Huifang.Messages;
using Huifang.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Huifang.Tests.Messages;

public sealed class MessageTests
{
    private sealed class Notebook : ISmsLine, IMailLine
    {
        public ConcurrentQueue<(string Key, string To, string Text)> Seen { get; } = [];
        public Func<string, LineAnswer> Answer { get; set; } = key => new LineAnswer.Accepted(key);

        public Task<LineAnswer> Send(OutgoingSms sms, CancellationToken stop)
        {
            Seen.Enqueue((sms.Key, sms.To, sms.Text));
            return Task.FromResult(Answer(sms.Key));
        }

        public Task<LineAnswer> Send(OutgoingMail mail, CancellationToken stop)
        {
            Seen.Enqueue((mail.Key, mail.To, mail.Text));
            return Task.FromResult<LineAnswer>(new LineAnswer.Accepted(mail.Key));
        }
    }

    private readonly Notebook _line = new();

    private Task<House> Open(string database) => House.Open(database, services => services.AddSingleton(new Lines(_line, _line)));

    private static MessageDraft Invitation(House house, string customer, string once = "invitation:f-1") => new(customer, "invitation", Purpose.Service, once, house.Now.AddDays(2))
    {
        FollowUpId = "f-1", SlotFrom = house.Now.AddHours(28), SlotTo = house.Now.AddHours(28.5), Path = "/r/abc",
        Values = new Dictionary<string, Localized> { ["agent"] = new("林静", "林靜", "Lin Jing"), ["topic"] = new("您的提现", "您的提現", "your withdrawal") },
    };

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))] // B1
    public async Task An_occasion_makes_one_message_in_her_language_and_her_local_time(string database)
    {
        await using var house = await Open(database);
        var zhou = await house.Customer();
        for (var i = 0; i < 2; i++) await house.Write(tx => house.Get<MessageDesk>().Queue(tx, Invitation(house, zhou)));
        await house.Get<Sender>().Round(default);
        await house.Get<Sender>().Round(default);

        var (_, to, text) = Assert.Single(_line.Seen);
        Assert.StartsWith("+86138", to);
        Assert.StartsWith("【青桥钱包】想和您通个电话，聊聊您的提现。明天 周三 14:00–14:30，林静从 App 里打给您", text);
        Assert.EndsWith("回复 T。", text);
        Assert.Equal(1, await Facts(house, "message.sent"));
        Assert.DoesNotContain("林静", System.Text.Encoding.UTF8.GetString((await house.Read(tx => tx.One<byte[]>("select body from messages")))!));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))] // I11
    public async Task A_stop_that_arrives_before_a_queued_message_leaves_stops_it(string database)
    {
        await using var house = await Open(database);
        var zhou = await house.Customer();
        var phone = (await house.Read(tx => house.Get<CustomerDesk>().Find(tx, zhou)))!.Points.Single(point => point.Kind == PointKind.Phone).Value!;
        await house.Write(tx => house.Get<MessageDesk>().Queue(tx, Invitation(house, zhou) with { Only = Channel.Sms }));
        Assert.IsType<Reply.Stop>(await house.Write(tx => house.Get<ReplyDesk>().Take(tx, new("r-1", phone, "退订", house.Now))));
        await house.Get<Sender>().Round(default);

        Assert.Empty(_line.Seen);
        var message = (await house.Read(tx => tx.Query<(string State, string Reason)>("select state, reason from messages"))).Single();
        Assert.Equal(("Withheld", "guard:ConsentWithdrawn"), message);
        Assert.Equal(1, await Facts(house, "message.withheld"));
        Assert.Null(await house.Write(tx => house.Get<ReplyDesk>().Take(tx, new("r-1", phone, "退订", house.Now))));
        Assert.Equal(1, await Facts(house, "reply.received"));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_stop_from_a_number_of_two_people_holds_for_both_and_from_a_strange_one_for_the_number(string database)
    {
        await using var house = await Open(database);
        await house.Write(async tx =>
        {
            foreach (var id in new[] { "c-mother", "c-son" })
                await house.Get<CustomerDesk>().Save(tx, [new CustomerDraft(id, "高", Language.Simplified, "Asia/Shanghai", "CN") { Points = [new(PointKind.Phone, "+8613900000001", true)] }], "test");
            await house.Get<ReplyDesk>().Take(tx, new("r-1", "+8613900000001", "T", house.Now));
            await house.Get<ReplyDesk>().Take(tx, new("r-2", "+8613900000002", "STOP", house.Now));
        });
        var said = await house.Read(tx => house.Get<ConsentDesk>().Of(tx, ["c-mother", "c-son"]));
        Assert.Contains(said["c-mother"], consent => consent is { Given: false, Channel: Channel.Sms, Purpose: Purpose.Service });
        Assert.Contains(said["c-son"], consent => consent is { Given: false, Channel: Channel.Sms, Purpose: Purpose.Service });
        Assert.Equal(1, await house.Read(tx => tx.One<long>("select count(*) from suppressions where customer_id is null and blind is not null")));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))] // X1: a sender that dies between handing over and recording
    public async Task A_sender_that_dies_in_between_is_followed_by_another_with_the_same_key(string database)
    {
        await using var house = await Open(database);
        var zhou = await house.Customer();
        await house.Write(tx => house.Get<MessageDesk>().Queue(tx, Invitation(house, zhou)));
        _line.Answer = _ => throw new OperationCanceledException("the power went");
        await Assert.ThrowsAnyAsync<Exception>(() => house.Get<Sender>().Round(default));
        _line.Answer = key => new LineAnswer.Accepted(key);
        await house.Get<Sender>().Round(default);
        Assert.Single(_line.Seen);
        house.Clock.Pass(TimeSpan.FromMinutes(3));
        await house.Get<Sender>().Round(default);

        Assert.Equal(2, _line.Seen.Count);
        Assert.Single(_line.Seen.Select(seen => seen.Key).Distinct());
        Assert.Equal(1, await Facts(house, "message.sent"));
        Assert.Equal(1, await house.Read(tx => tx.One<long>("select count(*) from contact_decisions where outcome = 'Allow' and undone_at is null")));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Many_senders_at_once_send_each_message_once(string database)
    {
        await using var house = await Open(database);
        var people = new List<string>();
        for (var i = 0; i < 30; i++) people.Add(await house.Customer($"c-{i}"));
        await house.Write(tx => house.Get<MessageDesk>().Queue(tx, [.. people.Select(id => Invitation(house, id, $"invitation:{id}"))]));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => house.Get<Sender>().Round(default))));
        Assert.Equal(30, _line.Seen.Select(seen => seen.Key).Distinct().Count());
        Assert.Equal(30, _line.Seen.Count);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))] // K1
    public async Task A_number_that_refuses_for_good_is_doubted_then_dead_and_the_next_channel_is_used(string database)
    {
        await using var house = await Open(database);
        var zhou = await house.Customer();
        _line.Answer = _ => new LineAnswer.Refused("number-unknown", Permanent: true);
        await house.Write(tx => house.Get<MessageDesk>().Queue(tx, Invitation(house, zhou)));
        await house.Settle();
        Assert.Equal(["+", "c"], _line.Seen.Select(seen => seen.To[..1]));
        Assert.Equal(Standing.Doubtful, await Phone(house, zhou));

        await house.Write(tx => house.Get<MessageDesk>().Queue(tx, Invitation(house, zhou, "invitation:f-2") with { FollowUpId = "f-2" }));
        house.Clock.Pass(TimeSpan.FromDays(2));
        await house.Write(tx => house.Get<MessageDesk>().Queue(tx, Invitation(house, zhou, "invitation:f-3") with { FollowUpId = "f-3", Only = Channel.Sms }));
        await house.Settle();
        Assert.Equal(Standing.Dead, await Phone(house, zhou));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_refusal_for_now_is_tried_again_later_and_less_and_less_often_until_it_is_enough(string database)
    {
        await using var house = await Open(database);
        var zhou = await house.Customer();
        _line.Answer = _ => new LineAnswer.Refused("gateway-unreachable", Permanent: false);
        await house.Write(tx => house.Get<MessageDesk>().Queue(tx, Invitation(house, zhou) with { Only = Channel.Sms }));
        for (var i = 0; i < 60; i++)
        {
            await house.Get<Sender>().Round(default);
            house.Clock.Pass(TimeSpan.FromMinutes(1));
        }
        Assert.Equal(Sender.TriesMax, _line.Seen.Count);
        Assert.Equal("Failed", await house.Read(tx => tx.One<string>("select state from messages")));
        Assert.Equal(0, await house.Read(tx => tx.One<long>("select count(*) from contact_decisions where outcome = 'Allow' and undone_at is null")));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_line_that_breaks_on_one_message_does_not_make_the_others_leave_twice(string database)
    {
        await using var house = await Open(database);
        var people = new List<string>();
        for (var i = 0; i < 3; i++) people.Add(await house.Customer($"c-{i}"));
        await house.Write(tx => house.Get<MessageDesk>().Queue(tx, [.. people.Select(id => Invitation(house, id, $"invitation:{id}") with { Only = Channel.Sms })]));
        var bad = await house.Read(tx => tx.One<string>("select id from messages where customer_id = 'c-1'"));
        _line.Answer = key => key == bad ? throw new InvalidOperationException("cannot write this") : new LineAnswer.Accepted(key);
        await house.Get<Sender>().Round(default);
        house.Clock.Pass(TimeSpan.FromMinutes(5));
        await house.Get<Sender>().Round(default);
        Assert.All(_line.Seen.GroupBy(seen => seen.Key).Where(group => group.Key != bad), group => Assert.Single(group));
        Assert.Equal(2, await Facts(house, "message.sent"));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_receipt_told_twice_counts_once(string database)
    {
        await using var house = await Open(database);
        var zhou = await house.Customer();
        await house.Write(tx => house.Get<MessageDesk>().Queue(tx, Invitation(house, zhou)));
        await house.Get<Sender>().Round(default);
        var id = _line.Seen.Single().Key;
        for (var i = 0; i < 2; i++) await house.Write(tx => house.Get<MessageDesk>().Receive(tx, new(id, true, null, false, house.Now)));
        Assert.Equal(1, await Facts(house, "message.delivered"));
        Assert.Equal("Delivered", await house.Read(tx => tx.One<string>("select state from messages")));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))] // B1: Singapore
    public async Task In_Singapore_the_SMS_has_no_link_and_a_digit_is_the_answer(string database)
    {
        await using var house = await Open(database);
        var tan = await house.Customer("c-tan", "Asia/Singapore", "SG", Language.English);
        await house.Write(tx => house.Get<MessageDesk>().Queue(tx, Invitation(house, tan) with { Only = Channel.Sms }));
        await house.Get<Sender>().Round(default);
        var (_, to, text) = Assert.Single(_line.Seen);
        Assert.DoesNotContain("://", text);
        Assert.Contains("Reply 1 yes", text);
        Assert.IsType<Reply.Accept>(await house.Write(tx => house.Get<ReplyDesk>().Take(tx, new("r-1", to, "1", house.Now))));
        Assert.Equal("f-1", await house.Read(tx => tx.One<string>("select follow_up_id from replies where meaning = 'Accept' and settled_at is not null")));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Words_that_are_no_answer_wait_for_a_person(string database)
    {
        await using var house = await Open(database);
        var zhou = await house.Customer();
        var phone = (await house.Read(tx => house.Get<CustomerDesk>().Find(tx, zhou)))!.Points.Single(point => point.Kind == PointKind.Phone).Value!;
        Assert.IsType<Reply.Words>(await house.Write(tx => house.Get<ReplyDesk>().Take(tx, new("r-1", phone, "你们到底是谁", house.Now))));
        var open = Assert.Single(await house.Read(tx => house.Get<MessageBoard>().OpenReplies(tx)));
        Assert.Equal("你们到底是谁", open.Text);
        Assert.True(await house.Write(tx => house.Get<ReplyDesk>().Settle(tx, open.Reply.Id, house.Now, "a-lin")));
        Assert.False(await house.Write(tx => house.Get<ReplyDesk>().Settle(tx, open.Reply.Id, house.Now, "a-gu")));
    }

    private static Task<long> Facts(House house, string kind) => house.Read(async tx => await tx.One<long>("select count(*) from journal where kind = @kind", new { kind }));

    private static async Task<Standing> Phone(House house, string customer) =>
        (await house.Read(tx => house.Get<CustomerDesk>().Find(tx, customer)))!.Points.Single(point => point.Kind == PointKind.Phone).Standing;
}
