using Huifang.Fire.Kill;
using Huifang.Fire.Machines;

namespace Huifang.Fire;

/// <summary>Proofs under fire. Each prints its seed and how to repeat it, and ends with a line of figures; the exit code is 1 when something that was promised broke.</summary>
public static class Program
{
    public static async Task<int> Main(string[] args)
    {
        if (args is ["serve", ..]) return await MortalServer.Serve();
        var what = args.FirstOrDefault() ?? "";
        var options = new Options(what, args.Skip(1));
        Func<Options, Task<Figures>>? proof = what switch
        {
            "kill" => KillProof.Run,
            _ => null,
        };
        if (proof is null)
        {
            Console.Error.WriteLine("Which proof? kill. Each takes --seed N and --json FILE.");
            return 2;
        }
        Console.WriteLine($"seed {options.Seed}; again with: bin/prove {options.Again}");
        var figures = await proof(options);
        return figures.Tell(options);
    }
}
