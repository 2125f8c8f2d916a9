using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Huifang.Storage;

namespace Huifang.Simulation.Worlds;

/// <summary>One number for everything that a seed has written, so that two runs can be compared.</summary>
internal static class Ledger
{
    // How long a plan took is the machine's.
    private static readonly HashSet<string> OfTheMachine = new(StringComparer.Ordinal) { "load_ms", "solve_ms" };

    /// <summary>Every row of every table, but for what is sealed: keys and nonces are drawn anew in every run, as they must be.</summary>
    public static Task<string> Hash(Store store) => store.Read(async tx =>
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var table in await tx.Query<string>("select name from sqlite_master where type = 'table' and name not like 'sqlite_%' order by name"))
        {
            var columns = await tx.Query<(string Name, string Type)>($"select name, lower(type) from pragma_table_info('{table}')");
            var clear = columns.Where(column => column.Type is not "blob" && !OfTheMachine.Contains(column.Name)).Select(column => column.Name).ToList();
            hash.AppendData(Encoding.UTF8.GetBytes(table));
            foreach (var row in await tx.Query<string>($"select {string.Join(" || '|' || ", clear.Select(name => $"quote({name})"))} from {table} order by 1")) hash.AppendData(Encoding.UTF8.GetBytes(row));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8));
    });

    /// <summary>The journal as a story, in the order of commits.</summary>
    public static Task Trace(Store store, Action<string> say) => store.Read(async tx =>
    {
        foreach (var (seq, at, kind, customer, actor, data) in await tx.Query<(long, DateTimeOffset, string, string?, string, string)>(
            "select seq, recorded_at, kind, customer_id, actor, data from journal where recorded_at > (select min(recorded_at) from journal where source <> 'care' or kind like 'follow-up.%' or kind like 'complaint.%') - 1 order by seq"))
            say(string.Create(CultureInfo.InvariantCulture, $"{seq,6} {at:MM-dd HH:mm:ss.fff} {kind,-24} {customer,-8} {actor,-10} {data}"));
        return true;
    });
}
