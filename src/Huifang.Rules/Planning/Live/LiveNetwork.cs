using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Huifang.Planning;

/// <summary>
/// The best plan as it stands, ready to be repaired: who has which place, and prices at which nobody would rather be elsewhere. At rest three things hold, and each
/// change restores them: a served unit stands where its group pays least; what is served gains at least what it pays and what is not served at most that; a cell
/// with room left has no price.
/// </summary>
/// <remarks>The same graph as <see cref="Network"/>, laid out for one change: what a group pays is read from one of its places, so that new prices touch no group.</remarks>
internal sealed class LiveNetwork
{
    public struct Group
    {
        public int Class, Begin, Size, Room, FirstEntry, Stamp;

        /// <summary>Its most valuable units; each of them has a place.</summary>
        public int Served;
    }

    /// <summary>How many units of a group stand in a need; linked from both.</summary>
    public struct Entry
    {
        public int Group, Need, Count, NextOfGroup, NextOfNeed, BeforeOfNeed;
    }

    private const int Far = Network.Far;
    private const int Lanes = Network.Lanes;

    public readonly int Blocks, Stride, Words, Types, Requirements;
    public readonly int[] NeedPrice, Price, Capacity, Fill, Flow, FirstEntryOfNeed;
    public readonly int[][] TypesOf;
    public int[] ClassRequirement, Cost, Reach;

    /// <summary>Per unit, the most valuable of a group first: what it gains at best, its task, and the need in which it stands or -1.</summary>
    public int[] Worth, Task, Need;
    public Group[] Groups;
    public Entry[] Entries;
    public int ClassCount, UnitCount, GroupCount;

    /// <summary>The sum of what the served units gain.</summary>
    public long Gained;

    /// <summary>No unit has ever gained more: a price above it keeps everybody away.</summary>
    public int Dearest;

    /// <summary>Per group its row in <see cref="Reach"/>, and the place there of one of its units or -1.</summary>
    public int[] Row, Place;

    /// <summary>Who may be called when, and what the best who waits is worth.</summary>
    public readonly Waiting Waiting;

    /// <summary>Tasks whose half hour changed since somebody last cleared the list; one may stand there twice.</summary>
    public readonly List<int> Touched = [];
    private int entryCount, freeEntry = -1;

    /// <summary>Takes over a solved plan.</summary>
    public LiveNetwork(Demand demand, Network solved)
    {
        (Blocks, Stride, Words, Types, Requirements) = (solved.Blocks, solved.Stride, solved.Words, solved.Types, solved.Requirements);
        (NeedPrice, Price, Capacity, Fill, Flow) = (new int[solved.NeedPrice.Length], solved.Price, solved.Capacity, solved.Fill, solved.Flow);
        (TypesOf, ClassRequirement, Cost, ClassCount) = (solved.TypesOf, solved.ClassRequirement, solved.Cost, solved.Classes);
        Reach = new int[Cost.Length];
        (Worth, Task, Need, UnitCount) = (demand.Worth, demand.Task, new int[demand.Worth.Length], demand.Worth.Length);
        Dearest = Worth.Length == 0 ? 0 : Worth.Max();
        Grow(UnitCount + UnitCount / 8);
        Array.Fill(Need, -1);
        FirstEntryOfNeed = new int[Requirements * Stride];
        Array.Fill(FirstEntryOfNeed, -1);
        Entries = new Entry[solved.EntryCount + 64];
        Groups = new Group[solved.Groups.Length];
        GroupCount = Groups.Length;
        // A price without a cell would only confuse what a new cell there should cost.
        for (var cell = 0; cell < Price.Length; cell++) if (Capacity[cell] == 0) Price[cell] = 0;
        Spread();
        // Room for an eighth more, so that the first changes need not wait for larger arrays.
        Array.Resize(ref Groups, (GroupCount + GroupCount / 8 + 64) / 64 * 64);
        (Row, Place, Waiting) = (new int[Groups.Length], new int[Groups.Length], new Waiting(Blocks, Requirements, Groups.Length));
        for (var g = 0; g < GroupCount; g++)
        {
            ref var was = ref solved.Groups[g];
            Groups[g] = new Group { Class = was.Class, Begin = was.Begin, Size = was.Size, Room = was.Size, FirstEntry = -1, Served = was.Served };
            for (var run = was.RunBegin; run < was.RunEnd; run++) Waiting.MayCall(g, solved.RunFirst[run], solved.RunLast[run]);
            Begin(g);
            var unit = was.Begin;
            for (var entry = was.FirstEntry; entry >= 0; entry = solved.Entries[entry].NextOfGroup)
                for (var count = solved.Entries[entry].Count; count > 0; count--) Stand(g, unit++, solved.Entries[entry].Need);
            Changed(g);
        }
    }

    public bool CanServe(int type, int requirement) => Array.IndexOf(TypesOf[requirement], type) >= 0;

    /// <summary>Other units of the group are served, or others wait.</summary>
    public void Changed(int g) => Waiting.Set(g, Groups[g].Served < Groups[g].Size ? Worth[Groups[g].Begin + Groups[g].Served] : Waiting.Nobody);

    public int Lowest(in Group group) => Worth[group.Begin + group.Served - 1];

    /// <summary>What a place costs the group: read from one of its places, as each is as cheap as any; worked out when it has none.</summary>
    public int Pays(int g) => Place[g] >= 0 ? Reach[Place[g]] : Best(g);

    /// <summary>The least that a place in the group's window costs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Best(int g)
    {
        ref var row = ref Reach[Row[g]];
        var best = Vector256.Create(Far);
        for (var block = 0; block < Blocks; block += Lanes)
            if (Waiting.MayCall(g, block) is var may and not 0)
                best = Vector256.Min(best, Vector256.ConditionalSelect(Waiting.Lanes(may), Vector256.LoadUnsafe(ref row, (nuint)block), Vector256.Create(Far)));
        return Network.Smallest(best);
    }

    /// <summary>What each need costs by its cheapest cell, and each class with its delay. Whatever cannot be reached costs <see cref="Network.Far"/> or more.</summary>
    public void Spread()
    {
        Array.Fill(NeedPrice, Far);
        for (var block = 0; block < Blocks; block++) SpreadNeed(block);
        for (var k = 0; k < ClassCount; k++) SpreadClass(k);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void SpreadClass(int k)
    {
        var (at, need) = (k * Stride, ClassRequirement[k] * Stride);
        for (var i = 0; i < Stride; i += Lanes) (Vector256.LoadUnsafe(ref NeedPrice[need + i]) + Vector256.LoadUnsafe(ref Cost[at + i])).StoreUnsafe(ref Reach[at + i]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SpreadNeed(int block)
    {
        for (var requirement = 0; requirement < Requirements; requirement++)
        {
            var price = Far;
            foreach (var type in TypesOf[requirement])
                if (Capacity[type * Stride + block] > 0) price = Math.Min(price, Price[type * Stride + block]);
            NeedPrice[requirement * Stride + block] = price;
        }
    }

    /// <summary>A unit takes a place in a need.</summary>
    public void Stand(int g, int unit, int need)
    {
        Need[unit] = need;
        Place[g] = Row[g] + need % Stride;
        Touched.Add(Task[unit]);
        Gained += Worth[unit] - Cost[Groups[g].Class * Stride + need % Stride];
        for (var entry = Groups[g].FirstEntry; entry >= 0; entry = Entries[entry].NextOfGroup)
            if (Entries[entry].Need == need)
            {
                Entries[entry].Count++;
                return;
            }
        var at = freeEntry >= 0 ? freeEntry : entryCount++;
        if (at == freeEntry) freeEntry = Entries[at].NextOfGroup;
        if (at == Entries.Length) Array.Resize(ref Entries, at * 2);
        Entries[at] = new Entry { Group = g, Need = need, Count = 1, NextOfGroup = Groups[g].FirstEntry, NextOfNeed = FirstEntryOfNeed[need], BeforeOfNeed = -1 };
        if (FirstEntryOfNeed[need] is var next and >= 0) Entries[next].BeforeOfNeed = at;
        Groups[g].FirstEntry = FirstEntryOfNeed[need] = at;
    }

    /// <summary>A unit leaves its place.</summary>
    public void Leave(int g, int unit)
    {
        var need = Need[unit];
        Need[unit] = -1;
        var other = Need.AsSpan(Groups[g].Begin, Groups[g].Served).IndexOfAnyExcept(-1);
        Place[g] = other < 0 ? -1 : Row[g] + Need[Groups[g].Begin + other] % Stride;
        Touched.Add(Task[unit]);
        Gained -= Worth[unit] - Cost[Groups[g].Class * Stride + need % Stride];
        var (before, entry) = (-1, Groups[g].FirstEntry);
        while (Entries[entry].Need != need) (before, entry) = (entry, Entries[entry].NextOfGroup);
        ref var found = ref Entries[entry];
        if (--found.Count > 0) return;
        if (before < 0) Groups[g].FirstEntry = found.NextOfGroup;
        else Entries[before].NextOfGroup = found.NextOfGroup;
        if (found.BeforeOfNeed < 0) FirstEntryOfNeed[need] = found.NextOfNeed;
        else Entries[found.BeforeOfNeed].NextOfNeed = found.NextOfNeed;
        if (found.NextOfNeed >= 0) Entries[found.NextOfNeed].BeforeOfNeed = found.BeforeOfNeed;
        (found.NextOfGroup, freeEntry) = (freeEntry, entry);
    }

    /// <summary>A served unit that stands in the need.</summary>
    public int UnitIn(in Group group, int need) => group.Begin + Need.AsSpan(group.Begin, group.Served).IndexOf(need);

    /// <summary>A unit of the group goes from one need to another.</summary>
    public void Move(int g, int from, int to)
    {
        var unit = UnitIn(Groups[g], from);
        Leave(g, unit);
        Stand(g, unit, to);
    }

    /// <summary>Where <see cref="Flow"/> has what goes from a need to a cell of the same block.</summary>
    public int FlowOf(int need, int cell) => (need / Stride * Types + cell / Stride) * Stride + cell % Stride;

    /// <summary>A new class of like tasks.</summary>
    public int AddClass(int requirement, int[] cost)
    {
        var k = ClassCount++;
        if (k == ClassRequirement.Length)
        {
            Array.Resize(ref ClassRequirement, Math.Max(4, k * 2));
            Array.Resize(ref Cost, ClassRequirement.Length * Stride);
            Array.Resize(ref Reach, ClassRequirement.Length * Stride);
        }
        ClassRequirement[k] = requirement;
        cost.CopyTo(Cost, k * Stride);
        SpreadClass(k);
        return k;
    }

    /// <summary>A new group without units.</summary>
    /// <param name="runs">Pairs of first block and the block after the last.</param>
    public int AddGroup(int k, ReadOnlySpan<int> runs)
    {
        if (GroupCount == Groups.Length)
        {
            Array.Resize(ref Groups, Math.Max(64, GroupCount * 2));
            Array.Resize(ref Row, Groups.Length);
            Array.Resize(ref Place, Groups.Length);
            Waiting.Grow(Groups.Length);
        }
        Groups[GroupCount] = new Group { Class = k, Begin = UnitCount, FirstEntry = -1 };
        for (var run = 0; run < runs.Length; run += 2) Waiting.MayCall(GroupCount, runs[run], runs[run + 1]);
        Begin(GroupCount);
        return GroupCount++;
    }

    private void Begin(int g)
    {
        (Row[g], Place[g]) = (Groups[g].Class * Stride, -1);
        Waiting.Begin(g, ClassRequirement[Groups[g].Class], Row[g]);
    }

    private void Grow(int units)
    {
        Array.Resize(ref Worth, units);
        Array.Resize(ref Task, units);
        Array.Resize(ref Need, units);
    }

    /// <summary>Room for one more unit at this rank of the group; a group that is full moves to the end of the units.</summary>
    public int Open(int g, int rank, int worth, int task)
    {
        ref var group = ref Groups[g];
        if (group.Size == group.Room)
        {
            var room = group.Size + group.Size / 4 + 2;
            if (UnitCount + room > Worth.Length) Grow((UnitCount + room) * 5 / 4);
            foreach (var units in new[] { Worth, Task, Need }) Array.Copy(units, group.Begin, units, UnitCount, group.Size);
            (group.Begin, group.Room) = (UnitCount, room);
            UnitCount += room;
        }
        var at = group.Begin + rank;
        foreach (var units in new[] { Worth, Task, Need }) Array.Copy(units, at, units, at + 1, group.Size - rank);
        (Worth[at], Task[at], Need[at]) = (worth, task, -1);
        group.Size++;
        Dearest = Math.Max(Dearest, worth);
        Changed(g);
        return at;
    }

    /// <summary>A unit without a place is gone.</summary>
    public void Close(int g, int unit)
    {
        ref var group = ref Groups[g];
        foreach (var units in new[] { Worth, Task, Need }) Array.Copy(units, unit + 1, units, unit, group.Begin + group.Size - unit - 1);
        group.Size--;
        Changed(g);
    }

    /// <summary>Prices of one block anew, after a cell there came or went.</summary>
    public void SpreadBlock(int block)
    {
        SpreadNeed(block);
        for (var k = 0; k < ClassCount; k++) SpreadClass(k);
    }
}
