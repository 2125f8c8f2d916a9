using Huifang.Complaints;
using Huifang.Messages;
using Huifang.Phones;
using Xunit;

namespace Huifang.Languages;

public class WholeTextTests
{
    [Fact]
    public void Half_a_character_is_none()
    {
        // Not as attributes: these are written as UTF-8, which can't hold half a character.
        foreach (var (text, whole) in new[] { ("退订", "退订"), ("a\ud83db", "a\ufffdb"), ("\ude00", "\ufffd"), ("x\ud83d", "x\ufffd"), ("😀\ud83d😀", "😀\ufffd😀"), ("a\0b", "a\ufffdb") }) Assert.Equal(whole, WholeText.Of(text));
    }

    [Fact]
    public void Readers_of_strangers_words_live_with_half_a_character()
    {
        Assert.IsType<Reply.Words>(ReplyReader.Read("好\ud83d吧", Asked.Booking));
        Assert.IsType<Reply.Stop>(ReplyReader.Read("退订\ud83d", Asked.Booking));
        Assert.Contains("refund", SearchTerms.Of("refund \ud83d"));
        Assert.Null(PhoneRules.Find("\ud83d", "CN"));
    }
}
