using Dapper;
using Huifang.Storage;

namespace Huifang.Complaints;

internal static class ComplaintTermTable
{
    /// <summary>Rare terms first: with fewer than this a term decides by itself.</summary>
    private const int RareMax = 2000;

    private static readonly Bulk<(long Term, long No)> Rows = new("complaint_terms", "on conflict do nothing", ("term", Column.Number, r => r.Term), ("no", Column.Number, r => r.No));

    public static Task Insert(Tx tx, long no, IEnumerable<long> terms) => Rows.Insert(tx, [.. terms.Order().Select(term => (term, no))], returning: "");

    /// <summary>Walks the rarest term from the newest complaint down and looks for the others beside it, so that a common word costs no more than a page.</summary>
    public static async Task<List<long>> Holding(Tx tx, IReadOnlyList<long> terms, int most)
    {
        var counted = new List<(long Term, long Count)>();
        foreach (var term in terms) counted.Add((term, await tx.One<long>($"select count(*) from (select 1 from complaint_terms where term = @term limit {RareMax}) t", new { term })));
        var order = counted.OrderBy(one => one.Count).Select(one => one.Term).ToList();
        var args = new DynamicParameters();
        for (var i = 0; i < order.Count; i++) args.Add($"t{i}", order[i]);
        var others = string.Concat(Enumerable.Range(1, order.Count - 1).Select(i => $" and exists (select 1 from complaint_terms o where o.term = @t{i} and o.no = f.no)"));
        return await tx.Query<long>($"select f.no from complaint_terms f where f.term = @t0{others} order by f.no desc limit {most}", args);
    }
}
