using System.Diagnostics;
using Huifang.Contacts;
using Huifang.FollowUps;
using Huifang.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Huifang.Bench;

/// <summary>200 agents ask for their next one while a million follow-ups are open.</summary>
internal static class QueueBench
{
    /// <summary>An agent talks for minutes between two calls; five seconds are fifty times the load of life.</summary>
    private const int ThinkMilliseconds = 5000, Asks = 4;

    public static async Task Run(Report report, BenchOptions options)
    {
        var open = options.Rows > 0 ? options.Rows : 1_000_000;
        using var scratch = new Scratch();
        await foreach (var (name, address) in Places.Both(scratch.Folder))
        {
            var services = new ServiceCollection().AddLogging();
            services.AddRooms(new Ground(address, Path.Combine(scratch.Folder, $"keys-{name}")));
            await using var house = services.BuildServiceProvider();
            var (store, desk) = (house.GetRequiredService<Store>(), house.GetRequiredService<FollowUpDesk>());
            await Migrations.Apply(store, TimeProvider.System);
            await Fill(store, open);

            string[] languages = ["zh-Hans", "zh-Hant", "en"], skills = ["general", "security"];
            var times = new double[200 * Asks];
            await Task.WhenAll(Enumerable.Range(0, 200).Select(async agent =>
            {
                await Task.Delay(agent * ThinkMilliseconds / 200);
                for (var i = 0; i < Asks; i++)
                {
                    var started = Stopwatch.GetTimestamp();
                    var taken = await store.Write(tx => desk.TakeNext(tx, $"a-{agent}", languages, skills, TimeSpan.FromMinutes(2)));
                    times[agent * Asks + i] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
                    if (taken is null) throw new InvalidOperationException("The queue was empty for an agent although it is full.");
                    await Task.Delay(ThinkMilliseconds);
                }
            }));
            Array.Sort(times);
            report.Add($"queue {name}: next task, 200 agents, {open:N0} open, p50", times[times.Length / 2], "ms");
            report.Add($"queue {name}: next task, 200 agents, {open:N0} open, p99", times[(int)(times.Length * .99)], "ms");
        }
    }

    private static async Task Fill(Store store, int open)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        string[] languages = ["zh-Hans", "zh-Hant", "en"];
        var rows = new Bulk<int>("follow_ups", "on conflict do nothing",
            ("id", Column.Text, i => $"f-{i:D9}"), ("customer_id", Column.Text, i => $"c-{i}"), ("rule_key", Column.Text, _ => "bench"), ("rule_version", Column.Number, _ => 1L), ("cause_seq", Column.Number, i => (long)i),
            ("purpose", Column.Text, _ => nameof(Purpose.Service)), ("channel", Column.Text, _ => nameof(Channel.Voice)), ("script_key", Column.Text, _ => "standard"), ("value", Column.Number, i => i * 7919L % 1000),
            ("state", Column.Text, i => i % 20 == 0 ? "Booked" : "Waiting"), ("arranged_at", Column.Number, _ => now), ("due_at", Column.Number, i => i % 20 == 0 ? now + 3_600_000L + i : now - 1000), ("answer_by", Column.Number, i => now + i),
            ("expires_at", Column.Number, _ => now + 864_000_000L), ("language", Column.Text, i => languages[i % 3]), ("skill", Column.Text, i => i % 10 == 0 ? "security" : "general"), ("ready", Column.Number, i => i % 20 == 0 ? 0L : 1L), ("changed_at", Column.Number, _ => now));
        foreach (var part in Enumerable.Range(0, open).Chunk(20_000)) await store.Write(tx => rows.Insert(tx, part, returning: ""));
        if (!store.Dialect.IsSqlite) await store.Write(tx => tx.Run("analyze follow_ups"));
    }
}
