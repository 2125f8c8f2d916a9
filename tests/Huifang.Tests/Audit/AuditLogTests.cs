using System.Text;
using Huifang.Audit;
using Huifang.Journal;
using Huifang.Security;
using Huifang.Storage;
using Huifang.Work;
using Npgsql;

namespace Huifang.Tests.Audit;

public sealed class AuditLogTests // A2
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Whatever_is_told_stands_in_the_log_and_every_entry_can_be_proven_to_a_stranger(string database)
    {
        await using var house = await House.Open(database);
        await Tell(house, 700);
        await Round(house);
        var key = house.Get<AuditKey>();
        foreach (var leaf in new[] { 0L, 1, 255, 256, 511, 699 })
        {
            var proof = (await house.Read(tx => AuditLog.Prove(tx, leaf)))!;
            var proven = AuditProofText.Check(AuditProofText.Write(proof), key.Name, key.PublicKey);
            Assert.Contains($"\"n\\\":{leaf}", proven!.Value.Entry, StringComparison.Ordinal);
            Assert.Equal(700, proven.Value.Head.Size);
        }
        Assert.Null(await house.Read(tx => AuditLog.Prove(tx, 700)));
        Assert.Null(await house.Read(tx => AuditLog.Prove(tx, -1)));
        await IsWhole(house);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_proof_that_was_touched_anywhere_does_not_hold(string database)
    {
        await using var house = await House.Open(database);
        await Tell(house, 5);
        await Round(house);
        var key = house.Get<AuditKey>();
        var text = AuditProofText.Write((await house.Read(tx => AuditLog.Prove(tx, 3)))!);
        Assert.NotNull(AuditProofText.Check(text, key.Name, key.PublicKey));
        var harmless = new List<int>();
        for (var i = 0; i < text.Length; i++)
        {
            var changed = string.Concat(text.AsSpan(0, i), ((char)(text[i] ^ 1)).ToString(), text.AsSpan(i + 1));
            if (AuditProofText.Check(changed, key.Name, key.PublicKey) is not null) harmless.Add(i);
        }
        // Only white space between members may change, as JSON allows: a space that becomes another character does not parse.
        Assert.Empty(harmless);
        Assert.Null(AuditProofText.Check(text, "huifang-audit-000000000000", key.PublicKey));
        Assert.Null(AuditProofText.Check(text, key.Name, new byte[32]));
        Assert.Null(AuditProofText.Check(new string(' ', AuditProofText.BytesMax + 1), key.Name, key.PublicKey));
        Assert.Null(AuditProofText.Check("null", key.Name, key.PublicKey));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task The_log_only_grows_and_says_so(string database)
    {
        await using var house = await House.Open(database);
        var sizes = new List<long>();
        foreach (var more in new[] { 3, 1, 300, 77 })
        {
            await Tell(house, more);
            await Round(house);
            sizes.Add((await house.Read(AuditLog.Head)).SignedSize);
        }
        Assert.Equal([3, 4, 304, 381], sizes);
        var key = house.Get<AuditKey>();
        foreach (var older in sizes)
        {
            var proof = (await house.Read(tx => AuditLog.ProveGrowth(tx, older, null)))!;
            var (before, after) = (AuditKey.Open(proof.OlderNote, key.Name, key.PublicKey)!, AuditKey.Open(proof.NewerNote, key.Name, key.PublicKey)!);
            Assert.True(MerkleTree.IsConsistent(before.Size, after.Size, before.Root, after.Root, proof.Path));
        }
        Assert.Null(await house.Read(tx => AuditLog.ProveGrowth(tx, 5, null)));
        Assert.Null(await house.Read(tx => AuditLog.ProveGrowth(tx, 304, 4)));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task An_act_that_is_undone_leaves_nothing_and_a_crash_before_the_commit_takes_nothing_up(string database)
    {
        await using var house = await House.Open(database);
        await Tell(house, 2);
        await Assert.ThrowsAsync<InvalidOperationException>(() => house.Write<int>(async tx =>
        {
            await house.Get<JournalDesk>().Append(tx, Fact(house, "undone"));
            throw new InvalidOperationException("the act failed");
        }));
        await Round(house);
        Assert.Equal(2, (await house.Read(AuditLog.Head)).Size);
        await IsWhole(house);
    }

    [Fact]
    public async Task A_transaction_that_commits_late_is_not_passed_by()
    {
        await using var house = await House.Open(Databases.Postgres);
        var store = (PostgresStore)house.Store;
        await using var slow = await store.Source.OpenConnectionAsync();
        await using var transaction = await slow.BeginTransactionAsync();
        await house.Get<JournalDesk>().Append(new Tx(slow, transaction, Dialect.Postgres), Fact(house, "slow"));
        await Tell(house, 10);
        await Round(house);
        Assert.Equal(10, (await house.Read(AuditLog.Head)).Size);
        await transaction.CommitAsync();
        await Round(house);
        var head = await house.Read(AuditLog.Head);
        Assert.Equal((11, 0), (head.Size, head.Waiting));
        // Its number is the smallest, its place the last.
        var seq = await house.Read(tx => tx.One<long>("select seq from journal where id = 'slow'"));
        Assert.Equal(10, await house.Read(tx => AuditLog.LeafOf(tx, seq)));
        await IsWhole(house);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Many_writers_and_two_sequencers_lose_nothing_and_take_nothing_twice(string database)
    {
        await using var house = await House.Open(database);
        var log = house.Get<AuditLog>();
        var stop = false;
        async Task Sequence() { while (!Volatile.Read(ref stop)) await log.TakeUp(37); }
        var sequencers = Task.WhenAll(Task.Run(Sequence), Task.Run(Sequence));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < 25; i++) await house.Write(tx => house.Get<JournalDesk>().Append(tx, Fact(house, $"w{writer}-{i}"), Fact(house, $"w{writer}-{i}-b")));
        })));
        Volatile.Write(ref stop, true);
        await sequencers;
        await Round(house);
        Assert.Equal(400, (await house.Read(AuditLog.Head)).Size);
        await IsWhole(house);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task An_erased_person_leaves_the_log_whole(string database)
    {
        await using var house = await House.Open(database);
        var customer = await house.Customer();
        await house.Write(tx => house.Get<JournalDesk>().Append(tx, new Fact(Journal.Fact.Care, "secret", "record.viewed", customer, house.Now, "a-lin", "{}", "她说的话")));
        await Round(house);
        await house.Write(tx => tx.Run("delete from data_keys"));
        await IsWhole(house);
        // Also when what was sealed is deleted, as retention does, while its hash stays.
        await house.Write(async tx =>
        {
            var box = await tx.One<byte[]>("select sealed from journal where id = 'secret'");
            await tx.Run("update journal set sealed_hash = @hash, sealed = null where id = 'secret'", new { hash = AuditEntry.HashOf(box) });
        });
        await IsWhole(house);
        await house.Write(tx => tx.Run("update journal set sealed_hash = null where id = 'secret'"));
        Assert.False((await Verify(house)).IsWhole);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_head_that_was_stored_but_not_carried_out_is_carried_out_after_a_crash(string database)
    {
        await using var house = await House.Open(database);
        await Tell(house, 3);
        await house.Get<AuditSequencer>().Round(default);
        await house.Get<AuditCheckpoints>().Round(default);
        Assert.False(File.Exists(house.Get<Ground>().AnchorFile));
        await house.Get<AuditAnchors>().Round(default);
        // The crash between the file and the mark: it is appended a second time, and that is no fault.
        await house.Write(tx => tx.Run("update audit_checkpoints set anchored_at = null, leased_until = null"));
        await house.Get<AuditAnchors>().Round(default);
        Assert.Equal(2, File.ReadAllLines(house.Get<Ground>().AnchorFile).Length);
        var report = await IsWhole(house);
        Assert.Equal(2, report.Anchors);
        // While another node holds the lease, this one does nothing.
        await house.Write(tx => tx.Run("update audit_checkpoints set anchored_at = null, leased_until = @until", new { until = house.Now.AddMinutes(1) }));
        await house.Get<AuditAnchors>().Round(default);
        Assert.Equal(2, File.ReadAllLines(house.Get<Ground>().AnchorFile).Length);
    }

    internal static Fact Fact(House house, string id, int n = 0) =>
        new(Journal.Fact.Care, id, "record.viewed", "c-1", house.Now, "a-lin", $$"""{"n":{{n}}}""");

    internal static async Task Tell(House house, int many)
    {
        var before = await house.Read(tx => tx.One<long>("select count(*) from journal"));
        await house.Write(tx => house.Get<JournalDesk>().Append(tx, [.. Enumerable.Range(0, many).Select(i => Fact(house, $"f-{before + i}", (int)before + i))]));
    }

    /// <summary>Everything the log's workers do in a minute.</summary>
    internal static async Task Round(House house)
    {
        while (await house.Get<AuditSequencer>().Round(default)) { }
        house.Clock.Pass(TimeSpan.FromMinutes(1));
        await house.Get<AuditCheckpoints>().Round(default);
        while (await house.Get<AuditAnchors>().Round(default)) { }
    }

    internal static async Task<AuditReport> IsWhole(House house)
    {
        var report = await Verify(house);
        Assert.True(report.IsWhole, string.Join('\n', report.Findings));
        return report;
    }

    internal static Task<AuditReport> Verify(House house)
    {
        var key = house.Get<AuditKey>();
        return new AuditVerifier(house.Store, key.Name, key.PublicKey, house.Get<Ground>().AnchorFile).Verify();
    }
}
