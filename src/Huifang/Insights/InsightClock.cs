using System.Text.Json;
using Huifang.Feedback;
using Huifang.Storage;
using Huifang.Work;

namespace Huifang.Insights;

/// <summary>Texts that belong together, with how many and how many people.</summary>
/// <param name="Kind">copy: one text that many sent; new: what no topic names yet.</param>
public sealed record InsightGroup(string Id, string Kind, string Label, long Items, long People, DateTimeOffset FirstAt, DateTimeOffset LastAt, IReadOnlyList<string> Members)
{
    public const string Copy = "copy", New = "new";
}

/// <summary>Looks for rises, copies and new issues now and then: of several nodes one does.</summary>
public sealed class InsightClock(Store store, AlarmDesk alarms, GroupFinder groups, FeedbackClock clock) : IWork
{
    private static readonly TimeSpan Often = TimeSpan.FromMinutes(10);
    private DateTimeOffset _looked = DateTimeOffset.MinValue;

    public string Name => "insight clock";
    public TimeSpan Every => TimeSpan.FromMinutes(1);

    public async Task<bool> Round(CancellationToken stop)
    {
        // Every commit wakes it; without this it would ask the database each time. A clock that was put back looks anew.
        if (clock.Now - _looked is { } since && since >= TimeSpan.Zero && since < Often) return false;
        _looked = clock.Now;
        if (!await store.Write(tx => ModelTable.Due(tx, "insight clock", clock.Now, Often), stop)) return false;
        await store.Write(tx => alarms.Look(tx), stop);
        await groups.Round(stop);
        return false;
    }
}

/// <summary>Finds groups of texts over the last weeks and keeps the newest picture of them.</summary>
public sealed class GroupFinder(Store store, FeedbackDesk feedback, FeedbackClock clock)
{
    private static readonly TimeSpan LookedBack = TimeSpan.FromDays(28);
    private const int CopiesMin = 3, GroupsMax = 12, TextsMax = 2000, MembersMax = 50;

    public async Task Round(CancellationToken stop)
    {
        var since = clock.Now - LookedBack;
        var (found, unsure) = await store.Read(async tx =>
        {
            var copies = new List<InsightGroup>();
            foreach (var (hash, items, people, first, last, sample) in await InsightTable.Copies(tx, since, CopiesMin, GroupsMax))
                copies.Add(new(clock.Ids.New(), InsightGroup.Copy, Short((await feedback.Load(tx, [sample])).FirstOrDefault()?.Words ?? ""), items, people, first, last, await InsightTable.OfHash(tx, hash, since, MembersMax)));
            var rows = await tx.Query<string>($"select feedback_id from insight_readings where abstained = 1 and corrected_by is null and at >= @since order by at desc limit {TextsMax}", new { since });
            return (copies, await feedback.Load(tx, rows));
        }, stop);
        var texts = unsure.Where(item => item.Words.Length > 0).ToList();
        foreach (var group in Groups.Copies([.. texts.Select(item => item.Words)], alike: 0.5).Take(GroupsMax).Where(group => group.Count >= CopiesMin))
        {
            var members = group.Members.Select(place => texts[place]).ToList();
            found.Add(new(clock.Ids.New(), InsightGroup.New, Short(group.Label), members.Count, members.Select(item => item.CustomerId).OfType<string>().Distinct().Count(), members.Min(item => item.At), members.Max(item => item.At), [.. members.Take(MembersMax).Select(item => item.Id)]));
        }
        await store.Write(async tx =>
        {
            await tx.Run("delete from insight_groups");
            foreach (var group in found.Where(group => group.Label.Length > 0))
                await tx.Run("insert into insight_groups (id, kind, label, items, people, first_at, last_at, members, made_at) values (@Id, @Kind, @Label, @Items, @People, @FirstAt, @LastAt, @members, @now)",
                    new { group.Id, group.Kind, group.Label, group.Items, group.People, group.FirstAt, group.LastAt, members = JsonSerializer.Serialize(group.Members), now = clock.Now });
        }, stop);
    }

    public async Task<IReadOnlyList<InsightGroup>> All(Tx tx) =>
        (await tx.Query<(string, string, string, long, long, DateTimeOffset, DateTimeOffset, string)>("select id, kind, label, items, people, first_at, last_at, members from insight_groups order by items desc limit 50"))
        .ConvertAll(row => new InsightGroup(row.Item1, row.Item2, row.Item3, row.Item4, row.Item5, row.Item6, row.Item7, JsonSerializer.Deserialize<List<string>>(row.Item8)!));

    private static string Short(string words) => words.Replace('\n', ' ') is var line && line.Length <= 40 ? line : $"{line[..39]}…";
}
