using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Huifang.Storage;

/// <summary>
/// Forward only, as a set: every file that this database has not seen is applied, in the order of names, in one transaction.
/// A file that was applied once and reads differently now is refused: history is not edited.
/// </summary>
public static class Migrations
{
    private const string Folder = "Huifang.Storage.Migrations.";

    /// <returns>The names applied now; empty when the database was up to date.</returns>
    public static Task<IReadOnlyList<string>> Apply(Store store, TimeProvider time, CancellationToken stop = default) =>
        store.Write<IReadOnlyList<string>>(async tx =>
        {
            // Two nodes starting together: the second waits here and then finds nothing left to do.
            if (!tx.Dialect.IsSqlite) await tx.Run("select pg_advisory_xact_lock(4842)");
            await tx.Run("create table if not exists migrations (name text primary key, checksum text not null, applied_at bigint not null)");
            var known = (await tx.Query<(string Name, string Checksum)>("select name, checksum from migrations")).ToDictionary(m => m.Name, m => m.Checksum);
            var applied = new List<string>();
            foreach (var (name, sql) in Shipped())
            {
                var checksum = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sql)));
                if (known.TryGetValue(name, out var before))
                {
                    if (before != checksum) throw new InvalidOperationException($"Migration {name} was changed after it had been applied. Write a new one instead.");
                    continue;
                }
                await tx.Run(tx.Dialect.Spell(sql));
                await tx.Run("insert into migrations (name, checksum, applied_at) values (@name, @checksum, @at)", new { name, checksum, at = time.GetUtcNow() });
                applied.Add(name);
            }
            if (!tx.Dialect.IsSqlite && applied.Count > 0) await tx.Run(Dialect.RaiseWall);
            return applied;
        }, stop);

    public static IEnumerable<(string Name, string Sql)> Shipped()
    {
        var assembly = typeof(Migrations).Assembly;
        foreach (var resource in assembly.GetManifestResourceNames().Where(n => n.StartsWith(Folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            yield return (resource[Folder.Length..^".sql".Length], reader.ReadToEnd());
        }
    }

    /// <summary>When the newest shipped migration was written, from its name; shown by <c>huifang doctor</c>.</summary>
    public static string Newest() => Shipped().Last().Name.ToString(CultureInfo.InvariantCulture);
}
