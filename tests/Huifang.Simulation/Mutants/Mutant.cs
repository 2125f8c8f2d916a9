namespace Huifang.Simulation.Mutants;

/// <summary>What a mutant changes.</summary>
internal enum MutantKind
{
    /// <summary>An expression or a statement of the source.</summary>
    Code,
    /// <summary>The text of a statement on its way to the database.</summary>
    Sql,
    /// <summary>A rule pack that ships as data.</summary>
    Pack,
}

/// <summary>One way to break the house.</summary>
/// <param name="File">The source or data file; empty for SQL.</param>
/// <param name="Seed">A seed that catches it; tried first. Zero: not known.</param>
/// <param name="Rules">The tests of the rules that catch what no simulated month can show; null: the simulator judges.</param>
internal sealed record Mutant(int Number, string Name, string Breaks, MutantKind Kind, string File, string Find, string With, long Seed, string? Rules)
{
    /// <summary>All that there are, in the order of <c>mutants.txt</c>; its head says how they are written.</summary>
    public static List<Mutant> All()
    {
        using var stream = typeof(Mutant).Assembly.GetManifestResourceStream("mutants.txt")!;
        using var reader = new StreamReader(stream);
        var (mutants, lines) = (new List<Mutant>(), new List<string>());
        while (reader.ReadLine() is { } line)
            if (line.StartsWith('#')) continue;
            else if (line.Trim().Length > 0) lines.Add(line);
            else Close();
        Close();
        return mutants;

        void Close()
        {
            if (lines.Count == 0) return;
            var (name, breaks) = lines[0].Split(']', 2) is [var first, var second] ? (first.TrimStart('['), second.Trim()) : throw new InvalidDataException($"mutants.txt: {lines[0]}");
            string? After(string mark) => lines.FirstOrDefault(line => line.StartsWith(mark, StringComparison.Ordinal))?[mark.Length..];
            var kind = lines[1].StartsWith("code ", StringComparison.Ordinal) ? MutantKind.Code : lines[1].StartsWith("pack ", StringComparison.Ordinal) ? MutantKind.Pack : MutantKind.Sql;
            mutants.Add(new(mutants.Count + 1, name, breaks, kind, kind == MutantKind.Sql ? "" : lines[1][5..].Trim(), After("- ") ?? throw new InvalidDataException($"mutants.txt: {name} finds nothing"), After("+ ") ?? "",
                long.Parse(After("seed ") ?? "0", System.Globalization.CultureInfo.InvariantCulture), After("rules ")));
            lines.Clear();
        }
    }
}
