using Huifang.Insights;

namespace Huifang.Tests.Insights;

public class PairTests
{
    private static readonly (string A, string B, bool Same)[] Lessons =
    [
        .. from verb in (string[])["开通", "关闭", "提升", "查询"] from thing in (string[])["花呗", "借呗", "余额宝"] from other in (string[])["花呗", "借呗", "余额宝"]
           select ($"怎么{verb}{thing}", $"如何{verb}{other}", thing == other),
    ];

    [Fact]
    public void It_learns_that_another_product_is_another_question()
    {
        var learned = SameMeaning.Learn(Lessons);
        Assert.True(learned.Of("怎样开通花呗", "如何开通花呗") > 0.5);
        Assert.True(learned.Of("怎样开通花呗", "如何开通借呗") < 0.5);
        Assert.Equal(learned.Of("怎么开通花呗", "如何关闭借呗"), learned.Of("如何关闭借呗", "怎么开通花呗"), 1e-5);
    }

    [Fact]
    public void Weights_that_were_written_and_read_say_the_same_and_damage_is_refused()
    {
        var learned = SameMeaning.Learn(Lessons);
        using var file = new MemoryStream();
        learned.Write(file);
        var again = SameMeaning.Read(new MemoryStream(file.ToArray()));
        foreach (var (a, b, _) in Lessons) Assert.Equal(learned.Of(a, b), again.Of(a, b), 1e-6);
        Assert.Throws<InvalidDataException>(() => SameMeaning.Read(new MemoryStream(file.ToArray(), 0, 30)));
    }

    [Fact]
    public void Among_many_the_nearest_are_those_of_the_same_meaning()
    {
        var learned = SameMeaning.Learn(Lessons);
        string[] texts = ["怎样开通花呗", "如何开通花呗", "怎样开通借呗", "怎么查询余额宝", "", "查询余额宝怎么弄"];
        foreach (var model in (SameMeaning[])[learned, SameMeaning.Shipped])
        {
            var index = new MeaningIndex(texts, model);
            // Only who has learned it knows that another product is another question; what ships has never seen these names.
            if (model == learned) Assert.Equal(1, index.Nearest(0, 3)[0].Text);
            Assert.Equal([1, 2], index.Nearest(0, 2).Select(one => one.Text).Order());
            Assert.Equal(5, index.Nearest(3, 1).Single().Text);
            Assert.Empty(index.Nearest(4, 3));
            Assert.DoesNotContain(index.Nearest(0, 10), one => one.Text == 0);
        }
    }

    [Fact]
    public void What_ships_tells_the_same_from_the_different()
    {
        Assert.True(SameMeaning.Shipped.Of("转账没有到账", "轉賬沒有到賬") > 0.8);
        Assert.True(SameMeaning.Shipped.Of("转账没有到账", "怎么修改密码") < 0.2);
        Assert.InRange(SameMeaning.Shipped.Of("", ""), 0, 1);
    }

    [Fact]
    public void One_text_that_was_copied_many_times_is_one_group_with_its_count()
    {
        const string Copied = "This company refuses to delete the incorrect entries from my report although I have asked three times by letter and by phone.";
        var texts = Enumerable.Range(0, 40).Select(i => i % 4 == 0 ? string.Join(' ', Enumerable.Range(0, 15).Select(j => $"word{i * 31 + j * 977}")) : $"{Copied} Ref {i}").ToList();
        var group = Assert.Single(Groups.Copies(texts, alike: 0.7));
        Assert.Equal(30, group.Count);
    }
}
