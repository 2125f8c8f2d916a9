using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Huifang.Planning;

/// <summary>
/// Problems, plans and prices as plain text, the format of the independent checker: <c>followup-plan 1</c>, a header, then <c>can</c>, <c>cap</c>, <c>win</c> and <c>task</c>.
/// </summary>
public static class PlanFile
{
    /// <summary>The problem, or what is wrong with the text.</summary>
    public static (PlanProblem? Problem, PlanRefusal? Refusal) ReadProblem(ReadOnlySpan<byte> text)
    {
        var scan = new Scanner(text);
        scan.Word("followup-plan");
        scan.Number(1, 1);
        var (days, blocksPerDay) = (scan.Field("days", 1, 100), scan.Field("blocksPerDay", 1, 48));
        var (languages, skills, types) = (scan.Field("languages", 1, 100), scan.Field("skills", 1, 100), scan.Field("agentTypes", 0, 100));
        var (windows, tasks) = (scan.Field("windows", 0, 100_000_000), scan.Field("tasks", 0, 100_000_000));
        var (valueScale, delayCost) = (scan.Field("valueScale", 1, 1_000_000), scan.Field("delayCost", 0, 1_000_000));
        // A header that promises more than the text can hold asks for memory that nobody needs.
        if (scan.Refusal is null && (long)windows + 4L * tasks > text.Length) scan.Refuse("tasks", $"The text is too short for {windows} windows and {tasks} tasks.");
        if (scan.Refusal is not null) return (null, scan.Refusal);
        var (blocks, can, capacity) = (days * blocksPerDay, new bool[types * languages * skills], new int[types * days * blocksPerDay]);
        scan.Word("can");
        for (var i = 0; i < can.Length; i++) can[i] = scan.Number(0, 1) == 1;
        scan.Word("cap");
        for (var i = 0; i < capacity.Length; i++) capacity[i] = scan.Number(0, 100_000_000);
        scan.Word("win");
        var (begin, first, end) = (new int[windows + 1], new List<int>(windows * 4), new List<int>(windows * 4));
        for (var window = 0; window < windows && scan.Refusal is null; window++)
        {
            var next = 0;
            for (var runs = scan.Number(0, blocks); runs > 0 && scan.Refusal is null; runs--)
            {
                first.Add(scan.Number(next, blocks - 1));
                end.Add(next = first[^1] + scan.Number(1, Math.Max(1, blocks - first[^1])));
            }
            begin[window + 1] = first.Count;
        }
        scan.Word("task");
        var (requirement, value, urgency, windowOf) = (new int[tasks], new int[tasks], new int[tasks], new int[tasks]);
        for (var task = 0; task < tasks && scan.Refusal is null; task++)
            (requirement[task], value[task], urgency[task], windowOf[task]) = (scan.Number(0, languages * skills - 1), scan.Number(1, 1000), scan.Number(0, 100), scan.Number(0, windows - 1));
        scan.End();
        if (scan.Refusal is not null) return (null, scan.Refusal);
        var problem = new PlanProblem
        {
            Days = days, BlocksPerDay = blocksPerDay, Requirements = languages * skills, AgentTypes = types, ValueScale = valueScale, DelayCost = delayCost, CanServe = can, Capacity = capacity,
            WindowBegin = begin, RunFirst = [.. first], RunEnd = [.. end], TaskRequirement = requirement, TaskValue = value, TaskUrgency = urgency, TaskWindow = windowOf,
        };
        return problem.Refusal() is { } wrong ? (null, wrong) : (problem, null);
    }

    /// <summary>One line per task: <c>-1</c>, or block and agent type.</summary>
    public static void WriteSolution(PlanProblem problem, Plan plan, Stream to)
    {
        using var lines = new StreamWriter(to, Encoding.ASCII, 1 << 16, leaveOpen: true) { NewLine = "\n" };
        foreach (var cell in plan.CellOf)
            if (cell < 0) lines.WriteLine("-1");
            else lines.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{cell % problem.Blocks} {cell / problem.Blocks}"));
    }

    /// <summary><c>scale 1</c>, then one line of prices per agent type.</summary>
    public static void WritePrices(PlanProblem problem, Plan plan, Stream to)
    {
        using var lines = new StreamWriter(to, Encoding.ASCII, 1 << 16, leaveOpen: true) { NewLine = "\n" };
        lines.WriteLine("scale 1");
        for (var type = 0; type < problem.AgentTypes; type++)
            lines.WriteLine(string.Join(' ', plan.Prices.Skip(type * problem.Blocks).Take(problem.Blocks).Select(price => price.ToString(CultureInfo.InvariantCulture))));
    }

    /// <summary>Words and whole numbers between white space. After the first fault it reads nothing more.</summary>
    private ref struct Scanner(ReadOnlySpan<byte> text)
    {
        private readonly ReadOnlySpan<byte> text = text;
        private int at;
        private int line = 1;
        private string section = "followup-plan";

        public PlanRefusal? Refusal { get; private set; }

        public void Refuse(string field, string reason) => Refusal ??= new(field, reason);

        public int Field(string name, int low, int high)
        {
            Word(name);
            return Number(low, high);
        }

        public void Word(string expected)
        {
            if (Refusal is not null) return;
            section = expected;
            var word = Next();
            if (!Ascii.Equals(word, expected)) Refuse(expected, $"Line {line}: expected '{expected}'.");
        }

        public int Number(int low, int high)
        {
            if (Refusal is not null) return low;
            var word = Next();
            if (word.Length == 0) Refuse(section, "The text ends too early.");
            else if (!Utf8Parser.TryParse(word, out long number, out var read) || read != word.Length) Refuse(section, $"Line {line}: not a whole number.");
            else if (number < low || number > high) Refuse(section, $"Line {line}: {number} is not between {low} and {high}.");
            else return (int)number;
            return low;
        }

        public void End()
        {
            if (Refusal is null && Next().Length > 0) Refuse("task", $"Line {line}: text after the last task.");
        }

        private ReadOnlySpan<byte> Next()
        {
            while (at < text.Length && text[at] <= ' ') if (text[at++] == '\n') line++;
            var from = at;
            while (at < text.Length && text[at] > ' ') at++;
            return text[from..at];
        }
    }
}
