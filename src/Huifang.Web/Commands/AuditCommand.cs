using System.CommandLine;
using System.Globalization;
using Huifang.Audit;
using Huifang.Storage;

namespace Huifang.Commands;

/// <summary><c>huifang audit</c>: checks the audit log and its proofs. Nothing here needs a running server; <c>check</c> not even a database.</summary>
public static class AuditCommand
{
    private static readonly Option<string?> KeyText = new("--key") { Description = "The log's public key, as audit-key.txt holds it. Default: the key in our own key folder." };

    public static Command Make() => new("audit", "The audit log: verify it, prove an entry, check a proof.") { Verify(), Prove(), Growth(), Check() };

    private static Command Verify()
    {
        var anchors = new Option<string?>("--anchors") { Description = "The anchor file to check against. Default: HUIFANG_AUDIT_ANCHOR." };
        var command = new Command("verify", "Hashes every entry anew and compares it with the tree, every signed head and every anchor; exit code 1 when a byte was changed, cut, forked or reordered.") { anchors, KeyText };
        command.SetAction(async (parsed, stop) =>
        {
            var settings = Settings.FromEnvironment();
            if (KeyOf(parsed.GetValue(KeyText), settings) is not { } key) return CommandLine.Wrong("This is no public key of a log.");
            if (!settings.Database.StartsWith("postgres", StringComparison.Ordinal) && !File.Exists(settings.Database)) return CommandLine.Wrong($"There is no database {settings.Database}.");
            var file = parsed.GetValue(anchors) ?? settings.Ground.AnchorFile;
            await using var store = Store.Open(settings.Database);
            var report = await new AuditVerifier(store, key.Name, key.PublicKey, file).Verify(stop);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"looked at {report.Entries:N0} entries, {report.Checkpoints:N0} signed heads, {report.Anchors:N0} anchors in {file}, {report.Stamps:N0} time-stamps; {report.Waiting:N0} facts wait for their place"));
            Console.WriteLine($"root {Convert.ToHexStringLower(report.Root)}, key {key.Name}");
            if (report.Anchors == 0) Console.WriteLine("There is no anchor outside the database: a log that was rewritten whole by somebody with the signing key would look like this one.");
            foreach (var finding in report.Findings) Console.WriteLine($"BROKEN {finding.Fault}: {finding.What}");
            Console.WriteLine(report.IsWhole ? "The log is whole." : $"{report.Findings.Count}{(report.Findings.Count == AuditReport.FindingsMax ? " or more" : "")} findings.");
            return report.IsWhole ? 0 : 1;
        });
        return command;
    }

    private static Command Prove()
    {
        var place = new Argument<long>("place") { Description = "The entry's place in the log, counted from 0." };
        var command = new Command("prove", "Prints the proof of an entry, to be checked by anybody.") { place };
        command.SetAction(async (parsed, stop) =>
        {
            await using var store = Store.Open(Settings.FromEnvironment().Database);
            if (await store.Read(tx => AuditLog.Prove(tx, parsed.GetValue(place)), stop) is not { } proof) return CommandLine.Wrong("No signed head covers this place yet, or there is no such entry.");
            Console.WriteLine(AuditProofText.Write(proof));
            return 0;
        });
        return command;
    }

    private static Command Growth()
    {
        var older = new Argument<long>("older") { Description = "The size of an earlier signed head." };
        var command = new Command("growth", "Shows that the log of an earlier head is the beginning of the newest one's; exit code 1 when it is not.") { older, KeyText };
        command.SetAction(async (parsed, stop) =>
        {
            var settings = Settings.FromEnvironment();
            if (KeyOf(parsed.GetValue(KeyText), settings) is not { } key) return CommandLine.Wrong("This is no public key of a log.");
            await using var store = Store.Open(settings.Database);
            if (await store.Read(tx => AuditLog.ProveGrowth(tx, parsed.GetValue(older), null), stop) is not { } proof) return CommandLine.Wrong("No head of this size was signed.");
            var (before, after) = (AuditKey.Open(proof.OlderNote, key.Name, key.PublicKey), AuditKey.Open(proof.NewerNote, key.Name, key.PublicKey));
            var holds = before is not null && after is not null && MerkleTree.IsConsistent(before.Size, after.Size, before.Root, after.Root, proof.Path);
            Console.WriteLine(holds ? $"The log of {proof.Older} entries is the beginning of that of {proof.Newer}." : $"BROKEN: the log of {proof.Newer} entries does not begin with that of {proof.Older}.");
            return holds ? 0 : 1;
        });
        return command;
    }

    private static Command Check()
    {
        var file = new Argument<FileInfo>("file") { Description = "A proof, as prove or the audit page gave it." };
        var command = new Command("check", "Checks a proof with the public key alone; exit code 1 when it does not hold.") { file, KeyText };
        command.SetAction((parsed, _) =>
        {
            if (KeyOf(parsed.GetValue(KeyText), Settings.FromEnvironment()) is not { } key) return Task.FromResult(CommandLine.Wrong("This is no public key of a log."));
            if (!parsed.GetValue(file)!.Exists) return Task.FromResult(CommandLine.Wrong($"There is no file {parsed.GetValue(file)}."));
            var proven = AuditProofText.Check(File.ReadAllText(parsed.GetValue(file)!.FullName), key.Name, key.PublicKey);
            if (proven is not { } held) { Console.WriteLine("BROKEN: the proof does not hold."); return Task.FromResult(1); }
            Console.WriteLine(held.Entry);
            Console.WriteLine($"stands unchanged under the head of {held.Head.Size} entries, signed {held.Head.At:u} by {key.Name}.");
            return Task.FromResult(0);
        });
        return command;
    }

    private static (string Name, byte[] PublicKey)? KeyOf(string? text, Settings settings)
    {
        if (text is not null) return Checkpoint.ReadKeyText(File.Exists(text) ? File.ReadAllText(text) : text);
        var own = new AuditKey(settings.Ground, KeyGuards.Of(settings));
        return (own.Name, own.PublicKey);
    }
}
