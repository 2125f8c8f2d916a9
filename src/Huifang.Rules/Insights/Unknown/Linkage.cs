namespace Huifang.Insights;

/// <summary>Groups things by how alike they are: average linkage (UPGMA), by chains of nearest neighbours (Murtagh 1983), so in the square of their number.</summary>
public static class Linkage
{
    /// <param name="alike">Row i and column j say how alike i and j are; symmetric. It is used up.</param>
    /// <param name="from">Two groups are joined while their members are alike by this much on average.</param>
    /// <returns>For each thing the number of its group; numbers begin at 0 in the order of the things.</returns>
    public static int[] Groups(float[][] alike, double from)
    {
        var count = alike.Length;
        var (size, parent, gone) = (new int[count], new int[count], new bool[count]);
        for (var i = 0; i < count; i++) (size[i], parent[i]) = (1, i);
        var chain = new List<int>();
        var next = 0;
        for (var left = count; left > 1;)
        {
            if (chain.Count == 0)
            {
                while (gone[next]) next++;
                chain.Add(next);
            }
            var top = chain[^1];
            var before = chain.Count > 1 ? chain[^2] : -1;
            // On a tie the one before wins, or the chain would never end.
            var nearest = before;
            var most = before < 0 ? float.NegativeInfinity : alike[top][before];
            for (var other = 0; other < count; other++)
                if (!gone[other] && other != top && alike[top][other] > most) (nearest, most) = (other, alike[top][other]);
            if (nearest != before) { chain.Add(nearest); continue; }
            chain.RemoveRange(chain.Count - 2, 2);
            left--;
            // Groups that are less alike stay apart, and so do all above them: average linkage never grows on the way up.
            if (most >= from) parent[Root(before)] = Root(top);
            gone[before] = true;
            var (a, b) = (alike[top], alike[before]);
            for (var other = 0; other < count; other++)
                if (!gone[other] && other != top) a[other] = alike[other][top] = (a[other] * size[top] + b[other] * size[before]) / (size[top] + size[before]);
            size[top] += size[before];
        }
        var numbers = new Dictionary<int, int>();
        return [.. Enumerable.Range(0, count).Select(i => numbers.TryGetValue(Root(i), out var known) ? known : numbers[Root(i)] = numbers.Count)];

        int Root(int i)
        {
            while (parent[i] != i) i = parent[i] = parent[parent[i]];
            return i;
        }
    }
}
