using System.Diagnostics;
using Huifang.Fire.Machines;

namespace Huifang.Fire.Fuzz;

/// <summary>
/// <c>bin/prove fuzz --requests N</c>: every route, as everybody, with requests that are like real ones and wrong somewhere. No answer may be a failure of ours, tell what it must not, or come too late;
/// what is refused changes nothing. What once found something is kept in a file and sent first.
/// </summary>
public sealed class FuzzProof(Options options)
{
    private const int RequestsPerSite = 2500;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // A refusal is noted here, and that is meant: sessions and keys were used, a try to sign in or to see failed, what could not be read is kept.
    private static readonly HashSet<string> NotedOnRefusal = new(StringComparer.Ordinal) { "staff_sessions", "sessions", "api_keys", "idempotency_keys", "sight_looks", "sight_alarms", "quarantine", "intake_tally", "audit_waiting" };

    private readonly Figures _figures = new();
    private readonly Mutator _mutator = new(new Random(options.Seed));
    private readonly Dictionary<Finding, (int Times, FuzzRequest First)> _found = [];
    private readonly HashSet<string> _routes = new(StringComparer.Ordinal);
    private readonly string _corpus = options.Text("corpus", "tests/Huifang.Fire/Fuzz/corpus.jsonl");
    private readonly List<double> _times = [];
    private long _sent, _refused, _ofTheWire;

    public static async Task<Figures> Run(Options options) => await new FuzzProof(options).Run();

    private async Task<Figures> Run()
    {
        using var witness = new Witness();
        var requests = options.Number("requests", 20_000);
        var kept = File.Exists(_corpus) ? File.ReadAllLines(_corpus).Where(line => line.Length > 0).Select(FuzzRequest.FromLine).ToList() : [];
        await using var cluster = options.Text("database", "sqlite") == "postgres" ? await Postgres() : null;
        for (var site = 0; _sent < requests; site++) await At(cluster, site, site == 0 ? kept : [], Math.Min(RequestsPerSite, requests - _sent), witness);
        foreach (var (finding, (times, first)) in _found.OrderByDescending(one => one.Value.Times)) _figures.Broken.Add($"{finding.Kind}, {times} times: {finding.Route}: {finding.What}; first: {first}");
        if (_found.Count > 0 && options.Text("keep", "no") == "yes") await File.AppendAllLinesAsync(_corpus, _found.Values.Select(one => one.First.ToLine()).Except(kept.Select(one => one.ToLine())));
        _figures.Set("requests", _sent);
        _figures.Set("kept requests replayed", (long)kept.Count);
        _figures.Set("routes", (long)_routes.Count);
        _figures.Set("refused", _refused);
        _figures.Set("refused as no HTTP", _ofTheWire);
        _figures.Set("findings", (long)_found.Count);
        _times.Sort();
        if (_times.Count > 0) _figures.Set("p99 ms", Math.Round(_times[(int)(_times.Count * 0.99)]));
        return _figures;
    }

    private static async Task<Cluster> Postgres()
    {
        var folder = Directory.CreateTempSubdirectory("huifang-fuzz-pg-").FullName;
        File.SetUnixFileMode(folder, (UnixFileMode)Convert.ToInt32("755", 8));
        return await Cluster.Make(Path.Combine(folder, "cluster"), "fsync = off");
    }

    private async Task At(Cluster? cluster, int number, IReadOnlyList<FuzzRequest> kept, long many, Witness witness)
    {
        if (cluster is not null) await cluster.Do("postgres", $"create database fuzz{number}");
        await using var site = await FuzzSite.Open(cluster?.AddressOf($"fuzz{number}"));
        var forms = await FuzzForms.Of(site, _mutator);
        var maker = new FuzzMaker(site, forms, _mutator);
        using var client = new RawClient(site.Port, Patience);
        if (number == 0) Console.WriteLine($"{site.Routes.Count} routes, {forms.All.Count} forms, {forms.Links.Count} links, {site.Askers.Count} askers");
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < many + kept.Count; i++)
        {
            await Ask(site, client, i < kept.Count ? kept[i] : maker.Next(), witness);
            if (i % 200 == 199 && !await Everybody(site)) break;
            if (_sent % 5000 == 0) Console.WriteLine($"{_sent:N0} sent, {_refused:N0} refused, {_found.Count} findings, {i / Stopwatch.GetElapsedTime(started).TotalSeconds:0}/s");
        }
        Npgsql.NpgsqlConnection.ClearAllPools();
    }

    /// <summary>Those whose session was ended by a request sign in anew; false when one cannot, and it is time for another site.</summary>
    private static async Task<bool> Everybody(FuzzSite site)
    {
        foreach (var asker in site.Askers)
            if (!await site.IsIn(asker) && !await site.SignIn(asker)) return false;
        return true;
    }

    private async Task Ask(FuzzSite site, RawClient client, FuzzRequest request, Witness witness)
    {
        _sent++;
        _routes.Add(request.Route);
        var asker = site.Askers.First(one => one.Name == request.As);
        witness.Forget();
        var started = Stopwatch.GetTimestamp();
        RawAnswer? answer;
        try { answer = await client.Send(request.Write(asker), request.Method == "HEAD"); }
        catch (TimeoutException) { Find(new("hang", request.Route, $"no answer in {Patience.TotalSeconds} s"), request); return; }
        _times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        if (answer is null) { Find(new("no answer", request.Route, "the connection was closed"), request); return; }
        if (FuzzVerdict.Of(request, answer, site, witness.Last) is { } finding) Find(finding, request);
        var touched = await site.Touched();
        if (answer.Status is >= 400 and < 500)
        {
            _refused++;
            if (FuzzVerdict.IsOfTheWire(answer)) _ofTheWire++;
            if (touched.Any(table => !NotedOnRefusal.Contains(table))) await Suspect(site, client, request, asker, answer.Status, [.. touched.Where(table => !NotedOnRefusal.Contains(table))]);
        }
    }

    /// <summary>Rows were written while it was refused. They may have been rolled back: it is sent once more, and what stands there before and after is compared.</summary>
    private async Task Suspect(FuzzSite site, RawClient client, FuzzRequest request, Asker asker, int status, IReadOnlyList<string> tables)
    {
        var before = await site.Dump(tables);
        if (await client.Send(request.Write(asker), request.Method == "HEAD") is not { Status: >= 400 and < 500 }) return;
        await site.Touched();
        var after = await site.Dump(tables);
        if (before == after) return;
        var more = after.Split('\n').Except(before.Split('\n')).FirstOrDefault() ?? "rows are gone";
        // Tries to sign in and to see what is not hers are facts themselves.
        if (tables.All(table => table is "journal" or "reactions" or "staff") && Meant.Any(kind => more.Contains(kind, StringComparison.Ordinal))) return;
        Find(new("changed by a refused request", request.Route, $"{status} and {string.Join(", ", tables)}: {more[..Math.Min(200, more.Length)]}"), request);
    }

    private static readonly string[] Meant = ["staff.refused", "record.refused", "sight.alarmed", "quarantine.kept", "staff "];

    private void Find(Finding finding, FuzzRequest request)
    {
        if (!_found.TryAdd(finding, (1, request))) { _found[finding] = (_found[finding].Times + 1, _found[finding].First); return; }
        Console.WriteLine($"  {finding.Kind}: {finding.Route}: {finding.What}\n    {request}");
    }

    /// <summary>Sees the exceptions that the product's own handler answers for.</summary>
    private sealed class Witness : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
    {
        private readonly List<IDisposable> _listening = [];
        private volatile string? _last;

        public Witness() => _listening.Add(DiagnosticListener.AllListeners.Subscribe(this));
        public string? Last => _last;
        public void Forget() => _last = null;

        public void OnNext(DiagnosticListener listener)
        {
            if (listener.Name == "Microsoft.AspNetCore") _listening.Add(listener.Subscribe(this, name => name.EndsWith("Exception", StringComparison.Ordinal)));
        }

        public void OnNext(KeyValuePair<string, object?> told)
        {
            if (told.Value?.GetType().GetProperty("exception")?.GetValue(told.Value) is Exception thrown) _last = Short(thrown);
        }

        // The first line and the first frame of ours: what tells one bug from another.
        private static string Short(Exception thrown)
        {
            var frame = thrown.ToString().Split('\n').FirstOrDefault(line => line.TrimStart().StartsWith("at Huifang.", StringComparison.Ordinal))?.Trim();
            var words = thrown.Message.ReplaceLineEndings(" ");
            return $"{thrown.GetType().Name}: {System.Text.RegularExpressions.Regex.Replace(words[..Math.Min(90, words.Length)], "[0-9]+", "#")} {frame?[..Math.Min(150, frame.Length)]}";
        }

        public void OnCompleted() { }
        public void OnError(Exception error) { }
        public void Dispose() => _listening.ForEach(one => one.Dispose());
    }
}
