using System.Diagnostics;
using Huifang.Complaints;
using Huifang.Contacts;
using Huifang.Data;
using Huifang.Simulation.Machine;
using Huifang.Simulation.Proofs;
using Huifang.Simulation.Worlds;

namespace Huifang.Simulation.Mutants;

/// <summary>
/// <c>bin/prove mutants</c>: breaks one rule at a time and looks whether the simulator and the independent checker notice, or, where no simulated month can show it, the tests of
/// the rules. A mutant that lives is a hole in the proof.
/// </summary>
internal static class MutantCommand
{
    private const int SeedsMax = 300;
    private const string Tests = "tests/Huifang.Rules.Tests/bin/Release/net10.0/Huifang.Rules.Tests.dll";
    /// <summary>A mutant may make a loop without an end; on a busy machine three hundred seeds take long, too.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

    public static int Run(string[] args)
    {
        var only = args.SkipWhile(arg => arg != "--only").Skip(1).FirstOrDefault();
        var jobs = int.Parse(args.SkipWhile(arg => arg != "--jobs").Skip(1).FirstOrDefault() ?? "1", System.Globalization.CultureInfo.InvariantCulture);
        var mutants = Mutant.All().Where(mutant => only is null || mutant.Name.Contains(only, StringComparison.Ordinal)).ToList();
        if (mutants.Select(mutant => mutant.Name).Distinct().Count() != mutants.Count) throw new InvalidDataException("mutants.txt: two have one name.");
        if (args.SkipWhile(arg => arg != "--part").Skip(1).FirstOrDefault()?.Split('/') is [var part, var of]) return Judge([.. mutants.Where(mutant => mutant.Number % int.Parse(of) == int.Parse(part))]);

        var began = Stopwatch.StartNew();
        var home = MutantHouse.Build(Environment.CurrentDirectory, Mutant.All());
        // A judge that is red without any mutant judges nothing; tests that judge nobody are asked elsewhere.
        var judges = string.Join('|', Mutant.All().Where(mutant => mutant.Rules is not null).Select(mutant => $"FullyQualifiedName~{mutant.Rules}").Distinct());
        if (MutantHouse.Shell("dotnet", home, 0, "test", Tests, "--nologo", "--filter", judges) is not (0, _) and var (_, said)) throw new InvalidOperationException($"Without a mutant the tests of the rules fail: {said}");
        var program = Path.Combine(home, "tests/Huifang.Simulation/bin/Release/net10.0/Huifang.Simulation.dll");
        Console.WriteLine($"{"mutant",-30} {"what it breaks",-62} caught by");
        var parts = Enumerable.Range(0, jobs).Select(i => Task.Run(() => Part(program, home, [.. args.Append("--part").Append($"{i}/{jobs}")]))).ToArray();
        Task.WaitAll(parts);
        var lived = parts.Sum(one => one.Result);
        Console.WriteLine($"{mutants.Count} mutants, {mutants.Count - lived} caught, {lived} alive, {began.Elapsed.TotalSeconds:0} s");
        return lived == 0 ? 0 : 1;
    }

    // Its lines are passed on as they come; the number of those that live is its exit code.
    private static int Part(string program, string home, string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [program, "mutants", .. args]) { WorkingDirectory = home, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        while (process.StandardOutput.ReadLine() is { } line) Console.WriteLine(line);
        process.WaitForExit();
        return process.ExitCode;
    }

    private static int Judge(List<Mutant> mutants)
    {
        var (lived, player) = (0, new Player());
        foreach (var mutant in mutants)
        {
            string? verdict = null;
            var thread = new Thread(() => verdict = mutant.Rules is null ? BySimulator(player, mutant) : ByRules(mutant)) { IsBackground = true };
            thread.Start();
            if (!thread.Join(Patience))
            {
                verdict = "it never comes to an end";
                player = new Player();
            }
            if (verdict is null) lived++;
            Console.WriteLine($"{mutant.Name,-30} {mutant.Breaks,-62} {verdict ?? "NOBODY: it lives"}");
        }
        return lived;
    }

    private static string? BySimulator(Player player, Mutant mutant)
    {
        player.Mutate = mutant.Kind == MutantKind.Sql ? sql => sql.Replace(mutant.Find, mutant.With, StringComparison.Ordinal) : null;
        player.Packs = Packs(mutant);
        player.Mutant = mutant.Kind == MutantKind.Code ? mutant.Number : 0;
        var seeds = Enumerable.Range(1, SeedsMax).Select(seed => (long)seed);
        foreach (var seed in mutant.Seed == 0 ? seeds : seeds.Prepend(mutant.Seed))
            try
            {
                if (player.Play(new Plan(seed)).Breaches is [var breach, ..]) return $"sim, seed {seed}, {breach.Invariant}: {(breach.What.Length > 110 ? breach.What[..110] + "…" : breach.What).ReplaceLineEndings(" ")}";
            }
            catch (Exception failed) { return $"sim, seed {seed}, X: {failed.GetType().Name}: {failed.Message.ReplaceLineEndings(" ")}"; }
        return null;
    }

    /// <summary>A shelf of its own for each mutant, because packs are compiled once and kept.</summary>
    private static ContactPackChange Packs(Mutant mutant)
    {
        if (mutant.Kind != MutantKind.Pack) return new(new(PackShelf.Shipped.Packs), ComplaintPackShelf.Shipped);
        var changed = false;
        System.Text.Json.JsonElement Read(string name)
        {
            var json = ShippedData.Json(name);
            if (!name.EndsWith($".{Path.GetFileName(mutant.File)}", StringComparison.Ordinal)) return json;
            if (json.GetRawText().Split(mutant.Find).Length != 2) throw new InvalidDataException($"Mutant {mutant.Name}: {name} does not hold exactly once: {mutant.Find}");
            changed = true;
            return System.Text.Json.JsonDocument.Parse(json.GetRawText().Replace(mutant.Find, mutant.With, StringComparison.Ordinal)).RootElement;
        }
        var shelf = new PackShelf([.. ShippedData.Names("packs").Select(name => PackReader.Read(Read(name)))]);
        return changed ? new(shelf, ComplaintPackShelf.Shipped) : throw new InvalidDataException($"Mutant {mutant.Name}: there is no pack {mutant.File}.");
    }

    private static string? ByRules(Mutant mutant)
    {
        var (code, said) = MutantHouse.Shell("dotnet", Environment.CurrentDirectory, mutant.Number, "test", Tests, "--nologo", "--filter", $"FullyQualifiedName~{mutant.Rules}");
        if (said.Contains("No test matches", StringComparison.Ordinal)) throw new InvalidDataException($"Mutant {mutant.Name}: no test matches {mutant.Rules}.");
        var test = said.Split('\n').FirstOrDefault(line => line.Contains("[FAIL]", StringComparison.Ordinal)) ?? said.Split('\n').FirstOrDefault(line => line.TrimStart().StartsWith("Failed ", StringComparison.Ordinal));
        return code == 0 ? null : $"test {test?.Trim() ?? mutant.Rules}";
    }
}
