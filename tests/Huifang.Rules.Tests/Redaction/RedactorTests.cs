using Huifang.Redaction;

namespace Huifang.Rules.Tests.Redaction;

public sealed class RedactorTests
{
    [Theory]
    // Cards: any spacing, any digits, with and without a valid check digit
    [InlineData("卡号是6222 0212 3456 7890 123，请查一下", "卡号是[CARD]，请查一下")]
    [InlineData("刷的是4111111111111111", "刷的是[CARD]")]
    [InlineData("卡號：４０００ ００００ ２２２２ ３３３３", "卡號：[CARD]")]
    [InlineData("卡号六二二二零零零零一二三四五六七八", "卡号[CARD]")]
    [InlineData("my card 5 1 0 5 1 0 5 1 0 5 1 0 5 1 0 0 was charged 25.80", "my card [CARD] was charged 25.80")]
    [InlineData("amex 3782 822463 10005", "amex [CARD]")]
    [InlineData("card no 3204 please", "card no [CARD] please")]
    // Secrets that were announced
    [InlineData("验证码是 4 8 2 9 1 3", "验证码是 [OTP]")]
    [InlineData("482913是我的验证码", "[OTP]是我的验证码")]
    [InlineData("對方叫我讀驗證碼 482913 給他聽", "對方叫我讀驗證碼 [OTP] 給他聽")]
    [InlineData("he asked for the code and I said 482 913", "he asked for the code and I said [OTP]")]
    [InlineData("支付密码一二三四五六不对", "支付密码[PIN]不对")]
    [InlineData("密码：Qw!88rty，登不上", "密码：[PASSWORD]，登不上")]
    [InlineData("my password is hunter2 and it fails", "my password is [PASSWORD] and it fails")]
    [InlineData("CVV 123，有效期 11/28", "CVV [CVV]，有效期 11/28")]
    [InlineData("卡背安全碼 9021", "卡背安全碼 [CVV]")]
    // People
    [InlineData("身份证 110101 1905 0307 4535", "身份证 [CN_ID]")]
    [InlineData("打我手机 138-0013-8000", "打我手机 [PHONE]")]
    [InlineData("call +44 7700 900123 after six", "call [PHONE] after six")]
    [InlineData("幺三八零零幺三八零零零", "[PHONE]")]
    [InlineData("信箱 lin.jing＠example.com 沒收到", "信箱 [EMAIL] 沒收到")]
    [InlineData("write to lin_jing at example.org", "write to [EMAIL]")]
    [InlineData("my IBAN is GB82 WEST 1234 5698 7654 32", "my IBAN is [IBAN]")]
    public void A_secret_is_taken_out_whole(string said, string kept) => Assert.Equal(kept, Redactor.Redact(said).Text);

    [Theory]
    [InlineData("订单 T46927900868934 一直处理中")]
    [InlineData("訂單編號20260811563384920，2026/11/24 扣了 12,880.00 元")]
    [InlineData("交易号2026081131653669789517256579 扣了两次，尾号 8201")]
    [InlineData("客服 95188 和 400-820-0000 都打不通")]
    [InlineData("哈希0x84b0cfe93f23ec4f46705c69988374b51bdd19c8b4403d2d4930bcaf2454089c已确认")]
    [InlineData("error code 482913, transaction 4000004000")]
    [InlineData("密码忘了，转了5000元，11月24日 20:53 的事")]
    [InlineData("I forgot my password again and resetting the password is not working")]
    [InlineData("card ending 6777 was charged $1,506,954 on 2026-11-24 09:15")]
    [InlineData("我等了一二十分钟，第三次了，一共两三百块")]
    [InlineData("the promo code SAVE20 gave 20% off for 12 months in 2026")]
    public void What_only_looks_like_a_secret_stays(string said) => Assert.Same(said, Redactor.Redact(said).Text);

    [Theory]
    [InlineData("请问您卡号后四位是多少？", "4417", "[CARD]")]
    [InlineData("What are the last four digits of your card?", "sure, it is 4417", "sure, it is [CARD]")]
    [InlineData("對方有要您提供驗證碼嗎？", "有，482913", "有，[OTP]")]
    [InlineData("Which year did you join?", "2019", "2019")]
    [InlineData("卡号多少？", "20261124", "20261124")]
    public void An_answer_is_read_in_the_light_of_its_question(string question, string answer, string kept) =>
        Assert.Equal(kept, Redactor.Redact(answer, RedactionContext.After(question)).Text);

    [Fact]
    public void Twelve_recovery_words_in_a_row_go_even_when_nobody_announced_them()
    {
        const string Phrase = "abandon ability able about above absent absorb abstract absurd abuse access accident";
        Assert.Equal("he wanted [SEED_PHRASE] from me", Redactor.Redact($"he wanted {Phrase} from me").Text);
        Assert.Equal("助记词：[SEED_PHRASE]，别发给别人", Redactor.Redact($"助记词：{Phrase.Replace(" ", ", ")}，别发给别人").Text);
        const string Prose = "I was able to pay above the amount because my account was open and the screen did not show any error at all";
        Assert.Same(Prose, Redactor.Redact(Prose).Text);
    }

    [Fact]
    public void What_the_desk_refuses_as_typed_leaves_telephone_numbers_alone()
    {
        var typed = Redactor.Redact("回电 13800138000，卡号 6222021234567890123", hide: SecretKinds.Typed);
        Assert.Equal("回电 13800138000，卡号 [CARD]", typed.Text);
        Assert.Equal([SecretKind.Card], typed.Spans.Select(span => span.Kind));
    }

    [Fact]
    public void Spans_are_positions_of_the_original_in_order()
    {
        const string Said = "卡号4111111111111111，验证码482913";
        var spans = Redactor.Redact(Said).Spans;
        Assert.Equal(["4111111111111111", "482913"], spans.Select(span => Said[span.Start..span.End]));
    }

    /// <summary>Noise from the pieces that the rules look at: never an exception, never a span outside, never a second finding of the same secret.</summary>
    [Fact]
    public void Any_text_is_survived_and_what_is_left_is_clean()
    {
        const int Seed = 20261124;
        var random = new Random(Seed);
        string[] pieces = ["1", "2", "6222", "4111111111111111", "138", "0013", "8000", " ", "-", ".", ",", "/", "年", "月", "零", "六二二二", "密码", "password is ", "code ", "验证码", "@", "＠", "example.com", "at ", "X", "e 15", "0x", "ab", "abandon ", "\n", "(", "+", "00", "卡号", "pin", "。", "：", "seed phrase ", "GB82", "7", "２０", "\ud83d\ude00"];
        for (var round = 0; round < 20_000; round++)
        {
            var said = string.Concat(Enumerable.Range(0, random.Next(1, 14)).Select(_ => pieces[random.Next(pieces.Length)]));
            var asked = new RedactionContext((SecretKinds)random.Next(0, (int)SecretKinds.All + 1));
            try
            {
                var end = 0;
                foreach (var span in Redactor.Redact(said, asked).Spans)
                {
                    Assert.True(span.Start >= end && span.Length > 0 && span.End <= said.Length, $"seed {Seed}: {said}");
                    end = span.End;
                }
            }
            catch (Exception broken) when (broken is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"seed {Seed}, round {round}: {broken.GetType().Name} on «{said}»");
            }
        }
    }

    [Fact]
    public void A_page_of_digits_takes_no_longer_than_a_page_of_words()
    {
        // Beside words of the same length in the same run: what grows with the square would take a hundred thousand times as long, whatever else the machine is doing.
        static TimeSpan Best(string page) => Enumerable.Range(0, 3).Min(_ =>
        {
            var watch = System.Diagnostics.Stopwatch.StartNew();
            Redactor.Redact(page);
            return watch.Elapsed;
        });
        var (digits, words) = (Best(string.Concat(Enumerable.Repeat("1 2 3-4.", 40_000))), Best(string.Concat(Enumerable.Repeat("so it is", 40_000))));
        Assert.True(digits < 1_000 * words, $"{digits} against {words}");
    }
}
