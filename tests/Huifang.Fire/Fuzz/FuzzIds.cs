using Huifang.Accounts;
using Huifang.Storage;

namespace Huifang.Fire.Fuzz;

/// <summary>Names of things that are there, by the table that holds them, and links that open something.</summary>
public sealed class FuzzIds
{
    private readonly Dictionary<string, string[]> _byTable = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string[]> _links = new(StringComparer.Ordinal);

    public static async Task<FuzzIds> Of(FuzzSite site)
    {
        var ids = new FuzzIds();
        await site.Store.Read(async tx =>
        {
            var columns = await tx.Query<(string Table, string Column)>(tx.Dialect.IsSqlite
                ? "select m.name, c.name from sqlite_master m join pragma_table_info(m.name) c where m.type = 'table' and m.name not like 'sqlite_%'"
                : "select table_name::text, column_name::text from information_schema.columns where table_schema = 'public'");
            foreach (var (table, column) in columns.Where(one => one.Column is "id" or "number" or "key" or "version" or "name" or "place" or "leaf" or "question_id" or "day" or "class" or "topic"))
                if ((await tx.Query<string?>($"select cast({column} as text) from {table} limit 12")).Select(value => $"{value}").Where(value => value.Length is > 0 and < 100).ToArray() is { Length: > 0 } found) ids._byTable[$"{table}.{column}"] = found;
            return true;
        });
        var links = site.Get<Links>();
        string[] Make(LinkKind kind, string table) => [.. ids.Like(table).Take(8).Select(id => links.Make(kind, id, FuzzSite.Morning.AddDays(2))).Append(links.Make(kind, "gone", FuzzSite.Morning.AddDays(1))).Append(links.Make(kind, Guid.Empty.ToString(), FuzzSite.Morning.AddDays(-1)))];
        ids._links["r"] = Make(LinkKind.Booking, "follow_ups");
        ids._links["s"] = Make(LinkKind.Survey, "follow_ups");
        ids._links["c"] = Make(LinkKind.Complaint, "complaints");
        ids._links["q"] = [.. Make(LinkKind.Ask, "survey_asks"), .. Make(LinkKind.OpenSurvey, "surveys")];
        ids._links["me"] = Make(LinkKind.Portal, "customers");
        return ids;
    }

    private IReadOnlyList<string> Like(string table) => _byTable.GetValueOrDefault($"{table}.id") ?? [];

    /// <summary>A value for a part of an address: of the kind that its name and what stands before it suggest, or of any.</summary>
    public string For(Mutator mutator, string part, string before, string first)
    {
        if (part.Equals("token", StringComparison.OrdinalIgnoreCase) || part == "t")
            if (_links.TryGetValue(first, out var links)) return mutator.Chance(0.9) ? mutator.Pick(links) : mutator.Near(mutator.Pick(links));
        var stem = (part is "id" or "Id" ? before : part).TrimEnd('s').Replace('-', '_');
        if (stem.EndsWith("ie", StringComparison.Ordinal)) stem = stem[..^2];
        var fitting = _byTable.Where(one => stem.Length > 2 && one.Key.Contains(stem, StringComparison.OrdinalIgnoreCase)).Select(one => one.Value).ToList();
        return mutator.Pick(fitting.Count > 0 && mutator.Chance(0.9) ? mutator.Pick(fitting) : mutator.Pick(_byTable.Values.ToList()));
    }
}
