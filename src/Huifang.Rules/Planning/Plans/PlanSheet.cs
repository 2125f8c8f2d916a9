namespace Huifang.Planning;

/// <summary>
/// Follow-ups and agents laid out as the problem that the solver is asked, and back. Calls that want the same window, and customers who answer alike, share
/// a row; agents who can the same are one type.
/// </summary>
public sealed class PlanSheet
{
    // The solver's profiles are bytes, and profile 0 is "always answers".
    private const int ProfilesMax = 255;

    private readonly Dictionary<string, int> types = new(StringComparer.Ordinal);
    private readonly Dictionary<(string, string), int> requirements = [];

    private PlanSheet(PlanSpan span, IReadOnlyList<PlanCall> calls, IReadOnlyList<PlanPerson> people)
    {
        (Span, Calls, People) = (span, calls, people);
        foreach (var person in people) types.TryAdd(person.Type, types.Count);
        foreach (var call in calls) requirements.TryAdd((call.Language, call.Skill), requirements.Count);
        Types = [.. types.Keys];
        Problem = Lay();
    }

    public PlanSpan Span { get; }
    public IReadOnlyList<PlanCall> Calls { get; }
    public IReadOnlyList<PlanPerson> People { get; }

    /// <summary>By the solver's number of the type.</summary>
    public IReadOnlyList<string> Types { get; }

    public PlanProblem Problem { get; }

    /// <summary>Lays out the problem; in the order of <paramref name="calls"/> the solver's tasks are numbered.</summary>
    public static PlanSheet Of(PlanSpan span, IReadOnlyList<PlanCall> calls, IReadOnlyList<PlanPerson> people) => new(span, calls, people);

    public int TypeOf(PlanPerson person) => types[person.Type];

    /// <summary>The solver's gain of a call in a block.</summary>
    public long Gain(int task, int block) => Problem.Gain(Problem.TaskValue[task], Problem.TaskUrgency[task], Problem.TaskProfile![task], block);

    /// <summary>The chance that the solver reckons with, per mille.</summary>
    public int Answer(int task, int block) => Problem.Answer![(Problem.TaskProfile![task] - 1) * Span.Blocks + block];

    private PlanProblem Lay()
    {
        var (typeCount, wants) = (Math.Max(1, Types.Count), Math.Max(1, requirements.Count));
        var can = new bool[typeCount * wants];
        var capacity = new int[typeCount * Span.Blocks];
        foreach (var person in People)
        {
            var type = TypeOf(person);
            foreach (var ((language, skill), requirement) in requirements) can[type * wants + requirement] = person.Can(language, skill);
            for (var block = 0; block < Span.Blocks; block++) capacity[type * Span.Blocks + block] += person.FreeIn(block);
        }
        var (begins, first, end, windowOf) = Windows();
        var (profiles, answers) = Profiles();
        return new()
        {
            Days = Span.Days, BlocksPerDay = PlanSpan.BlocksPerDay, Requirements = wants, AgentTypes = typeCount, CanServe = can, Capacity = capacity,
            WindowBegin = begins, RunFirst = first, RunEnd = end,
            TaskRequirement = [.. Calls.Select(call => requirements[(call.Language, call.Skill)])], TaskValue = [.. Calls.Select(call => call.Value)], TaskUrgency = [.. Calls.Select(call => call.Urgency)],
            TaskWindow = windowOf, TaskProfile = profiles, Answer = answers,
        };
    }

    private (int[] Begins, int[] First, int[] End, int[] Of) Windows()
    {
        var (known, begins, first, end, of) = (new Dictionary<Runs, int>(), new List<int> { 0 }, new List<int>(), new List<int>(), new int[Calls.Count]);
        for (var task = 0; task < of.Length; task++)
        {
            var runs = new Runs(Calls[task].Window);
            if (!known.TryGetValue(runs, out of[task]))
            {
                of[task] = known[runs] = known.Count;
                for (var run = 0; run < runs.Blocks.Length; run += 2) { first.Add(runs.Blocks[run]); end.Add(runs.Blocks[run + 1]); }
                begins.Add(first.Count);
            }
        }
        return ([.. begins], [.. first], [.. end], of);
    }

    /// <summary>Customers who answer alike share a profile. When there are too many kinds, chances are rounded more coarsely until they fit; what that costs is at most the rounding.</summary>
    private (byte[] Of, ushort[] Answers) Profiles()
    {
        foreach (var step in new[] { 0.02, 0.05, 0.1, 0.2, 0.5, 1 })
        {
            var (known, of, rows) = (new Dictionary<string, byte>(StringComparer.Ordinal), new byte[Calls.Count], new List<ushort[]>());
            var fits = true;
            for (var task = 0; fits && task < of.Length; task++)
            {
                var call = Calls[task];
                var rounded = call.Chances.Select(chance => step == 1 ? 0.6 : Math.Clamp(Math.Round(chance / step) * step, AnswerModel.Least, AnswerModel.Most)).ToArray();
                var key = step == 1 ? "" : $"{call.Zone.Id} {string.Join(' ', rounded.Select(chance => (int)Math.Round(chance * 100)))}";
                if (known.TryGetValue(key, out of[task])) continue;
                if (rows.Count == ProfilesMax) { fits = false; break; }
                rows.Add([.. Enumerable.Range(0, Span.Blocks).Select(block => (ushort)Math.Round(1000 * rounded[AnswerTime.At(Span.At(block), call.Zone).Index]))]);
                of[task] = known[key] = (byte)rows.Count;
            }
            if (fits) return (of, [.. rows.SelectMany(row => row)]);
        }
        throw new System.Diagnostics.UnreachableException("one profile for everybody always fits");
    }

    /// <summary>A window that equals another with the same runs.</summary>
    private readonly record struct Runs(int[] Blocks)
    {
        public bool Equals(Runs other) => Blocks.AsSpan().SequenceEqual(other.Blocks);

        public override int GetHashCode()
        {
            var hash = new HashCode();
            foreach (var block in Blocks) hash.Add(block);
            return hash.ToHashCode();
        }
    }
}
