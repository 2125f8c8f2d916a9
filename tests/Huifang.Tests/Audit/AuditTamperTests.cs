using Huifang.Audit;
using Huifang.Journal;
using Huifang.Security;
using Huifang.Storage;

namespace Huifang.Tests.Audit;

/// <summary>Somebody with every right on the database, and on the anchor file, changes history past the house. Each change must be found.</summary>
public sealed class AuditTamperTests // A2, I9
{
    private static readonly string[] HashedTexts = ["source", "id", "kind", "customer_id", "actor", "data"];

    [Fact]
    public async Task Every_single_changed_byte_of_a_log_is_found()
    {
        await using var house = await SmallLog(Databases.Sqlite);
        var looked = 0;
        await house.Write(tx => tx.Run("drop index journal_once; drop index audit_leaves_seq"));   // He may do that too.
        async Task Found(string what, Func<Tx, Task> change, Func<Tx, Task> back)
        {
            await house.Write(change);
            Assert.False((await AuditLogTests.Verify(house)).IsWhole, what);
            await house.Write(back);
            looked++;
        }

        foreach (var (seq, column, text) in await house.Read(tx => Texts(tx)))
            for (var i = 0; i < text.Length; i++)
            {
                var changed = string.Concat(text.AsSpan(0, i), ((char)(text[i] ^ 1)).ToString(), text.AsSpan(i + 1));
                await Found($"{column} of {seq} at {i}", tx => tx.Run($"update journal set {column} = @changed where seq = @seq", new { changed, seq }), tx => tx.Run($"update journal set {column} = @text where seq = @seq", new { text, seq }));
            }
        foreach (var (table, column, key) in new[] { ("journal", "at", "seq"), ("journal", "recorded_at", "seq"), ("audit_leaves", "seq", "leaf"), ("audit_checkpoints", "at", "size"), ("audit_checkpoints", "size", "size"), ("audit_head", "size", "id"), ("audit_tiles", "id", "id") })
            foreach (var row in await house.Read(tx => tx.Query<long>($"select {key} from {table}")))
                foreach (var by in new[] { 1000L, -1000L })
                    await Found($"{table}.{column} of {row} by {by}", tx => tx.Run($"update {table} set {column} = {column} + @by where {key} = @row", new { by, row }), tx => tx.Run($"update {table} set {column} = {column} - @by where {key} = {(key == column ? "@row + @by" : "@row")}", new { by, row }));
        foreach (var (table, column, key) in new[] { ("journal", "sealed", "seq"), ("audit_tiles", "hashes", "id"), ("audit_checkpoints", "note", "size") })
            foreach (var row in await house.Read(tx => tx.Query<long>($"select {key} from {table} where {column} is not null")))
            {
                var isText = column == "note";
                var bytes = isText ? System.Text.Encoding.UTF8.GetBytes((await house.Read(tx => tx.One<string>($"select {column} from {table} where {key} = @row", new { row })))!) : (await house.Read(tx => tx.One<byte[]>($"select {column} from {table} where {key} = @row", new { row })))!;
                for (var i = 0; i < bytes.Length; i++)
                {
                    var changed = bytes.ToArray();
                    changed[i] ^= 1;
                    object Value(byte[] value) => isText ? System.Text.Encoding.UTF8.GetString(value) : value;
                    await Found($"{table}.{column} of {row} at {i}", tx => tx.Run($"update {table} set {column} = @value where {key} = @row", new { value = Value(changed), row }), tx => tx.Run($"update {table} set {column} = @value where {key} = @row", new { value = Value(bytes), row }));
                }
            }
        var file = house.Get<Ground>().AnchorFile;
        var anchors = await File.ReadAllBytesAsync(file);
        for (var i = 0; i < anchors.Length; i++)
        {
            var changed = anchors.ToArray();
            changed[i] ^= 1;
            await File.WriteAllBytesAsync(file, changed);
            Assert.False((await AuditLogTests.Verify(house)).IsWhole, $"anchor file at {i}");
            looked++;
        }
        await File.WriteAllBytesAsync(file, anchors);
        await AuditLogTests.IsWhole(house);
        Assert.True(looked > 1400, $"only {looked} changes were tried");
    }

    [Theory]
    [InlineData("the last entries are cut off", "delete from audit_leaves where leaf >= 4; delete from journal where seq > 4; update audit_head set size = 4; delete from audit_checkpoints where size > 4")]
    [InlineData("an entry is taken out and the others move up", "delete from journal where seq = 3; delete from audit_leaves where seq = 3; update audit_leaves set leaf = leaf - 1 where leaf > 2; update audit_head set size = size - 1")]
    [InlineData("an entry is deleted", "delete from journal where seq = 2")]
    [InlineData("two entries change places", "drop index audit_leaves_seq; update audit_leaves set seq = 5 - seq where seq in (2, 3)")]
    [InlineData("an entry is shown twice", "drop index audit_leaves_seq; update audit_leaves set seq = 2 where seq = 3")]
    [InlineData("a fact is written past the log", "insert into journal (source, id, kind, at, recorded_at, actor, data, body_hash) values ('care', 'x', 'record.viewed', 1, 1, 'a', '{}', 0)")]
    [InlineData("a fact is kept out of the log", "insert into journal (source, id, kind, at, recorded_at, actor, data, body_hash) values ('care', 'x', 'record.viewed', 1, 1, 'a', '{}', 0); insert into audit_waiting (seq) select seq from journal where id = 'x'")]
    [InlineData("a tile is missing", "delete from audit_tiles")]
    [InlineData("a tile too many", "insert into audit_tiles (id, hashes) values (77, 'x')")]
    [InlineData("a signed head is gone", "delete from audit_checkpoints where size = 4")]
    [InlineData("everything is gone", "delete from journal; delete from audit_leaves; delete from audit_tiles; delete from audit_checkpoints; update audit_head set size = 0")]
    public async Task A_cut_a_gap_and_a_disorder_are_found(string what, string breach)
    {
        await using var house = await SmallLog(Databases.Sqlite);
        await house.Write(tx => tx.Run(breach));
        Assert.False((await AuditLogTests.Verify(house)).IsWhole, what);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_history_that_was_rewritten_whole_and_signed_with_the_true_key_is_found_by_its_anchors(string database)
    {
        await using var house = await SmallLog(database);
        await house.Write(async tx =>
        {
            // The strongest attacker we think of: owns the database and the signing key, changes an entry and makes tree and heads anew.
            await tx.Run("update journal set actor = 'somebody-else' where seq = (select min(seq) from journal)");
            await tx.Run("insert into audit_waiting (seq) select seq from journal");
            foreach (var table in new[] { "audit_leaves", "audit_tiles", "audit_checkpoints" }) await tx.Run($"delete from {table}");
            await tx.Run("update audit_head set size = 0");
        });
        await house.Get<AuditSequencer>().Round(default);
        await house.Get<AuditCheckpoints>().Round(default);
        var key = house.Get<AuditKey>();
        Assert.True((await new AuditVerifier(house.Store, key.Name, key.PublicKey, null).Verify()).IsWhole);
        Assert.Contains((await AuditLogTests.Verify(house)).Findings, finding => finding.Fault == AuditFault.RootDiffers);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_head_signed_by_another_key_is_no_head(string database)
    {
        await using var house = await SmallLog(database);
        using var another = new SigningKey(new byte[32]);
        var key = house.Get<AuditKey>();
        var forged = new Checkpoint(key.Name, 6, new byte[32], house.Now).Sign(key.Name, another.PublicKey, data => another.Sign(data));
        await house.Write(tx => tx.Run("update audit_checkpoints set note = @forged where size = 6", new { forged }));
        Assert.Contains((await AuditLogTests.Verify(house)).Findings, finding => finding.Fault == AuditFault.CheckpointForged);
    }

    [Fact]
    public async Task Lines_taken_out_of_the_anchor_file_are_missed()
    {
        await using var house = await SmallLog(Databases.Sqlite);
        var file = house.Get<Ground>().AnchorFile;
        var lines = await File.ReadAllLinesAsync(file);
        Assert.Equal(2, lines.Length);
        foreach (var left in (string[][])[[lines[0]], [lines[1]], [lines[1], lines[0]], []])
        {
            await File.WriteAllTextAsync(file, string.Concat(left.Select(line => line + "\n")));
            Assert.False((await AuditLogTests.Verify(house)).IsWhole, $"{left.Length} lines left");
        }
        File.Delete(file);
        Assert.Contains((await AuditLogTests.Verify(house)).Findings, finding => finding.Fault == AuditFault.AnchorsMissing);
    }

    /// <summary>Six entries, with sealed parts and without, under two heads that were carried out.</summary>
    private static async Task<House> SmallLog(string database)
    {
        var house = await House.Open(database);
        for (var i = 1; i <= 6; i++)
        {
            var n = i;
            await house.Write(tx => house.Get<JournalDesk>().Append(tx, new Fact(Fact.Care, $"f-{n}", "record.viewed", n % 2 == 0 ? "c-1" : null, house.Now, "a-lin", "{}", n == 4 ? "周" : null)));
            if (i is 4 or 6) await AuditLogTests.Round(house);
        }
        await AuditLogTests.IsWhole(house);
        return house;
    }

    private static async Task<List<(long Seq, string Column, string Text)>> Texts(Tx tx)
    {
        var all = new List<(long, string, string)>();
        foreach (var column in HashedTexts) all.AddRange((await tx.Query<(long Seq, string Text)>($"select seq, {column} from journal where {column} is not null")).Select(row => (row.Seq, column, row.Text)));
        return all;
    }
}
