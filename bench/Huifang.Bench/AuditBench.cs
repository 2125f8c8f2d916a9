using System.Diagnostics;
using Huifang.Audit;
using Huifang.Journal;
using Huifang.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Huifang.Bench;

/// <summary>
/// How fast facts are taken up into the audit log, beside writing the same facts; how long the proof of any entry takes in a log of ten million; how fast a log is verified.
/// The ten million leaves are real hashes in real tiles; facts stand behind the thousand that are asked for.
/// </summary>
internal static class AuditBench
{
    private const int Batch = 5000;
    private const long Large = 10_000_000;

    public static async Task Run(Report report, BenchOptions options)
    {
        var facts = options.Rows > 0 ? options.Rows : 200_000;
        using var scratch = new Scratch();
        await foreach (var (name, address) in Places.Both(scratch.Folder))
        {
            var services = new ServiceCollection().AddLogging();
            services.AddRooms(new Ground(address, Path.Combine(scratch.Folder, $"keys-{name}")));
            await using var house = services.BuildServiceProvider();
            var store = house.GetRequiredService<Store>();
            await Migrations.Apply(store, TimeProvider.System);
            var (journal, log) = (house.GetRequiredService<JournalDesk>(), house.GetRequiredService<AuditLog>());

            await Write(store, journal, 0, 20_000);
            while (await log.TakeUp(Batch) > 0) { }
            var writing = await Timed(() => Write(store, journal, 20_000, facts));
            var taking = await Timed(async () => { while (await log.TakeUp(Batch) > 0) { } });
            report.Add($"audit {name}: taken up into the log, batches of {Batch:N0}", facts / taking, "entries/s", "writing the same facts", facts / writing);

            await house.GetRequiredService<AuditCheckpoints>().Round(default);
            var key = house.GetRequiredService<AuditKey>();
            var checking = await Timed(async () =>
            {
                var found = await new AuditVerifier(store, key.Name, key.PublicKey, null).Verify();
                if (!found.IsWhole) throw new InvalidOperationException(string.Join('\n', found.Findings));
            });
            report.Add($"audit {name}: verified", (facts + 20_000) / checking, "entries/s");
            await Proofs(report, name, store, house);
        }
    }

    private static async Task Proofs(Report report, string name, Store store, ServiceProvider house)
    {
        await Grow(store);
        await house.GetRequiredService<AuditCheckpoints>().Round(default);
        var key = house.GetRequiredService<AuditKey>();
        var asked = await store.Read(tx => tx.Query<long>("select leaf from audit_leaves order by leaf desc limit 1000"));
        asked.AddRange(await store.Read(tx => tx.Query<long>("select leaf from audit_leaves where leaf % 211 = 0 limit 1000")));
        var times = new List<double>();
        var bytes = 0;
        foreach (var leaf in asked.OrderBy(leaf => leaf * 7919 % 10_007))
        {
            var started = Stopwatch.GetTimestamp();
            var proof = await store.Read(tx => AuditLog.Prove(tx, leaf));
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            var text = AuditProofText.Write(proof!);
            if (times.Count % 100 == 0 && AuditProofText.Check(text, key.Name, key.PublicKey) is null && leaf < 200_000) throw new InvalidOperationException($"The proof of {leaf} does not hold.");
            bytes += text.Length;
        }
        times.Sort();
        report.Add($"audit {name}: proof in {Large:N0} entries, median", times[times.Count / 2], "ms", runs: times.Count);
        report.Add($"audit {name}: proof in {Large:N0} entries, p99", times[times.Count * 99 / 100], "ms", runs: times.Count);
        report.Add($"audit {name}: proof file", bytes / times.Count, "bytes", runs: times.Count);
    }

    /// <summary>Fills the tree up to ten million leaves.</summary>
    private static async Task Grow(Store store)
    {
        var size = await store.Read(tx => tx.One<long>("select size from audit_head"));
        var tiles = new Dictionary<TilePlace, byte[]>();
        foreach (var (id, hashes) in await store.Read(tx => tx.Query<(long, byte[])>("select id, hashes from audit_tiles"))) tiles[TilePlace.Of(id)] = hashes;
        var rows = new Bulk<(TilePlace Place, byte[] Hashes)>("audit_tiles", "on conflict (id) do update set hashes = excluded.hashes",
            ("id", Column.Number, r => r.Place.Id), ("hashes", Column.Bytes, r => r.Hashes));
        while (size < Large)
        {
            var from = size;
            var leaves = new List<byte[]>();
            for (; size < Math.Min(Large, from + 500_000); size++) leaves.Add(MerkleTree.Leaf(BitConverter.GetBytes(size)));
            var changed = MerkleTiles.Append(from, tiles, leaves);
            await store.Write(tx => rows.Insert(tx, [.. changed.Select(place => (place, tiles[place]))], returning: ""));
            // Facts for some of them, so that there is something to prove everywhere.
            var sampled = Enumerable.Range(0, 50).Select(i => from + i * 9_973L).Where(leaf => leaf < size).ToArray();
            await store.Write(async tx =>
            {
                foreach (var leaf in sampled)
                {
                    var seq = await tx.One<long>("insert into journal (source, id, kind, at, recorded_at, actor, data, body_hash) values ('bench', @id, 'record.viewed', 1, 1, 'a', '{}', 0) returning seq", new { id = $"leaf-{leaf}" });
                    await tx.Run("insert into audit_leaves (leaf, seq) values (@leaf, @seq)", new { leaf, seq });
                }
            });
        }
        await store.Write(tx => tx.Run("update audit_head set size = @size", new { size }));
    }

    private static async Task Write(Store store, JournalDesk journal, int from, int many)
    {
        var now = TimeProvider.System.GetUtcNow();
        for (var at = from; at < from + many; at += Batch)
        {
            var first = at;
            await store.Write(tx => journal.Append(tx, [.. Enumerable.Range(first, Batch).Select(i => new Fact("bench", $"{i}", "record.viewed", $"w{i % 10_000}", now, "a-lin", """{"call":"0193c6a0-0000-7000-8000-000000000000","what":"name"}"""))]));
        }
    }

    private static async Task<double> Timed(Func<Task> work)
    {
        var watch = Stopwatch.StartNew();
        await work();
        return watch.Elapsed.TotalSeconds;
    }
}
