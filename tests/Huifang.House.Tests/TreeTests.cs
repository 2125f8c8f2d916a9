using System.Text.RegularExpressions;
using System.Xml.Linq;
using Huifang.Journal;
using Huifang.Work;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Huifang.House.Tests;

/// <summary>Sizes, texts and lists that a reader relies on, checked against the tree.</summary>
public sealed partial class TreeTests
{
    private static readonly string Root = FindRoot();

    [Fact]
    public void Files_hold_one_thought()
    {
        // Over 300 lines is a question; here stand the answers.
        string[] reasons = [];
        var long300 = Sources("*.cs", "*.razor", "*.ts").Select(f => (Name: Path.GetRelativePath(Root, f), Lines: File.ReadLines(f).Count())).Where(f => f.Lines > 300 && !reasons.Contains(f.Name)).ToList();
        Assert.True(long300.Count == 0, $"Stop and ask whether these are one thought: {string.Join(", ", long300)}. Split them, or give the reason in this test.");
    }

    [Fact]
    public void Folders_are_not_crowded()
    {
        string[] reasons = ["src/Huifang.Web/Shell", "src/Huifang/Storage/Migrations", "src/Huifang.Web/Calls", "src/Huifang.Web/Portal", "src/Huifang.Web/Booking", "src/Huifang.Web/web/islands"];
        var crowded = Directory.EnumerateDirectories(Path.Combine(Root, "src"), "*", SearchOption.AllDirectories).Where(IsOurs)
            .Select(d => (Name: Path.GetRelativePath(Root, d), Files: Directory.EnumerateFiles(d).Count(f => !f.EndsWith(".resx", StringComparison.Ordinal)))).Where(d => d.Files > 20 && !reasons.Contains(d.Name)).ToList();
        Assert.True(crowded.Count == 0, $"More than twenty files: {string.Join(", ", crowded)}. A room this full is two rooms.");
    }

    [Fact]
    public void Every_text_exists_in_three_languages()
    {
        var problems = new List<string>();
        foreach (var neutral in Sources("*.resx").Where(f => !f.EndsWith(".en.resx", StringComparison.Ordinal) && !f.EndsWith(".zh-Hant.resx", StringComparison.Ordinal)))
        {
            var keys = Texts(neutral);
            foreach (var language in new[] { "zh-Hant", "en" })
            {
                var other = Path.ChangeExtension(neutral, $".{language}.resx");
                if (!File.Exists(other)) { problems.Add($"{Path.GetFileName(other)} is missing"); continue; }
                var translated = Texts(other);
                problems.AddRange(keys.Keys.Except(translated.Keys).Select(k => $"{Path.GetFileName(other)} lacks {k}"));
                problems.AddRange(translated.Keys.Except(keys.Keys).Select(k => $"{Path.GetFileName(other)} has {k}, which zh-Hans lacks"));
                problems.AddRange(keys.Where(k => translated.TryGetValue(k.Key, out var text) && !Holes(k.Value).SetEquals(Holes(text))).Select(k => $"{Path.GetFileName(other)}: {k.Key} has other places for values than zh-Hans"));
                if (language == "en") problems.AddRange(translated.Where(t => Chinese().IsMatch(t.Value)).Select(t => $"{Path.GetFileName(other)}: {t.Key} holds Chinese"));
            }
        }
        Assert.True(problems.Count == 0, string.Join('\n', problems.Take(30)));
    }

    [Fact]
    public void Every_worker_stands_on_the_clock_page()
    {
        var page = File.ReadAllText(Path.Combine(Root, "docs", "clock.md"));
        using var folder = new TemporaryFolder();
        var services = new ServiceCollection().AddLogging();
        services.AddRooms(new Ground(Path.Combine(folder.Path, "h.db"), Path.Combine(folder.Path, "keys")));
        var names = WorkNames(services);
        var missing = names.Where(name => !page.Contains($"`{name}`", StringComparison.Ordinal)).ToList();
        Assert.True(missing.Count == 0, $"docs/clock.md does not list: {string.Join(", ", missing)}. Everything that runs by the clock stands there, with its period and what it does when it fails.");
    }

    [Fact]
    public void Every_fact_that_is_written_is_declared_and_every_listener_exists()
    {
        var written = Sources("*.cs").Where(f => f.Contains("/src/", StringComparison.Ordinal) && !f.Contains("Demo", StringComparison.Ordinal)).SelectMany(f => FactKind().Matches(File.ReadAllText(f)).Select(m => m.Groups["kind"].Value)).Distinct().ToList();
        var undeclared = written.Where(kind => !Facts.Declared.ContainsKey(kind)).ToList();
        Assert.True(undeclared.Count == 0, $"Written but not declared in Facts: {string.Join(", ", undeclared)}. Say who listens, or Nobody.");

        using var folder = new TemporaryFolder();
        var services = new ServiceCollection().AddLogging();
        services.AddRooms(new Ground(Path.Combine(folder.Path, "h.db"), Path.Combine(folder.Path, "keys")));
        var listeners = services.Where(s => typeof(IReaction).IsAssignableFrom(s.ImplementationType)).Select(s => s.ImplementationType!.Name).ToList();
        Assert.True(listeners.Count >= 3, $"Only {listeners.Count} reactions are registered.");
    }

    [Fact]
    public void Every_fact_about_a_customer_has_words_on_her_timeline()
    {
        // These are about the house, not about a customer.
        string[] ofTheHouse =
        [
            "script.published", "agent.changed", "shift.changed", "shift.imported",
            "rule.live", "rule.stopped",
            "staff.signed-in", "staff.refused", "staff.signed-out", "staff.changed", "staff.proved", "staff.recovery-made", "staff.passkey-added", "staff.passkey-removed",
            "role.changed",
            "key.made", "key.rotated", "key.destroyed", "retention.changed", "retention.done", "audit.viewed", "api-key.made", "api-key.rotated", "api-key.ended", "webhook.added", "webhook.changed", "webhook.removed", "webhook.resent",
            "sight.alarmed", "sight.alarm-settled",
            "quarantine.kept", "quarantine.settled",
        ];
        var texts = Texts(Path.Combine(Root, "src", "Huifang.Web", "Customers", "CustomersText.resx"));
        var silent = Facts.Declared.Keys.Except(ofTheHouse).Where(kind => !texts.ContainsKey($"Fact.{kind}")).ToList();
        Assert.True(silent.Count == 0, $"CustomersText has no Fact.… for {string.Join(", ", silent)}; the timeline would show its bare name.");
    }

    [Fact]
    public void Nothing_is_left_for_later()
    {
        var marks = Sources("*.cs", "*.razor", "*.ts", "*.sql").Where(f => !f.EndsWith("TreeTests.cs", StringComparison.Ordinal))
            .SelectMany(f => File.ReadLines(f).Select((line, i) => (File: Path.GetRelativePath(Root, f), Line: i + 1, Text: line))).Where(l => Later().IsMatch(l.Text)).ToList();
        Assert.True(marks.Count == 0, $"Left for later: {string.Join(", ", marks.Select(m => $"{m.File}:{m.Line}"))}. Do it, or say in the issue that it is not done.");
    }

    private static List<string> WorkNames(IServiceCollection services)
    {
        var provider = services.BuildServiceProvider();
        var names = new List<string>();
        foreach (var descriptor in services.Where(s => s.ServiceType == typeof(IWork)))
            try { names.Add(((IWork)descriptor.ImplementationFactory!(provider)).Name); }
            catch (InvalidOperationException) { /* Needs an adapter that only the composition root has. */ }
        return names;
    }

    private static Dictionary<string, string> Texts(string file) => XDocument.Load(file).Root!.Elements("data").ToDictionary(d => d.Attribute("name")!.Value, d => d.Element("value")!.Value);

    private static HashSet<string> Holes(string text) => [.. Hole().Matches(text).Select(m => m.Value)];

    private static IEnumerable<string> Sources(params string[] patterns) =>
        new[] { "src", "tests", "bench" }.SelectMany(top => patterns.SelectMany(p => Directory.EnumerateFiles(Path.Combine(Root, top), p, SearchOption.AllDirectories))).Where(IsOurs);

    private static bool IsOurs(string path) => !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal) && !path.Contains("/node_modules", StringComparison.Ordinal) && !path.Contains("/dist", StringComparison.Ordinal);

    private static string FindRoot()
    {
        var at = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(at!.FullName, "Huifang.slnx"))) at = at.Parent;
        return at.FullName;
    }

    [GeneratedRegex(@"\{\d+")] private static partial Regex Hole();
    [GeneratedRegex(@"[\u4e00-\u9fff]")] private static partial Regex Chinese();
    [GeneratedRegex(@"\b(TODO|FIXME|HACK|NotImplementedException)\b")] private static partial Regex Later();
    [GeneratedRegex("""(?:Fact\.Care, \w*[iI]ds\.New\(\), |Told\(\w+, |journal\.Append\(tx, \w*Told\(\w+, )"(?<kind>[a-z-]+\.[a-z-]+)["]""")] private static partial Regex FactKind();

    private sealed class TemporaryFolder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("huifang-house-").FullName;
        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
