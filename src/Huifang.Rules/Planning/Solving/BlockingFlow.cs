using System.Numerics;
using System.Runtime.CompilerServices;

namespace Huifang.Planning;

/// <summary>
/// As many units as possible along tight arcs, without moving a price: breadth first to find how many steps each node is away, then depth first, each dead end
/// tried once (Dinitz). Needs of a level are bits, so a group's steps are an AND of its tight blocks with a level.
/// </summary>
internal sealed class BlockingFlow(Network net)
{
    private const int Unseen = int.MaxValue;
    private readonly ulong[] seen = new ulong[net.Requirements * net.Words];
    private readonly List<ulong[]> levels = [];
    private readonly int[] cellLevel = new int[net.Types * net.Stride], cursor = new int[net.Requirements * net.Stride];
    private readonly List<int> sources = [];
    private int nobodyLevel, nobodyCursor, nobodyCell;

    /// <summary>Units that may still become unserved.</summary>
    private long nobodyRoom;

    /// <summary>Units that found a place. 0: no place can be reached at these prices.</summary>
    public long Push()
    {
        if (!Reach()) return 0;
        Array.Fill(cursor, int.MinValue);
        (nobodyCursor, nobodyCell) = (0, 0);
        var pushed = 0L;
        foreach (var g in sources) pushed += FromGroup(g, 0, net.Groups[g].Served - net.Groups[g].Placed);
        if (net.Vacant > net.Unplaced) pushed += FromNobody(0, (int)Math.Min(int.MaxValue, net.Vacant - net.Unplaced));
        net.Count();
        return pushed;
    }

    /// <summary>Levels of everything up to the first place; whether there is one.</summary>
    private bool Reach()
    {
        Array.Clear(seen);
        Array.Fill(cellLevel, Unseen);
        foreach (ref var group in net.Groups.AsSpan()) group.Level = Unseen;
        sources.Clear();
        (nobodyLevel, nobodyRoom) = (Unseen, net.Unplaced - net.Vacant);
        Clear(1);
        var found = false;
        if (net.Unplaced > 0)
            for (var g = 0; g < net.Groups.Length; g++)
                if (net.Groups[g].Served > net.Groups[g].Placed)
                {
                    sources.Add(g);
                    found |= Visit(g, 0);
                }
        if (nobodyRoom < 0)
        {
            nobodyLevel = 0;
            VisitFromNobody(0);
        }
        for (var level = 1; !found; level++)
        {
            Clear(level + 1);
            if (nobodyLevel == level && nobodyRoom <= 0) VisitFromNobody(level);
            var any = nobodyLevel >= level && nobodyLevel < Unseen;
            for (var word = 0; word < levels[level].Length; word++)
                for (var bits = levels[level][word]; bits != 0; bits &= bits - 1)
                {
                    any = true;
                    found |= VisitNeed(word / net.Words, word % net.Words * 64 + BitOperations.TrailingZeroCount(bits), level);
                }
            if (!any) return false;
        }
        return found;
    }

    private void Clear(int level)
    {
        while (levels.Count <= level) levels.Add(new ulong[seen.Length]);
        Array.Clear(levels[level]);
    }

    private bool Visit(int g, int level)
    {
        ref var group = ref net.Groups[g];
        (group.Level, group.Cursor) = (level, 0);
        var tight = net.Tight(g);
        var (at, next) = (net.ClassRequirement[group.Class] * net.Words, levels[level + 1]);
        for (var word = 0; word < tight.Length; word++)
        {
            var fresh = tight[word] & ~seen[at + word];
            seen[at + word] |= fresh;
            next[at + word] |= fresh;
        }
        if (group.Served == 0 || net.Lowest(group) != group.Pays) return false;
        if (nobodyLevel == Unseen) nobodyLevel = level + 1;
        return nobodyRoom > 0;
    }

    private void VisitFromNobody(int level)
    {
        for (var g = 0; g < net.Groups.Length; g++)
            if (net.Groups[g] is { Level: Unseen } group && group.Served < group.Size && net.Next(group) == group.Pays) Visit(g, level);
        for (var cell = 0; cell < cellLevel.Length; cell++)
            if (net.Capacity[cell] > 0 && net.Price[cell] == 0 && cellLevel[cell] == Unseen)
            {
                cellLevel[cell] = level;
                for (var requirement = 0; requirement < net.Requirements; requirement++)
                    if (net.Flow[FlowOf(requirement, cell)] > 0) See(requirement, cell % net.Stride, level + 1);
            }
    }

    private int FlowOf(int requirement, int cell) => requirement * net.Types * net.Stride + cell;

    private bool VisitNeed(int requirement, int block, int level)
    {
        var (need, found) = (requirement * net.Stride + block, false);
        foreach (var type in net.TypesOf[requirement])
        {
            var cell = type * net.Stride + block;
            if (net.Capacity[cell] == 0 || net.Price[cell] != net.NeedPrice[need] || cellLevel[cell] != Unseen) continue;
            cellLevel[cell] = level;
            if (net.Fill[cell] < net.Capacity[cell])
                if (net.Price[cell] > 0 || nobodyRoom > 0) found = true;
                else if (nobodyLevel == Unseen) nobodyLevel = level + 1;
            for (var other = 0; other < net.Requirements; other++)
                if (net.Flow[(other * net.Types + type) * net.Stride + block] > 0) See(other, block, level + 1);
        }
        for (var entry = net.FirstEntryOfNeed[need]; entry >= 0; entry = net.Entries[entry].NextOfNeed)
            if (net.Entries[entry].Count > 0 && net.Groups[net.Entries[entry].Group].Level == Unseen) found |= Visit(net.Entries[entry].Group, level);
        return found;
    }

    private void See(int requirement, int block, int level)
    {
        var (word, bit) = (requirement * net.Words + (block >> 6), 1UL << (block & 63));
        if ((seen[word] & bit) != 0) return;
        seen[word] |= bit;
        levels[level][word] |= bit;
    }

    private bool IsAt(int requirement, int block, int level) => (levels[level][requirement * net.Words + (block >> 6)] >> (block & 63) & 1) != 0;

    private int FromGroup(int g, int level, int amount)
    {
        ref var group = ref net.Groups[g];
        var (requirement, pushed) = (net.ClassRequirement[group.Class], 0);
        if (nobodyLevel == level + 1) pushed = GiveUp(ref group, level, amount);
        var tight = net.Tight(g);
        var next = levels[level + 1];
        for (var word = group.Cursor >> 6; word < tight.Length && pushed < amount; word++)
        {
            var steps = tight[word] & next[requirement * net.Words + word];
            if (word == group.Cursor >> 6) steps &= ~0UL << (group.Cursor & 63);
            for (; steps != 0 && pushed < amount; steps &= steps - 1)
            {
                var block = word * 64 + BitOperations.TrailingZeroCount(steps);
                group.Cursor = block;
                var through = FromNeed(requirement, block, level + 1, amount - pushed);
                if (through == 0) continue;
                net.Place(g, requirement * net.Stride + block, through);
                pushed += through;
            }
        }
        if (pushed < amount) group.Cursor = tight.Length * 64;
        return pushed;
    }

    /// <summary>Units of the group that gain nothing at these prices make way.</summary>
    private int GiveUp(ref Network.Group group, int level, int amount)
    {
        var ready = 0;
        while (ready < amount && group.Served > 0 && net.Lowest(group) == group.Pays)
        {
            group.Served--;
            ready++;
        }
        var gone = ready == 0 ? 0 : ToNobody(level + 1, ready);
        group.Served += ready - gone;
        return gone;
    }

    private int ToNobody(int level, int amount)
    {
        if (nobodyRoom <= 0) return FromNobody(level, amount);
        var gone = (int)Math.Min(amount, nobodyRoom);
        nobodyRoom -= gone;
        return gone;
    }

    /// <summary>Units that were not served and gain as much at these prices as they pay.</summary>
    private int FromNobody(int level, int amount)
    {
        var pushed = 0;
        for (; nobodyCursor < net.Groups.Length && pushed < amount; nobodyCursor++)
        {
            ref var group = ref net.Groups[nobodyCursor];
            if (group.Level != level) continue;
            var ready = 0;
            while (ready < amount - pushed && group.Served < group.Size && net.Next(group) == group.Pays)
            {
                group.Served++;
                ready++;
            }
            if (ready == 0) continue;
            var through = FromGroup(nobodyCursor, level, ready);
            group.Served -= ready - through;
            pushed += through;
            if (pushed == amount) return pushed;
        }
        for (; nobodyCell < cellLevel.Length; nobodyCell++)
            if (cellLevel[nobodyCell] == level && net.Price[nobodyCell] == 0 && net.Capacity[nobodyCell] > 0 && (pushed += FromIdle(nobodyCell, level, amount - pushed)) == amount) break;
        return pushed;
    }

    /// <summary>A place that is worth nothing may stand empty: whoever has it goes where a place is worth something.</summary>
    private int FromIdle(int cell, int level, int amount)
    {
        var pushed = 0;
        for (var requirement = 0; requirement < net.Requirements && pushed < amount; requirement++)
        {
            ref var flow = ref net.Flow[FlowOf(requirement, cell)];
            if (flow == 0 || !IsAt(requirement, cell % net.Stride, level + 1)) continue;
            var through = FromNeed(requirement, cell % net.Stride, level + 1, Math.Min(flow, amount - pushed));
            flow -= through;
            net.Fill[cell] -= through;
            pushed += through;
        }
        return pushed;
    }

    private int FromNeed(int requirement, int block, int level, int amount)
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack()) return 0;
        var (need, pushed) = (requirement * net.Stride + block, 0);
        foreach (var type in net.TypesOf[requirement])
        {
            var cell = type * net.Stride + block;
            if (cellLevel[cell] != level || net.Price[cell] != net.NeedPrice[need]) continue;
            ref var flow = ref net.Flow[(requirement * net.Types + type) * net.Stride + block];
            if (net.Capacity[cell] - net.Fill[cell] is var room and > 0)
            {
                var taken = Math.Min(room, amount - pushed);
                if (net.Price[cell] == 0) taken = nobodyRoom > 0 || nobodyLevel == level + 1 ? ToNobody(level + 1, taken) : 0;
                net.Fill[cell] += taken;
                flow += taken;
                pushed += taken;
                if (pushed == amount) return pushed;
            }
            for (var other = 0; other < net.Requirements; other++)
            {
                ref var back = ref net.Flow[(other * net.Types + type) * net.Stride + block];
                if (other == requirement || back == 0 || !IsAt(other, block, level + 1)) continue;
                var through = FromNeed(other, block, level + 1, Math.Min(back, amount - pushed));
                back -= through;
                flow += through;
                pushed += through;
                if (pushed == amount) return pushed;
            }
        }
        if (cursor[need] == int.MinValue) cursor[need] = net.FirstEntryOfNeed[need];
        for (; cursor[need] >= 0; cursor[need] = net.Entries[cursor[need]].NextOfNeed)
        {
            var (entry, g) = (cursor[need], net.Entries[cursor[need]].Group);
            if (net.Entries[entry].Count == 0 || net.Groups[g].Level != level) continue;
            var asked = Math.Min(net.Entries[entry].Count, amount - pushed);
            net.Entries[entry].Count -= asked;
            net.Groups[g].Placed -= asked;
            var through = FromGroup(g, level, asked);
            net.Entries[entry].Count += asked - through;
            net.Groups[g].Placed += asked - through;
            pushed += through;
            if (pushed == amount) return pushed;
        }
        return pushed;
    }
}
