using System.Numerics;

namespace Huifang.Planning;

/// <summary>
/// Tasks that differ in nothing but their value, as one group: only its best <c>Served</c> units are ever served, and each of them may stand wherever another does.
/// A <em>class</em> is a requirement with one row of costs over the blocks; a group is a class with a window.
/// </summary>
internal sealed class Demand
{
    /// <summary>Divides every gain: prices are whole multiples of it, so it is taken out.</summary>
    public int Unit { get; private init; } = 1;
    public required int[] ClassRequirement { get; init; }

    /// <summary>Per class and block: what is lost against the best block, in units.</summary>
    public required int[][] ClassCost { get; init; }
    public required int[] GroupClass { get; init; }
    public required int[] GroupWindow { get; init; }

    /// <summary>The units of group g are <c>[GroupBegin[g], GroupBegin[g + 1])</c>, the most valuable first.</summary>
    public required int[] GroupBegin { get; init; }

    /// <summary>Per unit: its gain in its class's best block, in <see cref="Unit"/>.</summary>
    public required int[] Worth { get; init; }

    /// <summary>Per unit: the task. Empty in a sample.</summary>
    public required int[] Task { get; init; }
    public int Groups => GroupClass.Length;

    /// <summary>What is alike in the tasks of each class. Empty in a sample.</summary>
    public required IReadOnlyList<TaskClass> Classes { get; init; }

    /// <summary>Counting sorts all the way: a million tasks take some 40 ms.</summary>
    /// <param name="finest">Divides the gains of tasks that are still to come, so that the unit must divide it too; 0: there will be none.</param>
    public static Demand Of(PlanProblem p, int finest = 0)
    {
        var (classOf, classes) = Classify(p);
        var unit = (long)finest;
        var (requirement, cost, top) = (new int[classes.Count], new int[classes.Count][], new long[classes.Count]);
        for (var k = 0; k < classes.Count; k++)
            for (var block = 0; block < p.Blocks; block++)
            {
                var gain = p.Gain(classes[k].Value, classes[k].Urgency, classes[k].Profile, block);
                top[k] = block == 0 ? gain : Math.Max(top[k], gain);
                unit = (long)BigInteger.GreatestCommonDivisor(unit, gain);
            }
        if (classes.Exists(one => one.Profile == 0)) unit = (long)BigInteger.GreatestCommonDivisor(unit, p.ValueScale);
        unit = Math.Max(1, unit);
        var scale = (int)(p.ValueScale / unit);
        for (var k = 0; k < classes.Count; k++)
        {
            requirement[k] = classes[k].Requirement;
            cost[k] = new int[p.Blocks];
            for (var block = 0; block < p.Blocks; block++)
                cost[k][block] = (int)Math.Min(PlanProblem.GainMax, (top[k] - p.Gain(classes[k].Value, classes[k].Urgency, classes[k].Profile, block)) / unit);
        }

        // Groups in the order of class and window: what is walked together lies together.
        var keys = (long)classes.Count * p.Windows;
        var direct = keys <= 64_000_000 ? new int[keys] : null;
        var sparse = direct is null ? new SortedDictionary<long, int>() : null;
        long Key(int task) => (long)classOf[task] * p.Windows + p.TaskWindow[task];
        for (var task = 0; task < p.Tasks; task++)
            if (direct is not null) direct[Key(task)]++;
            else sparse![Key(task)] = sparse.GetValueOrDefault(Key(task)) + 1;
        var (groupClass, groupWindow, begin) = (new List<int>(), new List<int>(), new List<int> { 0 });
        int Found(long key, int size)
        {
            groupClass.Add((int)(key / p.Windows));
            groupWindow.Add((int)(key % p.Windows));
            begin.Add(begin[^1] + size);
            return groupClass.Count - 1;
        }
        if (direct is null) foreach (var (key, size) in sparse!.ToArray()) sparse![key] = Found(key, size);
        else for (var key = 0; key < direct.Length; key++) if (direct[key] > 0) direct[key] = Found(key, direct[key]);
        var next = begin.ToArray();
        var (worth, taskOf) = (new int[p.Tasks], new int[p.Tasks]);
        foreach (var task in ByFallingValue(p.TaskValue))
        {
            var at = next[direct is null ? sparse![Key(task)] : direct[Key(task)]]++;
            taskOf[at] = task;
            var one = classes[classOf[task]];
            worth[at] = one.Profile == 0 ? p.TaskValue[task] * scale : (int)(top[classOf[task]] / unit);
        }
        return new() { Unit = (int)unit, ClassRequirement = requirement, ClassCost = cost, GroupClass = [.. groupClass], GroupWindow = [.. groupWindow], GroupBegin = [.. begin], Worth = worth, Task = taskOf, Classes = classes };
    }

    /// <summary>Every n-th unit, spread evenly over classes, windows and values.</summary>
    public Demand Sample(int every)
    {
        var (classes, windows, begin, worth) = (new List<int>(), new List<int>(), new List<int> { 0 }, new List<int>(Worth.Length / every + 1));
        for (var (group, at) = (0, every / 2); group < Groups; group++)
        {
            var (size, before) = (GroupBegin[group + 1] - GroupBegin[group], worth.Count);
            for (var unit = (every - at % every) % every; unit < size; unit += every) worth.Add(Worth[GroupBegin[group] + unit]);
            at = (at + size) % every;
            if (worth.Count == before) continue;
            classes.Add(GroupClass[group]);
            windows.Add(GroupWindow[group]);
            begin.Add(worth.Count);
        }
        return new() { Unit = Unit, ClassRequirement = ClassRequirement, ClassCost = ClassCost, GroupClass = [.. classes], GroupWindow = [.. windows], GroupBegin = [.. begin], Worth = [.. worth], Task = [], Classes = [] };
    }

    /// <param name="Profile">0 when the answer is certain.</param>
    /// <param name="Value">0 when the answer is certain: then the value belongs to the unit.</param>
    internal readonly record struct TaskClass(int Requirement, int Urgency, int Profile, int Value);

    /// <summary>Without an answer profile the value is the same in every block and belongs to the unit; with one it changes the shape of the row and belongs to the class.</summary>
    private static (int[] ClassOf, List<TaskClass> Classes) Classify(PlanProblem p)
    {
        var (known, classes, classOf) = (new Dictionary<TaskClass, int>(), new List<TaskClass>(), new int[p.Tasks]);
        var urgencies = p.Tasks == 0 ? 1 : p.TaskUrgency.Max() + 1;
        var plain = (long)urgencies * p.Requirements <= 1_000_000 ? new int[urgencies * p.Requirements] : null;
        for (var task = 0; task < p.Tasks; task++)
        {
            var profile = p.TaskProfile?[task] ?? 0;
            if (profile == 0 && plain is not null)
            {
                ref var seen = ref plain[p.TaskRequirement[task] * urgencies + p.TaskUrgency[task]];
                if (seen == 0)
                {
                    classes.Add(new(p.TaskRequirement[task], p.TaskUrgency[task], 0, 0));
                    seen = classes.Count;
                }
                classOf[task] = seen - 1;
                continue;
            }
            var key = new TaskClass(p.TaskRequirement[task], p.TaskUrgency[task], profile, profile == 0 ? 0 : p.TaskValue[task]);
            if (!known.TryGetValue(key, out var id))
            {
                known[key] = id = classes.Count;
                classes.Add(key);
            }
            classOf[task] = id;
        }
        return (classOf, classes);
    }

    private static int[] ByFallingValue(int[] values)
    {
        var (most, order) = (values.Length == 0 ? 0 : values.Max(), new int[values.Length]);
        if (most > 1_000_000)
        {
            for (var i = 0; i < order.Length; i++) order[i] = i;
            Array.Sort([.. values.Select(value => -(long)value)], order);
            return order;
        }
        var at = new int[most + 2];
        foreach (var value in values) at[most - value + 1]++;
        for (var i = 0; i <= most; i++) at[i + 1] += at[i];
        for (var i = 0; i < values.Length; i++) order[at[most - values[i]]++] = i;
        return order;
    }
}
