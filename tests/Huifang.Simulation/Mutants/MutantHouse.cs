using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace Huifang.Simulation.Mutants;

/// <summary>
/// A copy of the source in which every mutant of code stands beside the original, and one field says which is on. Built once for all of them, outside the tree: nothing of it
/// is ever in what ships.
/// </summary>
internal static class MutantHouse
{
    private static readonly string[] Parts = ["src/Huifang.Rules", "src/Huifang", "src/Huifang.Adapters", "tests/Huifang.Simulation", "tests/Huifang.Rules.Tests", "tests/shared"];

    private const string Switch = """
        namespace Huifang;
        public static class Mutant { public static int On = int.Parse(System.Environment.GetEnvironmentVariable("HUIFANG_MUTANT") ?? "0", System.Globalization.CultureInfo.InvariantCulture); }
        """;

    /// <summary>Which mutant of code is on in this process; null in the house that ships, which has none.</summary>
    public static System.Reflection.FieldInfo? On { get; } = typeof(FollowUps.FollowUp).Assembly.GetType("Huifang.Mutant")?.GetField("On");

    /// <returns>The folder of the copy, built.</returns>
    public static string Build(string root, IReadOnlyList<Mutant> mutants)
    {
        var files = Parts.SelectMany(part => Directory.EnumerateFiles(Path.Combine(root, part), "*", SearchOption.AllDirectories)).Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal))
            .Concat(Directory.EnumerateFiles(root).Where(file => Path.GetFileName(file) is "Directory.Build.props" or "Directory.Packages.props" or "global.json" or ".editorconfig" || Path.GetFileName(file).Equals("nuget.config", StringComparison.OrdinalIgnoreCase)))
            // Some tests of the rules read what the manual says.
            .Concat(Directory.EnumerateFiles(Path.Combine(root, "docs"), "*.md")).Append(Path.Combine(root, "Huifang.slnx")).Order(StringComparer.Ordinal).ToList();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in files) { hash.AppendData(Encoding.UTF8.GetBytes(file)); hash.AppendData(File.ReadAllBytes(file)); }
        var home = Path.Combine(Path.GetTempPath(), $"huifang-mutants-{Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 6))}");
        if (File.Exists(Path.Combine(home, "built"))) return home;
        if (Directory.Exists(home)) Directory.Delete(home, recursive: true);

        var edits = mutants.Where(mutant => mutant.Kind == MutantKind.Code).ToLookup(mutant => mutant.File);
        foreach (var file in files)
        {
            var name = Path.GetRelativePath(root, file);
            var copy = Path.Combine(home, name);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            if (edits[name].Any()) File.WriteAllText(copy, Mutated(File.ReadAllText(file), edits[name]));
            else File.Copy(file, copy);
        }
        File.WriteAllText(Path.Combine(home, "src/Huifang.Rules/Mutant.cs"), Switch);
        foreach (var project in new[] { "tests/Huifang.Simulation", "tests/Huifang.Rules.Tests" })
            if (Shell("dotnet", home, null, "build", project, "-c", "Release", "-v", "q", "-clp:ErrorsOnly", "--nologo", "-p:TreatWarningsAsErrors=false") is not (0, _) and var (_, said)) throw new InvalidOperationException($"The copy with the mutants does not build: {said}");
        File.WriteAllText(Path.Combine(home, "built"), "");
        return home;
    }

    /// <summary>Each place where mutants stand becomes a choice between them and what was there.</summary>
    public static string Mutated(string source, IEnumerable<Mutant> mutants)
    {
        var places = mutants.GroupBy(mutant => Place(source, mutant)).OrderBy(group => group.Key.At).ToList();
        for (var i = 1; i < places.Count; i++)
            if (places[i].Key.At < places[i - 1].Key.At + places[i - 1].Key.Length) throw new InvalidDataException($"Mutants {places[i - 1].First().Name} and {places[i].First().Name} overlap without being at the same place.");
        var text = new StringBuilder();
        var from = 0;
        foreach (var place in places)
        {
            var was = source.Substring(place.Key.At, place.Key.Length);
            var statement = was.EndsWith(';');
            var choice = place.Aggregate(was, (rest, mutant) => statement ? $"if (global::Huifang.Mutant.On == {mutant.Number}) {{ {mutant.With} }} else {{ {rest} }}" : $"(global::Huifang.Mutant.On == {mutant.Number} ? ({mutant.With}) : ({rest}))");
            text.Append(source, from, place.Key.At - from).Append(choice);
            from = place.Key.At + place.Key.Length;
        }
        return text.Append(source, from, source.Length - from).ToString();
    }

    private static (int At, int Length) Place(string source, Mutant mutant)
    {
        var at = source.IndexOf(mutant.Find, StringComparison.Ordinal);
        if (at < 0) throw new InvalidDataException($"Mutant {mutant.Name}: {mutant.File} does not hold: {mutant.Find}");
        if (source.IndexOf(mutant.Find, at + 1, StringComparison.Ordinal) >= 0) throw new InvalidDataException($"Mutant {mutant.Name}: {mutant.File} holds more than once: {mutant.Find}");
        return (at, mutant.Find.Length);
    }

    public static (int Code, string Said) Shell(string program, string folder, int? mutant, params string[] args)
    {
        var start = new ProcessStartInfo(program, args) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        if (mutant is not null) start.Environment["HUIFANG_MUTANT"] = $"{mutant}";
        using var process = Process.Start(start)!;
        // Read beside, so that a full pipe stops nobody; what it said there it says again in its report.
        process.BeginErrorReadLine();
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, said);
    }
}
