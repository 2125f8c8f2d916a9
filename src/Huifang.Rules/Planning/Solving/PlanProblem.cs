namespace Huifang.Planning;

/// <summary>
/// What there is to plan: calls that are owed, the half hours in which each customer may be called, and how many calls each kind of agent can take in each
/// half hour. Flat arrays, because a million calls are planned in a second.
/// </summary>
/// <remarks>A served task gains <c>ValueScale * value * answer - DelayCost * urgency * day</c>; an unserved one gains nothing. A promise that is kept is no task:
/// its place is taken out of the capacity before.</remarks>
public sealed record PlanProblem
{
    /// <summary>The longest plan: more blocks than a year of half hours are a typing mistake.</summary>
    public const int BlocksMax = 20_000;

    /// <summary>The greatest gain of one task, in the smallest unit that divides every value and every delay.</summary>
    public const long GainMax = 1 << 27;

    public required int Days { get; init; }
    public required int BlocksPerDay { get; init; }

    /// <summary>Kinds of need: a language with a skill.</summary>
    public required int Requirements { get; init; }
    public required int AgentTypes { get; init; }

    /// <summary>What a point of value gains. At least 1.</summary>
    public int ValueScale { get; init; } = 100;

    /// <summary>What a day of delay costs per point of urgency. At least 0.</summary>
    public int DelayCost { get; init; } = 8;

    /// <summary>Whether a type can serve a requirement: <c>[type * Requirements + requirement]</c>.</summary>
    public required bool[] CanServe { get; init; }

    /// <summary>Calls that a type can take in a block: <c>[type * Blocks + block]</c>.</summary>
    public required int[] Capacity { get; init; }

    /// <summary>Window sets as runs of blocks: the runs of window w are <c>[WindowBegin[w], WindowBegin[w + 1])</c> of <see cref="RunFirst"/> and <see cref="RunEnd"/>.</summary>
    public required int[] WindowBegin { get; init; }
    public required int[] RunFirst { get; init; }

    /// <summary>The block after the last of the run.</summary>
    public required int[] RunEnd { get; init; }

    public required int[] TaskRequirement { get; init; }
    public required int[] TaskValue { get; init; }
    public required int[] TaskUrgency { get; init; }
    public required int[] TaskWindow { get; init; }

    /// <summary>How likely the customer answers, per task: 0 counts as certain, p is row p - 1 of <see cref="Answer"/>. Null: every task is certain.</summary>
    public byte[]? TaskProfile { get; init; }

    /// <summary>Probability that a call is answered, in thousandths: <c>[profile * Blocks + block]</c>.</summary>
    public ushort[]? Answer { get; init; }

    public int Blocks => Days * BlocksPerDay;
    public int Tasks => TaskRequirement.Length;
    public int Windows => WindowBegin.Length - 1;

    /// <summary>What serving a task in a block adds to the plan.</summary>
    public long Gain(int task, int block) => Gain(TaskValue[task], TaskUrgency[task], TaskProfile?[task] ?? 0, block);

    internal long Gain(int value, int urgency, int profile, int block) => Gain(value, urgency, profile == 0 ? default : Answer.AsSpan((profile - 1) * Blocks, Blocks), block);

    /// <param name="answer">The row of chances; empty: certain.</param>
    internal long Gain(int value, int urgency, ReadOnlySpan<ushort> answer, int block)
    {
        var worth = (long)ValueScale * value;
        if (!answer.IsEmpty) worth = (worth * answer[block] + 500) / 1000;
        return worth - (long)DelayCost * urgency * (block / BlocksPerDay);
    }

    /// <summary>Why this cannot be planned, or null. A plan without agents, without tasks or with windows that nobody can serve is not wrong, only empty.</summary>
    public PlanRefusal? Refusal()
    {
        if (Days < 1 || BlocksPerDay < 1 || (long)Days * BlocksPerDay > BlocksMax) return new("days", $"A plan has 1 to {BlocksMax} blocks.");
        if (Requirements < 1 || AgentTypes < 0 || CanServe.Length != AgentTypes * Requirements) return new("can", "For each type of agent there is one answer for each requirement.");
        if (Capacity.Length != AgentTypes * Blocks) return new("cap", "For each type of agent there is one capacity for each block.");
        if (Array.Exists(Capacity, calls => calls < 0)) return new("cap", "A capacity is 0 or more calls.");
        if (ValueScale < 1 || DelayCost < 0) return new("valueScale", "A value gains at least 1, a delay costs at least 0.");
        if (WindowsAreWrong()) return new("win", "The runs of a window lie inside the plan, ascending, and do not overlap.");
        if (Tasks > 0 && TaskValue.Length == Tasks && (long)ValueScale * TaskValue.Max() / (Answer is null ? (int)System.Numerics.BigInteger.GreatestCommonDivisor(ValueScale, DelayCost) : 1) > GainMax)
            return new("valueScale", $"No task may gain more than {GainMax} of the smallest unit.");
        if (TaskValue.Length != Tasks || TaskUrgency.Length != Tasks || TaskWindow.Length != Tasks || (TaskProfile is { } profiles && profiles.Length != Tasks)) return new("task", "Each task has a requirement, a value, an urgency and a window.");
        var rows = Answer is null ? 0 : Answer.Length / Blocks;
        for (var task = 0; task < Tasks; task++)
        {
            if ((uint)TaskRequirement[task] >= (uint)Requirements || (uint)TaskWindow[task] >= (uint)Windows) return new("task", $"Task {task} names a requirement or a window that is not there.");
            if (TaskValue[task] < 0 || TaskUrgency[task] < 0 || (TaskProfile?[task] ?? 0) > rows) return new("task", $"Task {task} has a value or an urgency below 0, or an unknown answer profile.");
        }
        return null;
    }

    private bool WindowsAreWrong()
    {
        if (WindowBegin.Length == 0 || WindowBegin[0] != 0 || WindowBegin[^1] != RunFirst.Length || RunEnd.Length != RunFirst.Length) return true;
        for (var window = 0; window < Windows; window++)
        {
            if (WindowBegin[window] > WindowBegin[window + 1]) return true;
            var next = 0;
            for (var run = WindowBegin[window]; run < WindowBegin[window + 1]; next = RunEnd[run++])
                if (RunFirst[run] < next || RunEnd[run] <= RunFirst[run] || RunEnd[run] > Blocks) return true;
        }
        return false;
    }
}

/// <summary>Why a problem cannot be planned.</summary>
/// <param name="Field">The part of the problem that is wrong.</param>
public sealed record PlanRefusal(string Field, string Reason);

/// <summary>A plan with the proof of how good it is.</summary>
/// <param name="CellOf">Per task: <c>type * Blocks + block</c>, or -1 when it is not served.</param>
/// <param name="Prices">Per cell: what one more call there would add to the plan. Never negative.</param>
/// <param name="Objective">The sum of the gains of the served tasks.</param>
/// <param name="Bound">What no plan can exceed, recomputed from the prices alone: capacity times price, and what each task gains over the price of its best cell.</param>
public sealed record Plan(int[] CellOf, long[] Prices, long Objective, long Bound)
{
    public int Served => CellOf.Count(cell => cell >= 0);

    /// <summary>How far the plan can be from the best one at most, in units of the objective.</summary>
    public long Gap => Bound - Objective;
    public bool IsOptimal => Gap == 0;
}

/// <summary>How far a planner is.</summary>
/// <param name="Part">0 to 1.</param>
/// <param name="Unplaced">Tasks that have no place yet.</param>
public readonly record struct PlanProgress(double Part, long Unplaced);
