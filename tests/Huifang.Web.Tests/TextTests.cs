using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Huifang.Web.Tests;

/// <summary>The texts of every room: three languages, nothing missing, nothing in the wrong one.</summary>
public sealed partial class TextTests
{
    private static readonly string Web = Path.Combine(Root(), "src", "Huifang.Web");

    public static TheoryData<string> Rooms => [.. Directory.EnumerateFiles(Web, "*.resx", SearchOption.AllDirectories).Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}") && Path.GetFileName(file).Count(c => c == '.') == 1).Select(file => Path.GetRelativePath(Web, file)).Order()];

    [Theory, MemberData(nameof(Rooms))]
    public void Every_text_exists_in_three_languages(string room)
    {
        var simplified = Read(room);
        var traditional = Read(room.Replace(".resx", ".zh-Hant.resx", StringComparison.Ordinal));
        var english = Read(room.Replace(".resx", ".en.resx", StringComparison.Ordinal));
        Assert.Empty(simplified.Keys.Except(traditional.Keys).Concat(traditional.Keys.Except(simplified.Keys)));
        Assert.Empty(simplified.Keys.Except(english.Keys).Concat(english.Keys.Except(simplified.Keys)));
        Assert.Empty(simplified.Concat(traditional).Concat(english).Where(text => string.IsNullOrWhiteSpace(text.Value)).Select(text => text.Key));
    }

    [Theory, MemberData(nameof(Rooms))]
    public void The_three_languages_name_the_same_values(string room)
    {
        var simplified = Read(room);
        foreach (var other in new[] { ".zh-Hant.resx", ".en.resx" })
            foreach (var (key, text) in Read(room.Replace(".resx", other, StringComparison.Ordinal)))
                if (simplified.TryGetValue(key, out var first))
                    Assert.True(Values(first).SetEquals(Values(text)), $"{room} {key}: {{{string.Join(",", Values(first))}}} but {{{string.Join(",", Values(text))}}} in {other}");
    }

    [Theory, MemberData(nameof(Rooms))]
    public void English_texts_hold_no_Chinese_and_traditional_ones_no_simplified_characters(string room)
    {
        Assert.Empty(Read(room.Replace(".resx", ".en.resx", StringComparison.Ordinal)).Where(text => Han().IsMatch(text.Value)).Select(text => $"{text.Key}: {text.Value}"));
        Assert.Empty(Read(room.Replace(".resx", ".zh-Hant.resx", StringComparison.Ordinal)).Where(text => text.Value.Any(SimplifiedOnly.Contains)).Select(text => $"{text.Key}: {text.Value} ({string.Concat(text.Value.Where(SimplifiedOnly.Contains))})"));
    }

    [Fact]
    public void Every_text_that_a_page_names_exists()
    {
        var missing = new List<string>();
        foreach (var file in Directory.EnumerateFiles(Web, "*.razor", SearchOption.AllDirectories).Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}")))
        {
            var source = File.ReadAllText(file);
            foreach (Match injected in Localizer().Matches(source))
            {
                var texts = Directory.EnumerateFiles(Web, $"{injected.Groups[1].Value}.resx", SearchOption.AllDirectories).FirstOrDefault(found => !found.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}"));
                if (texts is null) { missing.Add($"{Path.GetFileName(file)}: no {injected.Groups[1].Value}.resx"); continue; }
                var known = Read(Path.GetRelativePath(Web, texts));
                missing.AddRange(Regex.Matches(source, $@"(?<![\w.]){injected.Groups[2].Value}\[""([^""{{]+)""").Select(match => match.Groups[1].Value).Where(key => !known.ContainsKey(key)).Select(key => $"{Path.GetFileName(file)}: {key}"));
            }
        }
        Assert.Empty(missing);
    }

    // Characters that only simplified writing has, among the thousand most frequent ones; 台, 后, 里 and the like stand in both.
    internal const string SimplifiedOnly = "这们为时间过电话应证说对问题样经还让发钱识码请谢谁认从关开门见长东车马网络验账银转记录约个实现处务动员进设备确联节选择单显误闭击语级组织线条结给继续总统计规则资费财产损场调热冻团队协议访变复杂举报诉讼词谈论讨该详读书写传输软图带领导达远运适边连迟邮";

    private static Dictionary<string, string> Read(string relative) =>
        XDocument.Load(Path.Combine(Web, relative)).Root!.Elements("data").ToDictionary(data => data.Attribute("name")!.Value, data => data.Element("value")!.Value);

    private static HashSet<string> Values(string text) => [.. Regex.Matches(text, @"\{(\d+)").Select(match => match.Groups[1].Value)];

    internal static string Root()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "Huifang.slnx"))) root = root.Parent;
        return root!.FullName;
    }

    [GeneratedRegex(@"\p{IsCJKUnifiedIdeographs}")]
    private static partial Regex Han();

    [GeneratedRegex(@"@inject IStringLocalizer<(\w+)> (\w+)")]
    private static partial Regex Localizer();
}
