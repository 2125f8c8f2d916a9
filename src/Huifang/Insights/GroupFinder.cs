using System.Text.Json;
using Huifang.Feedback;
using Huifang.Storage;

namespace Huifang.Insights;

/// <summary>Texts that belong together, with how many and how many people.</summary>
/// <param name="Kind">copy: one text that many sent; same: one thing said in other words; new: what no topic names yet.</param>
public sealed record InsightGroup(string Id, string Kind, string Label, long Items, long People, DateTimeOffset FirstAt, DateTimeOffset LastAt, IReadOnlyList<string> Members)
{
    public const string Copy = "copy", Same = "same", New = "new";
}

/// <summary>
/// Finds groups of texts over the last weeks and keeps the newest picture of them: copies of one text, what people said in other words, and issues that no topic names.
/// What is new is told from what is usual, so the texts that the model would not decide are looked at beside as many of the newest.
/// </summary>
public sealed class GroupFinder(Store store, FeedbackDesk feedback, LiveModel live, FeedbackClock clock)
{
    private static readonly TimeSpan LookedBack = TimeSpan.FromDays(28);
    private const int CopiesMin = 3, GroupsMax = 12, TextsMax = 1500, MembersMax = 50, LabelMax = 60;

    public async Task Round(CancellationToken stop)
    {
        var since = clock.Now - LookedBack;
        var (found, items, model) = await store.Read(async tx =>
        {
            var copies = new List<InsightGroup>();
            foreach (var (hash, count, people, first, last, sample) in await InsightTable.Copies(tx, since, CopiesMin, GroupsMax))
                copies.Add(new(clock.Ids.New(), InsightGroup.Copy, Short((await feedback.Load(tx, [sample])).FirstOrDefault()?.Words ?? ""), count, people, first, last, await InsightTable.OfHash(tx, hash, since, MembersMax)));
            string[] ids = [.. await InsightTable.Unsure(tx, since, TextsMax), .. await InsightTable.Newest(tx, since, TextsMax)];
            return (copies, await feedback.Load(tx, [.. ids.Distinct(StringComparer.Ordinal)]), await live.Of(tx));
        }, stop);
        // A text that many copied is one voice here; how many they are is told above.
        var texts = items.Where(item => item.Words.Length > 0).DistinctBy(item => item.Words, StringComparer.Ordinal).OrderBy(item => item.At).ThenBy(item => item.Id, StringComparer.Ordinal).ToList();
        var words = texts.ConvertAll(item => item.Words);
        var issues = NewIssueFinder.Find(words, model);
        foreach (var issue in issues.Clusters.Where(cluster => cluster.IsNew).Take(GroupsMax)) Add(InsightGroup.New, issue.Label, issue.Members);
        foreach (var same in Groups.Paraphrases(words).Where(group => group.Count >= CopiesMin).Take(GroupsMax)) Add(InsightGroup.Same, same.Label, same.Members);
        await store.Write(async tx =>
        {
            await tx.Run("delete from insight_groups");
            foreach (var group in found.Where(group => group.Label.Length > 0))
                await tx.Run("insert into insight_groups (id, kind, label, items, people, first_at, last_at, members, made_at) values (@Id, @Kind, @Label, @Items, @People, @FirstAt, @LastAt, @members, @now)",
                    new { group.Id, group.Kind, group.Label, group.Items, group.People, group.FirstAt, group.LastAt, members = JsonSerializer.Serialize(group.Members), now = clock.Now });
        }, stop);

        void Add(string kind, string label, IReadOnlyList<int> places)
        {
            var members = places.Select(place => texts[place]).ToList();
            found.Add(new(clock.Ids.New(), kind, Short(label), members.Count, members.Select(item => item.CustomerId).OfType<string>().Distinct().Count(), members.Min(item => item.At), members.Max(item => item.At), [.. members.Take(MembersMax).Select(item => item.Id)]));
        }
    }

    public async Task<IReadOnlyList<InsightGroup>> All(Tx tx) =>
        (await tx.Query<(string, string, string, long, long, DateTimeOffset, DateTimeOffset, string)>("select id, kind, label, items, people, first_at, last_at, members from insight_groups order by items desc limit 50"))
        .ConvertAll(row => new InsightGroup(row.Item1, row.Item2, row.Item3, row.Item4, row.Item5, row.Item6, row.Item7, JsonSerializer.Deserialize<List<string>>(row.Item8)!));

    private static string Short(string words) => words.Replace('\n', ' ') is var line && line.Length <= LabelMax ? line : $"{line[..(LabelMax - 1)]}…";
}
