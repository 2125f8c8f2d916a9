using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Huifang.Planning;

/// <summary>
/// The flow from groups over needs (requirement, block) to cells (agent type, block), with a price for each cell. Only cells have prices; what a need and a group
/// pay follows from them. Invariant: whatever flows is tight, i.e. no other place would be better at these prices.
/// </summary>
/// <remarks>Rows are padded with <see cref="Far"/> so that eight blocks can be read at once anywhere.</remarks>
internal sealed class Network
{
    public const int Far = 1 << 30;
    public const int Lanes = 8;

    public struct Group
    {
        public int Class, RunBegin, RunEnd, Begin, Size;

        /// <summary>How many of its units are to be served, and how many of these have a place.</summary>
        public int Served, Placed;

        /// <summary>What its best place costs: price and delay.</summary>
        public int Pays;
        public int FirstEntry, Stamp, Level, TightAt, Cursor;
    }

    /// <summary>Units of a group in a need; linked from both.</summary>
    public struct Entry
    {
        public int Group, Need, Count, NextOfGroup, NextOfNeed;
    }

    public readonly int Blocks, Stride, Words, Types, Requirements, Classes;
    public readonly int[] ClassRequirement, Cost, Reach, NeedPrice, Price, Capacity, Fill, Flow, RunFirst, RunLast, FirstEntryOfNeed;
    public readonly int[][] TypesOf;
    public readonly Group[] Groups;
    public readonly int[] Worth;
    public Entry[] Entries;
    public int EntryCount;

    /// <summary>Per group a bit for each block of its window that is as good as its best.</summary>
    private readonly ulong[] tight;
    private int tightAt = 1;
    private static readonly int[] FirstLanes = [-1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>Units that must be served and have no place, and places with a price that are not taken. With both at 0 the plan is the best there is.</summary>
    public long Unplaced, Vacant;

    public Network(PlanProblem p, Demand demand, Func<int, int> capacity)
    {
        (Blocks, Types, Requirements, Classes) = (p.Blocks, p.AgentTypes, p.Requirements, demand.ClassRequirement.Length);
        Stride = (Blocks + 2 * Lanes - 1) / Lanes * Lanes;
        Words = (Blocks + 63) / 64;
        (RunFirst, RunLast, ClassRequirement, Worth) = (p.RunFirst, p.RunEnd, demand.ClassRequirement, demand.Worth);
        (Cost, Reach, NeedPrice) = (new int[Classes * Stride], new int[Classes * Stride], new int[Requirements * Stride]);
        (Price, Capacity, Fill) = (new int[Types * Stride], new int[Types * Stride], new int[Types * Stride]);
        Flow = new int[Requirements * Types * Stride];
        for (var k = 0; k < Classes; k++) demand.ClassCost[k].CopyTo(Cost, k * Stride);
        for (var type = 0; type < Types; type++)
            for (var block = 0; block < Blocks; block++) Capacity[type * Stride + block] = capacity(type * Blocks + block);
        TypesOf = [.. Enumerable.Range(0, Requirements).Select(requirement => Enumerable.Range(0, Types)
            .Where(type => p.CanServe[type * Requirements + requirement])
            .OrderBy(type => Enumerable.Range(0, Requirements).Count(other => p.CanServe[type * Requirements + other])).ToArray())];
        Groups = new Group[demand.Groups];
        for (var g = 0; g < Groups.Length; g++)
            Groups[g] = new Group
            {
                Class = demand.GroupClass[g], RunBegin = p.WindowBegin[demand.GroupWindow[g]], RunEnd = p.WindowBegin[demand.GroupWindow[g] + 1],
                Begin = demand.GroupBegin[g], Size = demand.GroupBegin[g + 1] - demand.GroupBegin[g], FirstEntry = -1,
            };
        FirstEntryOfNeed = new int[Requirements * Stride];
        Array.Fill(FirstEntryOfNeed, -1);
        Entries = new Entry[Groups.Length + Groups.Length / 2 + 64];
        tight = new ulong[(long)Groups.Length * Words];
    }

    public int Lowest(in Group group) => Worth[group.Begin + group.Served - 1];
    public int Next(in Group group) => Worth[group.Begin + group.Served];

    /// <summary>Prices that somebody has thought of; who is to be served follows from them. Nobody has a place yet.</summary>
    public void Begin()
    {
        Spread();
        foreach (ref var group in Groups.AsSpan())
        {
            group.Pays = Best(group);
            group.Served = Above(group, group.Pays);
        }
        Count();
    }

    /// <summary>New prices after a shift: what flows stays tight, so one entry tells what its group pays.</summary>
    public void Refresh()
    {
        Spread();
        foreach (ref var group in Groups.AsSpan())
            group.Pays = FirstPlace(group) is var entry and >= 0 ? Reach[group.Class * Stride + Entries[entry].Need % Stride] : Best(group);
        Count();
    }

    public void Count()
    {
        (Unplaced, Vacant) = (0, 0);
        foreach (ref var group in Groups.AsSpan()) Unplaced += group.Served - group.Placed;
        for (var cell = 0; cell < Price.Length; cell++)
            if (Price[cell] > 0) Vacant += Capacity[cell] - Fill[cell];
    }

    /// <summary>What each need costs by its cheapest cell, and each class with its delay.</summary>
    private void Spread()
    {
        Array.Fill(NeedPrice, Far);
        for (var requirement = 0; requirement < Requirements; requirement++)
            foreach (var type in TypesOf[requirement])
                for (var block = 0; block < Blocks; block++)
                    if (Capacity[type * Stride + block] > 0 && Price[type * Stride + block] < NeedPrice[requirement * Stride + block])
                        NeedPrice[requirement * Stride + block] = Price[type * Stride + block];
        for (var k = 0; k < Classes; k++)
            for (var (at, need) = (k * Stride, ClassRequirement[k] * Stride); at < (k + 1) * Stride; at++, need++)
                Reach[at] = NeedPrice[need] == Far ? Far : NeedPrice[need] + Cost[at];
        tightAt++;
    }

    private int FirstPlace(in Group group)
    {
        var entry = group.Placed > 0 ? group.FirstEntry : -1;
        while (entry >= 0 && Entries[entry].Count == 0) entry = Entries[entry].NextOfGroup;
        return entry;
    }

    /// <summary>The least that a place in the group's window costs.</summary>
    public int Best(in Group group)
    {
        ref var row = ref Reach[group.Class * Stride];
        var best = Vector256.Create(Far);
        for (var run = group.RunBegin; run < group.RunEnd; run++)
        {
            var (block, end) = (RunFirst[run], RunLast[run]);
            for (; block + Lanes <= end; block += Lanes) best = Vector256.Min(best, Vector256.LoadUnsafe(ref row, (nuint)block));
            if (block < end) best = Vector256.Min(best, Vector256.ConditionalSelect(First(end - block), Vector256.LoadUnsafe(ref row, (nuint)block), Vector256.Create(Far)));
        }
        return Smallest(best);
    }

    /// <summary>All lanes below <paramref name="count"/>.</summary>
    public static Vector256<int> First(int count) => Vector256.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(FirstLanes), (nuint)(Lanes - count));

    public static int Smallest(Vector256<int> lanes)
    {
        var four = Vector128.Min(lanes.GetLower(), lanes.GetUpper());
        var two = Vector128.Min(four, Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1)));
        return Vector128.Min(two, Vector128.Shuffle(two, Vector128.Create(1, 0, 3, 2))).ToScalar();
    }

    /// <summary>The blocks that are as good as the group's best, a bit each; worked out once for each state of the prices.</summary>
    public ReadOnlySpan<ulong> Tight(int g)
    {
        ref var group = ref Groups[g];
        var bits = tight.AsSpan(g * Words, Words);
        if (group.TightAt == tightAt) return bits;
        group.TightAt = tightAt;
        bits.Clear();
        ref var row = ref Reach[group.Class * Stride];
        var pays = Vector256.Create(group.Pays);
        if (group.Pays >= Far) return bits;
        for (var run = group.RunBegin; run < group.RunEnd; run++)
            for (var (block, end) = (RunFirst[run], RunLast[run]); block < end; block += Lanes)
            {
                var equal = (ulong)Vector256.ExtractMostSignificantBits(Vector256.Equals(Vector256.LoadUnsafe(ref row, (nuint)block), pays));
                if (end - block < Lanes) equal &= (1UL << (end - block)) - 1;
                bits[block >> 6] |= equal << (block & 63);
                if ((block & 63) > 64 - Lanes && equal >> (64 - (block & 63)) is var rest and > 0) bits[(block >> 6) + 1] |= rest;
            }
        return bits;
    }

    /// <summary>Units that gain more than <paramref name="pays"/>.</summary>
    private int Above(in Group group, int pays)
    {
        var (low, high) = (group.Begin, group.Begin + group.Size);
        while (low < high)
            if (Worth[(low + high) / 2] > pays) low = (low + high) / 2 + 1;
            else high = (low + high) / 2;
        return low - group.Begin;
    }

    public void Place(int g, int need, int count)
    {
        ref var group = ref Groups[g];
        group.Placed += count;
        for (var entry = group.FirstEntry; entry >= 0; entry = Entries[entry].NextOfGroup)
            if (Entries[entry].Need == need)
            {
                Entries[entry].Count += count;
                return;
            }
        if (EntryCount == Entries.Length) Array.Resize(ref Entries, EntryCount * 2);
        Entries[EntryCount] = new Entry { Group = g, Need = need, Count = count, NextOfGroup = group.FirstEntry, NextOfNeed = FirstEntryOfNeed[need] };
        group.FirstEntry = FirstEntryOfNeed[need] = EntryCount++;
    }

    /// <summary>
    /// A first plan at the prices of a smaller problem: who has the fewest choices chooses first, each from a place of its own, so that what is left over
    /// is spread as the choices are.
    /// </summary>
    public void PlaceGreedily()
    {
        var most = Blocks + 1;
        var (choices, begin) = (new int[Groups.Length], new int[most + 2]);
        for (var g = 0; g < Groups.Length; g++)
        {
            if (Groups[g].Served == 0) choices[g] = most;
            else foreach (var word in Tight(g)) choices[g] += BitOperations.PopCount(word);
            begin[choices[g] + 1]++;
        }
        for (var i = 0; i <= most; i++) begin[i + 1] += begin[i];
        var order = new int[Groups.Length];
        for (var g = 0; g < Groups.Length; g++) order[begin[choices[g]]++] = g;
        var turn = 12345u;
        foreach (var g in order)
        {
            if (choices[g] == most) break;
            turn = turn * 1664525 + 1013904223;
            PlaceGreedily(g, (int)((ulong)turn * (uint)Blocks >> 32));
        }
        Count();
    }

    private void PlaceGreedily(int g, int from)
    {
        ref var group = ref Groups[g];
        var requirement = ClassRequirement[group.Class];
        var bits = Tight(g);
        for (var pass = 0; pass < 2; pass++)
            for (var word = pass == 0 ? from >> 6 : 0; word < (pass == 0 ? Words : (from >> 6) + 1); word++)
                for (var left = bits[word] & (word == from >> 6 ? pass == 0 ? ~0UL << (from & 63) : ~(~0UL << (from & 63)) : ~0UL); left != 0; left &= left - 1)
                {
                    var block = word * 64 + BitOperations.TrailingZeroCount(left);
                    foreach (var type in TypesOf[requirement])
                    {
                        var cell = type * Stride + block;
                        var room = Math.Min(group.Served - group.Placed, Capacity[cell] - Fill[cell]);
                        if (room <= 0 || Price[cell] != NeedPrice[requirement * Stride + block]) continue;
                        Fill[cell] += room;
                        Flow[(requirement * Types + type) * Stride + block] += room;
                        Place(g, requirement * Stride + block, room);
                    }
                    if (group.Served == group.Placed) return;
                }
    }
}
