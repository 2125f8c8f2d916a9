using System.Globalization;
using System.Text.Json;
using Huifang.Languages;

namespace Huifang.Feedback;

/// <summary>How the columns of an export, or the fields of a feed, become records.</summary>
/// <param name="Id">At most 40 lower case letters, digits and dashes.</param>
/// <param name="Source">A source of <see cref="FeedbackSource"/>.</param>
/// <param name="Fields">For each of <see cref="Known"/> the columns that may hold it, the first that is filled counts. <c>words</c> must be there.</param>
/// <param name="RatingMax">The best rating in the file: 5, 10 or 100. Ratings become 1–5.</param>
public sealed record FeedbackMapping(string Id, string Name, string Source, IReadOnlyDictionary<string, IReadOnlyList<string>> Fields, int RatingMax = 5, string Zone = "Asia/Shanghai", string? Language = null)
{
    public static readonly IReadOnlyList<string> Known = ["words", "title", "id", "at", "rating", "language", "version", "region", "segment", "channel", "customer"];

    /// <summary>The mappings that ship: stores, social posts, notes of interviews and user tests.</summary>
    public static readonly IReadOnlyList<FeedbackMapping> Shipped =
    [
        Of("app-store", "App Store", "store:appstore", "words=Review,Body,body,review,评论内容,content", "title=Title,标题", "id=Review ID,id,review_id", "at=Date,date,时间,updated", "rating=Rating,Star Rating,rating,score,评分", "version=App Version,version,版本", "region=Storefront,Country,country,地区", "language=Language,language"),
        Of("app-gallery", "应用市场", "store:appgallery", "words=评论内容,评价内容,内容,comment", "title=标题", "id=评论编号,编号,commentId", "at=评论时间,时间,operTime", "rating=评分,星级,rating", "version=应用版本,版本,versionName", "region=地区,country"),
        Of("google-play", "Google Play", "store:googleplay", "words=Review Text,text", "title=Review Title", "id=Review Link,reviewId", "at=Review Submit Date and Time,at", "rating=Star Rating,score", "version=App Version Name,appVersion", "language=Reviewer Language"),
        Of("social", "社交媒体", "social:web", "words=text,content,正文,内容", "id=id,链接,url", "at=created_at,date,时间", "region=region,地区"),
        Of("interview", "访谈记录", "interview", "words=notes,quote,原话,记录", "id=id,编号", "at=date,日期", "segment=segment,客群", "customer=customer,客户编号"),
        Of("user-test", "用户测试", "user-test", "words=observation,quote,观察,原话", "title=task,任务", "id=id,编号", "at=date,日期", "version=version,版本", "customer=customer,客户编号"),
    ];

    /// <summary>Reads a mapping as it was saved or sent. Throws <see cref="FormatException"/> with the field that is wrong.</summary>
    public static FeedbackMapping Read(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object) throw new FormatException("$: an object is expected");
        var id = Text(json, "id") is { Length: > 0 and <= 40 } text && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-') ? text : throw new FormatException("id: at most 40 lower case letters, digits and dashes");
        var source = Text(json, "source") is { } from && FeedbackSource.IsKnown(from) ? from : throw new FormatException($"source: one of {string.Join(", ", FeedbackSource.All)}, with a place after a colon");
        var fields = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        if (json.TryGetProperty("fields", out var given) && given.ValueKind == JsonValueKind.Object)
            foreach (var field in given.EnumerateObject())
            {
                if (!Known.Contains(field.Name)) throw new FormatException($"fields.{field.Name}: one of {string.Join(", ", Known)}");
                fields[field.Name] = field.Value.ValueKind switch
                {
                    JsonValueKind.String => Columns(field.Value.GetString()!),
                    JsonValueKind.Array => [.. field.Value.EnumerateArray().Select(one => one.ValueKind == JsonValueKind.String ? one.GetString()! : throw new FormatException($"fields.{field.Name}: names of columns"))],
                    _ => throw new FormatException($"fields.{field.Name}: names of columns"),
                };
            }
        if (!fields.TryGetValue("words", out var words) || words.Count == 0) throw new FormatException("fields.words: the column with the customer's words");
        var most = json.TryGetProperty("ratingMax", out var best) && best.TryGetInt32(out var number) ? number : 5;
        if (most is not (5 or 10 or 100)) throw new FormatException("ratingMax: 5, 10 or 100");
        var zone = Text(json, "zone") ?? "Asia/Shanghai";
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _)) throw new FormatException("zone: an IANA time zone");
        return new(id, Text(json, "name") is { Length: > 0 and <= 80 } name ? name : id, source, fields, most, zone, Languages.Language.For(Text(json, "language")));
    }

    public static IReadOnlyList<string> Columns(string names) => names.Split([',', '，'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>As it is saved.</summary>
    public string Write() => JsonSerializer.Serialize(new { id = Id, name = Name, source = Source, fields = Fields, ratingMax = RatingMax, zone = Zone, language = Language });

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static FeedbackMapping Of(string id, string name, string source, params string[] fields) =>
        new(id, name, source, fields.Select(field => field.Split('=', 2)).ToDictionary(pair => pair[0], pair => Columns(pair[1]), StringComparer.Ordinal));
}

/// <summary>What is wrong with a row: the field and a word for the reason.</summary>
public sealed record BadField(string Field, string Reason);

/// <summary>Reads rows of exports and feeds. Nothing is guessed: what a row does not say stays empty, what it says wrongly makes it a bad row that a person sees.</summary>
public static class FeedbackRows
{
    private static readonly string[] DateFormats = ["yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm", "yyyy-MM-dd", "yyyy/M/d H:mm:ss", "yyyy/M/d H:mm", "yyyy/M/d", "yyyy年M月d日", "MM/dd/yy", "MM/dd/yyyy"];

    /// <param name="likeness">Names a row that has no id of its own, by what it says.</param>
    public static (FeedbackItem? Item, BadField? Wrong) Read(FeedbackMapping mapping, IReadOnlyDictionary<string, string> row, DateTimeOffset now, Func<string, string> likeness)
    {
        string? Cell(string field) => mapping.Fields.TryGetValue(field, out var columns) ? columns.Select(column => row.GetValueOrDefault(column)?.Trim()).FirstOrDefault(cell => cell is { Length: > 0 }) : null;
        var (words, title) = (Cell("words"), Cell("title"));
        if (words is null && title is null) return (null, new("words", "missing"));
        words = title is null || title == words ? words ?? title! : words is null ? title : $"{title}\n{words}";
        if (words.Length > FeedbackWords.LengthMax) return (null, new("words", "too-long"));
        if (words.Contains('\uFFFD', StringComparison.Ordinal)) return (null, new("words", "broken-encoding"));
        var (at, rating) = (now, (int?)null);
        if (Cell("at") is { } written && !TryTime(written, mapping.Zone, out at)) return (null, new("at", "not-a-time"));
        if (at > now.AddDays(1) || at < now.AddYears(-20)) return (null, new("at", "out-of-range"));
        if (Cell("rating") is { } stars)
        {
            if (!double.TryParse(stars.Replace('，', '.').TrimEnd('星', '★', '分', ' '), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || value < 0 || value > mapping.RatingMax) return (null, new("rating", "out-of-range"));
            rating = Math.Clamp((int)Math.Round(mapping.RatingMax == 5 ? value : 1 + 4 * value / mapping.RatingMax, MidpointRounding.AwayFromZero), 1, 5);
        }
        var id = Cell("id") ?? likeness($"{words}|{Cell("at")}|{rating}");
        return (new FeedbackItem(mapping.Source, Short(id, 200)!, Short(Cell("customer"), 64), at, mapping.Language ?? Languages.Language.For(Cell("language")) ?? Guess(words), words, rating)
        {
            AppVersion = Short(Cell("version"), 40), Region = Short(Cell("region"), 40), Segment = Short(Cell("segment"), 40)?.ToLowerInvariant(), Channel = Short(Cell("channel"), 20)?.ToLowerInvariant(),
        }, null);    }

    /// <summary>The script of the words decides between Chinese and the rest; signs that only Traditional has decide between the two.</summary>
    public static string Guess(string words)
    {
        const string traditional = "們個這為來時說對會過還後開關無電話錢帳戶轉銀請點應樣嗎麼現讓卻實際應該從沒號碼證";
        var chinese = words.Count(c => c is >= '\u4e00' and <= '\u9fff');
        if (chinese == 0 || chinese * 6 < words.Count(char.IsAsciiLetter)) return Languages.Language.English;
        return words.Any(c => traditional.Contains(c, StringComparison.Ordinal)) ? Languages.Language.Traditional : Languages.Language.Simplified;
    }

    private static bool TryTime(string written, string zone, out DateTimeOffset at)
    {
        if (DateTime.TryParseExact(written, DateFormats, CultureInfo.InvariantCulture, DateTimeStyles.AllowWhiteSpaces, out var local))
        {
            at = new DateTimeOffset(local, TimeZoneInfo.FindSystemTimeZoneById(zone).GetUtcOffset(local)).ToUniversalTime();
            return true;
        }
        if (DateTimeOffset.TryParse(written, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out at)) return true;
        if (!long.TryParse(written, NumberStyles.None, CultureInfo.InvariantCulture, out var unix) || unix > 253402300799999) return false;
        at = unix > 100_000_000_000 ? DateTimeOffset.FromUnixTimeMilliseconds(unix) : DateTimeOffset.FromUnixTimeSeconds(unix);
        return true;
    }

    private static string? Short(string? text, int most) => text is null ? null : text.Length <= most ? text : text[..most];
}
