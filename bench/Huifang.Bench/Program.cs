using Huifang.Bench;

// bin/bench NAME [--json FILE] [--rows N]: one line a figure, and one JSON object a line when a file is named.
var benches = new Dictionary<string, Func<Report, BenchOptions, Task>>(StringComparer.Ordinal)
{
    ["audit"] = AuditBench.Run,
    ["complaints"] = ComplaintBench.Run,
    ["contact"] = ContactBench.Run,
    ["customer"] = CustomerBench.Run,
    ["insight"] = InsightBench.Run,
    ["insight-pages"] = InsightPagesBench.Run,
    ["intake"] = IntakeBench.Run,
    ["month"] = MonthBench.Run,
    ["plan"] = PlanBench.Run,
    ["queue"] = QueueBench.Run,
    ["seal"] = SealBench.Run,
    ["redaction"] = RedactionBench.Run,
};
var options = BenchOptions.Parse(args);
if (options is null || !benches.TryGetValue(options.Name, out var bench))
{
    Console.Error.WriteLine($"usage: bin/bench {string.Join('|', benches.Keys)} [--json FILE] [--rows N]");
    return 2;
}
using var report = new Report(options.Json);
await bench(report, options);
return 0;
