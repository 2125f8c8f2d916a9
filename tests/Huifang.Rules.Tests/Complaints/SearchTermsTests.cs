using Huifang.Complaints;

namespace Huifang.Rules.Tests.Complaints;

public sealed class SearchTermsTests
{
    [Theory]
    [InlineData("提现三天", "提现 现三 三天")]
    [InlineData("Where is my MONEY?", "where is my money")]
    [InlineData("ＡＢＣ１２３ 提现", "abc123 提现")]
    [InlineData("提现 fee 退", "提现 fee")]
    [InlineData("が届き", "が届 届き")]
    [InlineData("a 1 !", "")]
    [InlineData("", "")]
    public void A_text_is_found_by_its_words_and_by_pairs_of_characters(string text, string terms) =>
        Assert.Equal(terms.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(), SearchTerms.Of(text).Order());

    [Fact]
    public void What_is_asked_for_is_cut_as_what_is_kept_so_every_phrase_of_a_text_finds_it()
    {
        const string Text = "我3天前提现5000元到招商银行，一直没有到账，hotline 说 no record。";
        var kept = SearchTerms.Of(Text);
        foreach (var phrase in new[] { "提现", "招商银行", "没有到账", "5000", "no record", "HOTLINE" }) Assert.Subset(kept.ToHashSet(), SearchTerms.Of(phrase).ToHashSet());
        Assert.InRange(SearchTerms.Of(string.Concat(Enumerable.Range(0x4e00, 20_000).Select(c => (char)c))).Count, 1, SearchTerms.TermsMax);
    }
}
