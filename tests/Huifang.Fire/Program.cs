using Huifang.Fire.Disk;
using Huifang.Fire.Failover;
using Huifang.Fire.Fuzz;
using Huifang.Fire.Kill;
using Huifang.Fire.Machines;
using Huifang.Fire.Parsers;
using Huifang.Fire.Soak;
using Huifang.Fire.Upgrade;

namespace Huifang.Fire;

/// <summary>Proofs under fire. Each prints its seed and how to repeat it, and ends with a line of figures; the exit code is 1 when something that was promised broke.</summary>
public static class Program
{
    public static async Task<int> Main(string[] args)
    {
        if (args is ["serve", ..]) return await MortalServer.Serve();
        if (args is ["cli", .. var rest]) return await Commands.CommandLine.Run(rest);
        var what = args.FirstOrDefault() ?? "";
        var options = new Options(what, args.Skip(1));
        Func<Options, Task<Figures>>? proof = what switch
        {
            "kill" => KillProof.Run,
            "fuzz" => FuzzProof.Run,
            "disk" => DiskProof.Run,
            "failover" => FailoverProof.Run,
            "soak" => SoakProof.Run,
            "upgrade" => UpgradeProof.Run,
            "parsers" => ParserProof.Run,
            _ => null,
        };
        if (proof is null)
        {
            Console.Error.WriteLine("Which proof? kill, fuzz, disk, failover, soak, upgrade, parsers. Each takes --seed N and --json FILE.");
            return 2;
        }
        Console.WriteLine($"seed {options.Seed}; again with: bin/prove {options.Again}");
        // Caught so that every server and database that was started is ended on the way out.
        try { return (await proof(options)).Tell(options); }
        catch (Exception failed)
        {
            Console.WriteLine($"The proof itself failed: {failed}");
            return 3;
        }
    }
}
