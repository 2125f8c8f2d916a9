using System.Diagnostics;
using System.Globalization;
using Huifang.Commands;
using Huifang.Feedback;
using Huifang.Insights;
using Huifang.Security;
using Huifang.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Huifang.Bench;

/// <summary>
/// The pages of insight over a million records of half a year, beside the same counts made by grouping the records when a page is opened; and how long a new record waits
/// until it is read and counted. Rows are put in as the rooms put them in, in batches of five thousand.
/// </summary>
internal static class InsightPagesBench
{
    private const int Days = 182, Batch = 5000, Looks = 30;
    private static readonly string[] Sources = ["survey", "button", "store", "social", "call", "complaint", "chat"], Segments = ["plus", "merchant", "everyday"], Regions = ["CN", "HK", "TW", "SG", "GB", "US"], Versions = ["8.11", "8.12", "8.13", "8.14"], Moods = ["negative", "negative", "neutral", "positive"];

    public static async Task Run(Report report, BenchOptions options)
    {
        var many = options.Rows > 0 ? options.Rows : 1_000_000;
        using var scratch = new Scratch();
        await foreach (var (name, address) in Places.Both(scratch.Folder))
        {
            await using var app = ServeCommand.Build(new Settings(Path.Combine(scratch.Folder, name), address, "http://127.0.0.1:0", false), []);
            var store = app.Services.GetRequiredService<Store>();
            await Migrations.Apply(store, TimeProvider.System);
            await app.Services.GetRequiredService<LiveModel>().Shipped;
            var today = InsightDay.Of(TimeProvider.System.GetUtcNow(), app.Services.GetRequiredService<Ground>().Zone);
            await Fill(store, app.Services.GetRequiredService<Vault>(), many, today);
            var (board, monday) = (app.Services.GetRequiredService<InsightBoard>(), app.Services.GetRequiredService<MondayBoard>());
            var topic = Taxonomy.Shipped.Classes[12].Id;
            foreach (var (what, look) in new (string, Func<Task>)[]
            {
                ("topics, 8 weeks", () => store.Read(tx => board.Look(tx, new InsightQuestion(8, Dims.All, "", topic)))),
                ("topics, 26 weeks", () => store.Read(tx => board.Look(tx, new InsightQuestion(26, Dims.All, "", topic)))),
                ("topics, 8 weeks, one version", () => store.Read(tx => board.Look(tx, new InsightQuestion(8, Dims.Version, "8.14", topic)))),
                ("Monday's page", () => store.Read(monday.Look)),
                ("words behind a number", () => store.Read(tx => board.Words(tx, new InsightFilter(topic, Dims.All, "", today - 6, today), 200))),
                ("peer: the same counts by grouping the records", () => store.Read(tx => tx.Query<(string, long, long)>("select topic, day, count(*) from insight_readings where day > @from group by topic, day", new { from = today - 7 * MondayBoard.Weeks }))),
            })
            {
                await look();
                var times = new List<double>();
                for (var i = 0; i < Looks; i++) { var at = Stopwatch.GetTimestamp(); await look(); times.Add(Stopwatch.GetElapsedTime(at).TotalMilliseconds); }
                times.Sort();
                report.Add($"insight {name}, {many:N0} records: {what}, p50", times[Looks / 2], "ms");
                report.Add($"insight {name}, {many:N0} records: {what}, p95", times[(int)(Looks * .95)], "ms");
            }
            await app.StartAsync();
            report.Add($"insight {name}: a new record is read and counted, p95 of {Looks}", await Wait(app.Services, store), "ms");
            await app.StopAsync();
        }
    }

    private static async Task<double> Wait(IServiceProvider services, Store store)
    {
        var times = new List<double>();
        for (var i = 0; i < Looks; i++)
        {
            var id = $"wait-{i}";
            await store.Write(tx => services.GetRequiredService<FeedbackDesk>().Keep(tx, [new FeedbackItem("chat", id, null, TimeProvider.System.GetUtcNow(), "zh-Hans", $"提现一直处理中，第 {i} 次了")]));
            var at = Stopwatch.GetTimestamp();
            while (!await store.Read(tx => tx.One<bool>("select count(*) from insight_readings r join feedback f on f.id = r.feedback_id where f.source_id = @id", new { id }))) await Task.Delay(2);
            times.Add(Stopwatch.GetElapsedTime(at).TotalMilliseconds);
        }
        times.Sort();
        return times[(int)(Looks * .95)];
    }

    private static async Task Fill(Store store, Vault vault, int many, long today)
    {
        var random = new Random(7);
        var words = vault.SealForHouse("提现一直处理中，三个小时了，中间一句解释都没有");
        var topics = Taxonomy.Shipped.Classes.Select(one => one.Id).ToArray();
        var midnight = TimeProvider.System.GetUtcNow();
        for (var from = 0; from < many; from += Batch)
        {
            var rows = Enumerable.Range(from, Math.Min(Batch, many - from)).Select(i =>
            {
                var back = random.Next(Days);
                // A few topics are spoken of much more than the rest.
                var topic = topics[(int)(topics.Length * Math.Pow(random.NextDouble(), 2.2))];
                return new ReadingRow($"f-{i.ToString("D8", CultureInfo.InvariantCulture)}", midnight.AddDays(-back), today - back, "bench", topic, random.NextDouble(), """[{"Label":"withdrawal.pending","Probability":0.9}]""", Moods[random.Next(4)], "problem", random.Next(20) == 0 ? "high" : "low", "no", "zh-Hans", false, random.Next(50) == 0, Sources[random.Next(Sources.Length)])
                {
                    Segment = Segments[random.Next(3)], Region = Regions[random.Next(6)], AppVersion = Versions[random.Next(4)], Rating = random.Next(1, 6),
                };
            }).ToList();
            await store.Write(async tx =>
            {
                await FeedbackTable.Insert(tx, [.. rows.Select(row => new FeedbackRow(row.Source, row.FeedbackId, row.FeedbackId, null, row.At, row.At, "zh-Hans", words, 0, row.Rating, null) { TextHash = random.NextInt64() })]);
                await InsightTable.Insert(tx, rows, midnight);
                await DayTable.Add(tx, rows.Select(row => (row, 1)));
            });
        }
    }
}
