using Huifang.Storage;

namespace Huifang.Complaints;

/// <summary>
/// Finds complaints by the words in them, although the words are sealed: beside each complaint stand keyed hashes of its terms. Without the house's
/// key they say nothing but how often an unknown term occurs (docs/decisions/complaint-search.md). They go when the customer is erased.
/// </summary>
public sealed class ComplaintSearch(ComplaintParts parts)
{
    private const int AskedMax = 8;

    /// <summary>The newest complaints that hold every term of what is asked. Nothing when it has no term.</summary>
    public async Task<List<Complaint>> Find(Tx tx, string asked, int most)
    {
        var terms = SearchTerms.Of(asked).Take(AskedMax).Select(parts.TermOf).ToList();
        if (terms.Count == 0) return [];
        var numbers = await ComplaintTermTable.Holding(tx, terms, most);
        return numbers.Count == 0 ? [] : await ComplaintTable.WithNumbers(tx, numbers);
    }
}
