using FsCheck;
using FsCheck.Fluent;

namespace Huifang.Messages;

public class SmsTests
{
    [Theory]
    [InlineData(0, 'a', false, 0, 160)]
    [InlineData(160, 'a', false, 1, 0)]
    [InlineData(161, 'a', false, 2, 145)]
    [InlineData(80, '€', false, 1, 0)]
    [InlineData(81, '€', false, 2, 143)]
    [InlineData(70, '汉', true, 1, 0)]
    [InlineData(71, '汉', true, 2, 63)]
    [InlineData(134, '汉', true, 2, 0)]
    [InlineData(135, '汉', true, 3, 66)]
    public void Length_counts_as_the_networks_do(int count, char letter, bool unicode, int parts, int left)
    {
        var length = SmsLength.Of(new string(letter, count));
        Assert.Equal((unicode, parts, left), (length.IsUnicode, length.Parts, length.Left));
    }

    [Fact]
    public void A_split_text_joins_to_itself_without_torn_characters_in_as_many_parts_as_counted() =>
        Prop.ForAll(Gen.ListOf(Gen.Elements("a", "汉", "😀", "€", "\n", "é", "ы")).Select(all => string.Concat(all.SelectMany(one => Enumerable.Repeat(one, 5)))).ToArbitrary(), text =>
        {
            var parts = SmsLength.Split(text);
            return string.Concat(parts) == text
                && parts.Count == Math.Max(1, SmsLength.Of(text).Parts)
                && parts.All(part => part.Length == 0 || (!char.IsLowSurrogate(part[0]) && !char.IsHighSurrogate(part[^1])));
        }).QuickCheckThrowOnFailure();

    [Theory] // C3: any reasonable word withdraws
    [InlineData("T")]
    [InlineData("t")]
    [InlineData("Ｔ")]
    [InlineData(" 退订 ")]
    [InlineData("退訂。")]
    [InlineData("TD")]
    [InlineData("STOP")]
    [InlineData("Stop!")]
    [InlineData("opt-out")]
    [InlineData("Unsubscribe")]
    [InlineData("UNSUB")]
    [InlineData("不要再发了吗", false)]
    [InlineData("stop by tomorrow", false)]
    public void A_word_that_stops_is_understood_however_it_is_typed(string text, bool stops = true) =>
        Assert.Equal(stops, ReplyReader.Read(text, Asked.Booking) is Reply.Stop);

    [Fact] // B1
    public void A_digit_answers_what_was_asked_and_nothing_else()
    {
        Assert.IsType<Reply.Accept>(ReplyReader.Read("１", Asked.Booking));
        Assert.IsType<Reply.AnotherTime>(ReplyReader.Read("2.", Asked.Booking));
        Assert.IsType<Reply.Decline>(ReplyReader.Read("3", Asked.Booking));
        Assert.IsType<Reply.Never>(ReplyReader.Read(" 4", Asked.Booking));
        Assert.Equal(new Reply.Rating(4), ReplyReader.Read("4", Asked.Rating));
        Assert.IsType<Reply.Words>(ReplyReader.Read("1", Asked.Nothing));
        Assert.IsType<Reply.Words>(ReplyReader.Read("6", Asked.Rating));
        Assert.IsType<Reply.Words>(ReplyReader.Read("1 或者 2 都行", Asked.Booking));
    }
}
