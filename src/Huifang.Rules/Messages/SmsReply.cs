using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using Huifang.Contacts;
using Huifang.Languages;

namespace Huifang.Messages;

/// <summary>What a message asked, so that a bare digit in the answer can be understood.</summary>
public enum Asked
{
    Nothing,
    /// <summary>1 that time is good · 2 another time · 3 not this time · 4 never again.</summary>
    Booking,
    /// <summary>1 to 5.</summary>
    Rating,
    /// <summary>0 to 12: a scale's number or a choice's place; whoever asked knows which of them there are.</summary>
    Number,
}

/// <summary>What a reply means. A closed list: switch over it without a default.</summary>
public abstract record Reply
{
    private Reply() { }

    /// <summary>No more messages: a withdrawal that holds at once.</summary>
    public sealed record Stop : Reply;
    public sealed record Accept : Reply;
    public sealed record AnotherTime : Reply;
    public sealed record Decline : Reply;
    public sealed record Never : Reply;
    public sealed record Rating(int Stars) : Reply;
    public sealed record Number(int Value) : Reply;

    /// <summary>Not one of the answers: a person reads it.</summary>
    public sealed record Words : Reply;
}

/// <summary>Reads replies to our messages. Doubt is never turned into consent: what is not plainly an answer goes to a person.</summary>
public static class ReplyReader
{
    // The words that revoke under 47 CFR 64.1200(a)(10), the Chinese operators' own, the plain words of our three languages, and every rule pack's.
    private static readonly FrozenSet<string> StopWords = new[]
    {
        "t", "td", "tt", "n", "0000", "退", "退订", "退訂", "退订回t", "回复td", "取消", "取消订阅", "取消訂閱", "停止", "停", "不要再发", "不要再發", "拒收", "拒收短信",
        "stop", "stopall", "quit", "end", "revoke", "optout", "cancel", "unsubscribe",
    }.Concat(PackShelf.Shipped.OptOutWords.Select(Bare)).ToFrozenSet(StringComparer.Ordinal);

    public static Reply Read(string text, Asked asked)
    {
        var bare = Bare(text);
        if (StopWords.Contains(bare)) return new Reply.Stop();
        return (asked, bare) switch
        {
            (Asked.Booking, "1" or "好" or "好的" or "可以" or "同意" or "yes" or "ok") => new Reply.Accept(),
            (Asked.Booking, "2") => new Reply.AnotherTime(),
            (Asked.Booking, "3" or "不用" or "不用了" or "no") => new Reply.Decline(),
            (Asked.Booking, "4") => new Reply.Never(),
            (Asked.Rating, ['1' or '2' or '3' or '4' or '5']) => new Reply.Rating(bare[0] - '0'),
            (Asked.Number, _) when Counted(bare) is { } number => new Reply.Number(number),
            _ => new Reply.Words(),
        };
    }

    // "9", "10 分": whole numbers as people text them, nothing with a sign or a leading nought.
    private static int? Counted(string bare) =>
        bare.TrimEnd('分') is { Length: 1 or 2 } digits && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= 12 && (digits.Length == 1 || digits[0] != '0') ? number : null;

    // Full-width digits and letters, spaces, quotes and full stops are how people type, not what they mean.
    private static string Bare(string text)
    {
        var bare = new StringBuilder(text.Length);
        foreach (var c in WholeText.Of(text).Normalize(NormalizationForm.FormKC).Trim())
            if (char.IsLetterOrDigit(c)) bare.Append(char.ToLower(c, CultureInfo.InvariantCulture));
        return bare.ToString();
    }
}
