using Huifang.Insights;

namespace Huifang.Tests.Insights;

public class ShippedTests
{
    private static readonly Understanding Shipped = UnderstandingTrainer.Train(ShippedSentences.All());

    [Fact]
    public void Every_label_that_ships_is_one_of_its_axis_and_every_topic_has_sentences_in_three_languages()
    {
        var sentences = ShippedSentences.All();
        foreach (var axis in Axes.All)
        {
            var known = Axes.Labels(axis).ToHashSet();
            Assert.Empty(sentences.SelectMany(sentence => sentence.Labels.GetValueOrDefault(axis, [])).Where(label => !known.Contains(label)).Distinct());
        }
        foreach (var topic in Taxonomy.Shipped.Classes)
        {
            // One of them is the topic's name.
            var languages = sentences.Where(sentence => sentence.Labels.GetValueOrDefault(Axes.Topic, []).Contains(topic.Id)).Select(sentence => Tongue.Of(sentence.Text)).ToList();
            Assert.True(languages.Count(language => language == "en") >= 3 && languages.Count(language => language is "zh-Hans" or "zh-Hant") >= 5, $"{topic.Id} has too few sentences");
        }
    }

    [Fact]
    public void Questions_that_it_has_not_seen_are_mostly_understood_and_it_knows_how_sure_it_is()
    {
        var (right, answered, answeredRight, stated) = (0, 0, 0, 0.0);
        var lines = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Insights", "fixtures", "banking77.tsv"));
        foreach (var line in lines)
        {
            var (topic, text) = (line[..line.IndexOf('\t')], line[(line.IndexOf('\t') + 1)..]);
            var reading = Shipped.Of(text);
            var isRight = reading.Topics[0].Label == topic;
            stated += reading.Topics[0].Probability;
            if (isRight) right++;
            if (!reading.Abstained) { answered++; if (isRight) answeredRight++; }
        }
        Assert.True(right >= 0.85 * lines.Length, $"only {right} of {lines.Length} right");
        Assert.True(answeredRight >= 0.88 * answered, $"only {answeredRight} of {answered} answers right");
        Assert.True(Math.Abs(stated - right) / lines.Length < 0.08, $"stated {stated / lines.Length:0.00}, true {(double)right / lines.Length:0.00}");
    }

    [Theory]
    [InlineData("钱转过去了，我朋友说没有收到", "transfer.not_received")]
    [InlineData("錢已經轉過去，朋友說沒收到轉帳", "transfer.not_received")]
    [InlineData("一打开app就闪退", "app_quality.bug_crash")]
    [InlineData("我的手机被偷了，请马上冻结账号", "security_fraud.lost_or_stolen")]
    [InlineData("怎么绑定新的银行卡", "card_binding.linking")]
    public void Chinese_is_understood_in_both_scripts(string text, string topic) => Assert.Equal(topic, Shipped.Of(text).Topics[0].Label);

    [Theory]
    [InlineData("有人盗刷了我的卡，不是我本人消费", true)]
    [InlineData("I was tricked by a fraudster into sending money", true)]
    [InlineData("How do I check my balance?", false)]
    public void Fraud_is_seen_with_a_floor_of_its_own(string text, bool fraud) => Assert.Equal(fraud, Shipped.Of(text).MayBeFraud);

    [Theory]
    [InlineData("这个钱包太好用了，客服也很棒", "positive", "praise")]
    [InlineData("希望能增加一个记账功能", "neutral", "wish")]
    [InlineData("垃圾软件，钱扣了还失败", "negative", "problem")]
    [InlineData("The app is great, very easy to use", "positive", "praise")]
    public void Sentiment_and_intent_are_read(string text, string sentiment, string intent)
    {
        var reading = Shipped.Of(text);
        Assert.Equal((sentiment, intent), (reading.Sentiment.Label, reading.Intent.Label));
    }
}
