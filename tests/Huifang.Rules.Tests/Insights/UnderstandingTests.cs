using Huifang.Insights;

namespace Huifang.Tests.Insights;

public class UnderstandingTests
{
    private static readonly Understanding Taught = UnderstandingTrainer.Train(Lessons());

    [Theory]
    [InlineData("my transfer never arrived at my friend", "transfer.not_received")]
    [InlineData("轉帳給朋友，一直沒收到", "transfer.not_received")]
    [InlineData("THE APP CRASHES AGAIN", "app_quality.bug_crash")]
    [InlineData("ＡＰＰ闪退了", "app_quality.bug_crash")]
    public void A_text_is_understood_in_any_script_and_spelling(string text, string topic)
    {
        var reading = Taught.Of(text);
        Assert.Equal(topic, reading.Topics[0].Label);
        Assert.InRange(reading.Topics[0].Probability, 0, 1);
    }

    [Fact]
    public void A_model_that_was_written_and_read_says_the_same_of_every_text()
    {
        using var file = new MemoryStream();
        Taught.Write(file);
        file.Position = 0;
        var again = Understanding.Read(file);
        Assert.Equal(Taught.Version, again.Version);
        foreach (var lesson in Lessons()) Assert.Equal(Taught.Of(lesson.Text).Topics[0].Probability, again.Of(lesson.Text).Topics[0].Probability, 1e-6);
    }

    [Fact]
    public void A_file_that_is_no_model_or_is_cut_off_is_refused()
    {
        using var file = new MemoryStream();
        Taught.Write(file);
        Assert.Throws<InvalidDataException>(() => Understanding.Read(new MemoryStream([1, 2, 3])));
        for (var part = 0; part < 7; part++) Assert.Throws<InvalidDataException>(() => Understanding.Read(new MemoryStream(file.ToArray(), 0, (int)file.Length * part / 7)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("🎉🎉🎉")]
    [InlineData("\uD83D \uDC00")]
    [InlineData("\u200B\u202E\u2066")]
    public void A_text_that_says_nothing_is_left_to_a_person(string text) => Assert.True(Taught.Of(text).Abstained);

    [Fact]
    public void A_megabyte_of_text_is_read_at_once()
    {
        var reading = Taught.Of(string.Concat(Enumerable.Repeat("my transfer never arrived. ", 40_000)));
        Assert.Equal("transfer.not_received", reading.Topics[0].Label);
    }

    [Fact]
    public void Invisible_characters_hide_nothing() => Assert.Equal(Taught.Of("转账没收到").Topics[0], Taught.Of("转\u200B账\u2060没\u202E收到").Topics[0]);

    [Theory]
    [InlineData("我的转账为什么还没到账", "zh-Hans")]
    [InlineData("我的轉帳為什麼還沒入帳", "zh-Hant")]
    [InlineData("Why has my transfer not arrived?", "en")]
    [InlineData("Velocissimi nell'apertura del conto, sono molto contento", "other")]
    [InlineData("口座にログインできません", "other")]
    [InlineData("", "other")]
    public void The_language_is_told_from_the_characters(string text, string language) => Assert.Equal(language, Tongue.Of(text));

    private static List<LabelledText> Lessons()
    {
        (string Topic, string[] Texts)[] lessons =
        [
            ("transfer.not_received", ["my transfer has not arrived", "the money I sent never arrived", "my friend did not get the transfer", "转账对方没收到", "给朋友转账一直没到", "转账没收到"]),
            ("app_quality.bug_crash", ["the app crashes", "app keeps crashing when I open it", "it freezes and closes", "APP闪退", "软件一打开就闪退", "老是卡死闪退"]),
            ("fees_rates.unexpected_fee", ["why was I charged a fee", "unexpected fee on my statement", "what is this charge", "为什么收我手续费", "莫名其妙被扣手续费", "手续费太贵"]),
        ];
        return [.. lessons.SelectMany(lesson => lesson.Texts.Select(text => new LabelledText(text, new Dictionary<string, string[]> { [Axes.Topic] = [lesson.Topic] })))];
    }
}
