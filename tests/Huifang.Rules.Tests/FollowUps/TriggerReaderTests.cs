using Huifang.Languages;

namespace Huifang.FollowUps;

public sealed class TriggerReaderTests // T12
{
    [Fact]
    public void Every_shipped_rule_is_valid_and_survives_being_written()
    {
        Assert.Equal(9, TriggerShelf.Shipped.Length);
        foreach (var rule in TriggerShelf.Shipped)
        {
            var text = TriggerWriter.Write(rule);
            var (read, problems) = TriggerReader.Read(text);
            Assert.Empty(problems);
            Assert.Equal(text, TriggerWriter.Write(read!));
            Assert.All(rule.On, type => Assert.Contains(type, TriggerShelf.KnownTypes));
        }
    }

    [Fact]
    public void All_problems_are_told_at_once_each_with_its_place()
    {
        var (rule, problems) = TriggerReader.Read(
            """
            {"key":"Bad Key","name":{"zh-Hans":"名","en":"x"},"on":["withdrawal.failed",7],"where":[{"field":"amount","is":"AtLeast","number":1},{"field":"","is":"Sometimes"}],
             "count":{"atLeast":1,"withinHours":9999},"delayMinutes":600,"answerWithinHours":5,"expiresAfterHours":1,"value":2000,"channels":["Voice","Pigeon"],"capMax":0,"capDays":"x","first":"yes"}
            """);
        Assert.Null(rule);
        Assert.Equal(
            ["answerWithinHours", "capDays", "capMax", "channels[1]", "count.atLeast", "count.withinHours", "expiresAfterHours", "first", "key", "name.zh-Hant", "on[1]", "script", "value", "where[0].currency", "where[1].field", "where[1].is", "where[1].values"],
            problems.Select(problem => problem.Path).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"key":"a","every":5}""")]
    [InlineData("""{"name":"x","who":[1],"where":{"a":1}}""")]
    public void What_is_no_rule_at_all_is_told_and_never_thrown(string json)
    {
        var (rule, problems) = TriggerReader.Read(json);
        Assert.Null(rule);
        Assert.NotEmpty(problems);
    }

    [Theory]
    [InlineData("withdrawal-failed", Language.Simplified, "客户在 24 小时内第 2 次「提现失败」或「提现被银行退回」。 所有客户。 过 30 分钟，约客户回访「提现受阻后关怀」，用应用内通话，不行就电话，3 天内谈完，话术 withdrawal-failed。")]
    [InlineData("withdrawal-important", Language.English, "When “withdrawal completed” happens, amount at least 50,000 CNY. All customers. After 1 hour, arrange a follow-up “After an important withdrawal” by in-app call, else by phone, done within 3 days, script standard.")]
    [InlineData("dormancy", Language.Traditional, "客戶 60 天沒有動靜，每 180 天最多一次。 加入滿 90 天。")]
    public void A_rule_reads_as_a_sentence(string key, string language, string starts) =>
        Assert.StartsWith(starts, TriggerSentence.Of(TriggerShelf.Shipped.Single(rule => rule.Key == key), language).ToString());
}
