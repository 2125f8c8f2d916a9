using Huifang.Simulation.Proofs;

// bin/prove sim|mutants …: what each proof takes is said by the proof itself.
switch (args.FirstOrDefault())
{
    case "sim": return SimCommand.Run(args.AsSpan(1));
    case "mutants": return Huifang.Simulation.Mutants.MutantCommand.Run(args[1..]);
    default:
        Console.Error.WriteLine("usage: bin/prove sim|mutants");
        return 2;
}
