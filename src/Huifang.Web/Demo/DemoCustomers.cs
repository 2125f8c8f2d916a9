using Huifang.Contacts;
using Huifang.Consents;
using Huifang.Customers;
using Huifang.Languages;

namespace Huifang.Demo;

/// <summary>The demo's people: five thousand customers in six countries, made from a seed, so that every demo tells the same story.</summary>
public static class DemoCustomers
{
    public const int Count = 5000;
    public const int Seed = 20261124;

    private static readonly string[] Surnames = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文".Select(c => c.ToString()).ToArray();
    private static readonly string[] Given = ["慕晴", "子涵", "雨桐", "浩然", "思远", "佳怡", "文博", "晓月", "志强", "丽华", "建国", "秀英", "俊杰", "婷婷", "宇轩", "梦琪", "明远", "静怡", "海燕", "国栋", "雪梅", "天宇", "欣然", "立新", "春燕", "禾", "远", "宁", "岚", "一鸣"];
    private static readonly string[] GivenHant = ["慕晴", "子涵", "雨桐", "浩然", "詠詩", "家怡", "文博", "曉月", "志強", "麗華", "嘉欣", "秀英", "俊傑", "婷婷", "宇軒", "思敏", "明遠", "靜怡", "海燕", "國棟"];
    private static readonly string[] English = ["Amelia", "Oliver", "Grace", "Noah", "Isla", "Henry", "Maya", "Leo", "Ruth", "Samuel", "Priya", "Daniel", "Chloe", "Marcus", "Nina", "Victor"];
    private static readonly string[] EnglishLast = ["Hart", "Okafor", "Bennett", "Shah", "Lindqvist", "Reyes", "Whitfield", "Moreau", "Kaplan", "Doyle", "Iyer", "Novak", "Tan", "Brooks"];

    private sealed record Home(int Share, string Country, string Zone, string Language, string PhonePrefix, int PhoneDigits);

    private static readonly Home[] Homes =
    [
        new(66, "CN", "Asia/Shanghai", Language.Simplified, "+86138", 8),
        new(4, "CN", "Asia/Urumqi", Language.Simplified, "+86139", 8),
        new(10, "HK", "Asia/Hong_Kong", Language.Traditional, "+8526", 7),
        new(8, "TW", "Asia/Taipei", Language.Traditional, "+8869", 8),
        new(5, "SG", "Asia/Singapore", Language.English, "+659", 7),
        new(4, "GB", "Europe/London", Language.English, "+447400", 6),
        new(3, "US", "America/New_York", Language.English, "+1212555", 4),
    ];

    public static IEnumerable<CustomerDraft> Make(DateTimeOffset now)
    {
        var random = new Random(Seed);
        yield return Zhou(now);
        for (var i = 1; i < Count; i++) yield return One(random, i, now);
    }

    /// <summary>Zhou Muqing of Hangzhou, whom the README's walk follows.</summary>
    private static CustomerDraft Zhou(DateTimeOffset now) => new(IdOf(0), "周慕晴", Language.Simplified, "Asia/Shanghai", "CN")
    {
        Segments = ["plus"],
        Points = [new(PointKind.App, "device-0", true), new(PointKind.Phone, "+8613812342690", true), new(PointKind.Email, "muqing@example.com", true)],
        Since = now.AddYears(-3),
    };

    public static string IdOf(int number) => $"w{1_000_000 + number}";

    private static CustomerDraft One(Random random, int i, DateTimeOffset now)
    {
        var pick = random.Next(100);
        var home = Homes.First(h => (pick -= h.Share) < 0);
        var name = home.Language switch
        {
            Language.Simplified => Surnames[random.Next(Surnames.Length)] + Given[random.Next(Given.Length)],
            Language.Traditional => Surnames[random.Next(40)] + GivenHant[random.Next(GivenHant.Length)],
            _ => $"{English[random.Next(English.Length)]} {EnglishLast[random.Next(EnglishLast.Length)]}",
        };
        var points = new List<PointDraft>();
        if (random.NextDouble() < .94) points.Add(new(PointKind.App, $"device-{i}", true));
        if (random.NextDouble() < .97) points.Add(new(PointKind.Phone, home.PhonePrefix + random.Next((int)Math.Pow(10, home.PhoneDigits)).ToString($"D{home.PhoneDigits}", System.Globalization.CultureInfo.InvariantCulture), random.NextDouble() < .9));
        if (random.NextDouble() < .7) points.Add(new(PointKind.Email, $"customer{i}@example.com", random.NextDouble() < .8));
        return new CustomerDraft(IdOf(i), name, home.Language, home.Zone, home.Country)
        {
            Segments = random.NextDouble() < .12 ? ["plus"] : random.NextDouble() < .1 ? ["merchant"] : [],
            Points = points,
            Since = now.AddDays(-random.Next(1, 1500)),
        };
    }

    /// <summary>What each of them agreed to: most to service calls, fewer to surveys, few to offers.</summary>
    public static IEnumerable<Consent> Consents(DateTimeOffset now)
    {
        var random = new Random(Seed + 1);
        for (var i = 0; i < Count; i++)
            foreach (var (purpose, share) in new[] { (Purpose.Service, .86), (Purpose.Survey, .62), (Purpose.Complaint, .97), (Purpose.Marketing, .21) })
            {
                if (i != 0 && random.NextDouble() > share) continue;
                var at = now.AddDays(-random.Next(40, 400));
                foreach (var channel in new[] { Channel.Voice, Channel.Phone, Channel.Sms, Channel.Email, Channel.InApp, Channel.Push })
                    yield return new Consent(IdOf(i), purpose, channel, true, at, "customer", "registration", "2026-03");
            }
    }
}
