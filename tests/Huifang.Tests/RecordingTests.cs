using System.Security.Cryptography;
using Huifang.Calls;
using Huifang.Contacts;
using Huifang.FollowUps;
using Huifang.Scripts;

namespace Huifang.Tests;

public sealed class RecordingTests
{
    private static async Task<(Call Call, Recordings Recordings)> Agreed(House house, bool agrees = true)
    {
        var customer = await house.Customer();
        await house.Write(tx => house.Get<FollowUpDesk>().Arrange(tx, [new FollowUp("f-1", customer, "r", 1, 1, Purpose.Service, Channel.Voice, ShippedScripts.Standard, 500,
            FollowUpState.Waiting, house.Now, house.Now, house.Now.AddDays(2), house.Now.AddDays(7))]));
        await house.Get<FollowUpClock>().Round(default);
        var call = (await house.Write(tx => house.Get<CallQueue>().Take(tx, new AgentReach("lin", ["zh-Hans"], ["general"])))).Value!;
        await house.Write(tx => house.Get<CallVerifier>().Arm(tx, call.Id, "lin"));
        foreach (var (question, value) in new[] { ("hello", "said"), ("time", "yes"), ("recording", agrees ? "yes" : "no") })
            await house.Write(tx => house.Get<CallDesk>().Answer(tx, call.Id, "lin", new Answer(question, value, null)));
        return (call, house.Get<Recordings>());
    }

    private static async Task<string> Recorded(House house, Call call, Recordings recordings, int seconds, bool close = true)
    {
        var id = (await house.Write(tx => recordings.Begin(tx, call.Id, "lin", "audio/webm;codecs=opus"))).Value!;
        for (var i = 0; i < seconds; i++) Assert.True((await house.Write(tx => recordings.Append(tx, id, "lin", i, Sound(i)))).Ok);
        if (close) Assert.True((await house.Write(tx => recordings.Close(tx, id, "lin", seconds))).Ok);
        return id;
    }

    private static byte[] Sound(int second) => [.. Enumerable.Range(0, 100).Select(i => (byte)(second + i))];

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Nothing_is_recorded_before_the_customer_agreed_and_a_no_goes_on_without(string database)
    {
        await using var house = await House.Open(database);
        var (call, recordings) = await Agreed(house, agrees: false);
        Assert.Equal(CallRefusal.NoConsent, (await house.Write(tx => recordings.Begin(tx, call.Id, "lin", "audio/webm"))).Refusal);
        Assert.True((await house.Write(tx => house.Get<CallDesk>().Answer(tx, call.Id, "lin", new Answer("overall", "4", null)))).Ok);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task What_was_said_comes_back_whole_and_who_listened_stands_in_the_journal(string database)
    {
        await using var house = await House.Open(database);
        var (call, recordings) = await Agreed(house);
        var id = await Recorded(house, call, recordings, 5);
        var (state, _, sound) = await house.Write(tx => recordings.Play(tx, id, "su"));
        Assert.Equal(Wholeness.Whole, state);
        Assert.Equal(Enumerable.Range(0, 5).SelectMany(Sound), sound);
        Assert.Equal("su", await house.Read(tx => tx.One<string>("select actor from journal where kind = 'recording.played'")));
        Assert.Equal(CallRefusal.Overtaken, (await house.Write(tx => recordings.Append(tx, id, "lin", 5, Sound(5)))).Refusal);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_closed_browser_keeps_what_was_recorded_up_to_then_and_says_that_the_end_is_missing(string database)
    {
        await using var house = await House.Open(database);
        var (call, recordings) = await Agreed(house);
        var id = await Recorded(house, call, recordings, 3, close: false);
        var (state, _, sound) = await house.Write(tx => recordings.Play(tx, id, "su"));
        Assert.Equal((Wholeness.EndMissing, 300), (state, sound.Length));
        await Recorded(house, call, recordings, 2);
        Assert.Equal(2, (await house.Read(tx => recordings.OfCall(tx, call.Id))).Count);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Pieces_come_once_and_in_order_and_only_from_the_agent_on_the_call(string database)
    {
        await using var house = await House.Open(database);
        var (call, recordings) = await Agreed(house);
        var id = await Recorded(house, call, recordings, 2, close: false);
        Assert.True((await house.Write(tx => recordings.Append(tx, id, "lin", 1, Sound(1)))).Ok);
        Assert.Equal(CallRefusal.Overtaken, (await house.Write(tx => recordings.Append(tx, id, "lin", 3, Sound(3)))).Refusal);
        Assert.Equal(CallRefusal.NotYours, (await house.Write(tx => recordings.Append(tx, id, "chen", 2, Sound(2)))).Refusal);
        Assert.Equal(CallRefusal.Overtaken, (await house.Write(tx => recordings.Close(tx, id, "lin", 3))).Refusal);
        Assert.Equal(200, (await house.Write(tx => recordings.Play(tx, id, "su"))).Sound.Length);
    }

    [Theory]
    [InlineData("delete from recording_chunks where seq = 4", Wholeness.Broken)]
    [InlineData("delete from recording_chunks where seq = 2", Wholeness.Broken)]
    [InlineData("update recording_chunks set seq = seq + 100 where seq = 1", Wholeness.Broken)]
    [InlineData("update recording_chunks set box = (select box from recording_chunks where seq = 0) where seq = 3", Wholeness.Broken)]
    [InlineData("update recordings set marker = null", Wholeness.EndMissing)]
    [InlineData("update recordings set call_id = (select id from calls limit 1)", Wholeness.Whole)]
    public async Task A_cut_or_changed_recording_does_not_pass_for_whole(string tampering, Wholeness seen)
    {
        await using var house = await House.Open(Databases.Sqlite);
        var (call, recordings) = await Agreed(house);
        var id = await Recorded(house, call, recordings, 5);
        await house.Write(tx => tx.Run(tampering));
        Assert.Equal(seen, (await house.Write(tx => recordings.Play(tx, id, "su"))).State);
    }

    [Fact]
    public void Every_changed_byte_of_a_piece_is_seen()
    {
        var key = RandomNumberGenerator.GetBytes(32);
        var box = RecordingSeal.Piece(key, "call", "rec", 7, Sound(1));
        for (var i = 0; i < box.Length; i++)
        {
            box[i] ^= 1;
            Assert.Null(RecordingSeal.Open(key, "call", "rec", 7, box));
            box[i] ^= 1;
        }
        Assert.NotNull(RecordingSeal.Open(key, "call", "rec", 7, box));
        Assert.Null(RecordingSeal.Open(key, "call", "rec", 8, box));
        Assert.Null(RecordingSeal.Open(key, "other", "rec", 7, box));
        var marker = RecordingSeal.Marker(key, "call", "rec", 5, 500);
        Assert.Equal((5, 500), RecordingSeal.ReadMarker(key, "call", "rec", marker));
        Assert.Null(RecordingSeal.ReadMarker(key, "call", "else", marker));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Erasing_makes_it_unreadable_at_once_unless_the_law_holds_it(string database)
    {
        await using var house = await House.Open(database);
        var (call, recordings) = await Agreed(house);
        var id = await Recorded(house, call, recordings, 2);
        await house.Write(tx => recordings.Hold(tx, id, "case 2026-11", "compliance"));
        house.Clock.Pass(Recordings.KeptFor + TimeSpan.FromDays(1));
        await house.Get<RecordingRetention>().Round(default);
        Assert.False(await house.Write(tx => recordings.Erase(tx, id, "compliance")));
        Assert.Equal(Wholeness.Whole, (await house.Write(tx => recordings.Play(tx, id, "su"))).State);

        await house.Write(tx => recordings.Hold(tx, id, null, "compliance"));
        await house.Get<RecordingRetention>().Round(default);
        Assert.Equal(Wholeness.Erased, (await house.Write(tx => recordings.Play(tx, id, "su"))).State);
        Assert.Equal(0, await house.Read(tx => tx.One<long>("select count(*) from recording_chunks")));
    }
}
