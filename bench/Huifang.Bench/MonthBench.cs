using System.Globalization;

namespace Huifang.Bench;

/// <summary>
/// A month of a small desk, lived four times with the same arrivals, refusals, illnesses and chances to answer: by the plan, by list, by value, by deadline. The
/// plan knows the chances only as far as it learns them from tries. --rows is the number of seeds.
/// </summary>
internal static class MonthBench
{
    private static readonly double[] Loads = [0.8, 1.1, 1.5];

    public static Task Run(Report report, BenchOptions options)
    {
        foreach (var load in Loads)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{load:N1} calls owed for each place of the month, {Math.Max(1, options.Rows)} seeds"));
            Console.WriteLine($"  {"way",-10} {"value",12} {"less delay",12} {"reached",8} {"promises kept",16} {"waiting h",10} {"occupied",9} {"tries each",10} {"too late",9}");
            var plan = 0.0;
            foreach (var make in new Func<MonthWay>[] { () => new PlanWay(), () => new ListWay("list", (a, b) => a.Arrives.CompareTo(b.Arrives)), () => new ListWay("value", (a, b) => b.Value.CompareTo(a.Value)), () => new ListWay("deadline", (a, b) => a.Deadline.CompareTo(b.Deadline)) })
            {
                var (months, name) = (new List<MonthResult>(), "");
                for (var seed = 1; seed <= Math.Max(1, options.Rows); seed++)
                {
                    var way = make();
                    name = way.Name;
                    months.Add(new Month(MonthWorld.Of(seed, load), way).Live(part => Progress(way.Name, seed, part)));
                    if (way is PlanWay planned) report.Add($"month: load {load.ToString("N1", CultureInfo.InvariantCulture)}, one plan with its learning and reading", planned.Took.TotalMilliseconds / planned.Plans, "ms");
                }
                var net = months.Average(month => month.Value - month.Delay);
                if (plan == 0) plan = net;
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"  {name,-10} {months.Average(month => month.Value),12:N0} {net,12:N0} {months.Average(month => month.Reached),8:N0} {months.Sum(month => month.Kept),7} of {months.Sum(month => month.Promised),-6:N0} {months.Average(month => month.WaitingHours),9:N1} {months.Average(month => month.Occupancy),9:P0} {months.Average(month => (double)month.Tries / month.Reached),10:N2} {months.Average(month => month.Expired),9:N0}"));
                if (name != "plan") report.Add($"month: load {load.ToString("N1", CultureInfo.InvariantCulture)}, value of the plan", plan, "points", name, net);
            }
        }
        return Task.CompletedTask;
    }

    private static void Progress(string way, int seed, double part)
    {
        if (!Console.IsErrorRedirected) Console.Error.Write(string.Create(CultureInfo.InvariantCulture, $"\r{way}, seed {seed}: {part:P0}   "));
    }
}
