using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Huifang.Accounts;
using Huifang.Commands;
using Huifang.Complaints;
using Huifang.Demo;
using Huifang.Security;
using Huifang.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Huifang.Bench;

/// <summary>
/// Complaints put on record over HTTP (durable, with clocks, owner, audit row, acknowledgement queued), beside Request Tracker 5 where it is installed; then
/// the search by words and the board with a million complaints. A third are real English narratives, the others Chinese by Zipf's law; each has some sixty terms.
/// </summary>
internal static class ComplaintBench
{
    private const int Callers = 16, Creates = 1600, Looks = 400;

    public static async Task Run(Report report, BenchOptions options)
    {
        var many = options.Rows > 0 ? options.Rows : 1_000_000;
        using var scratch = new Scratch();
        await foreach (var (name, address) in Places.Both(scratch.Folder))
        {
            await using var app = ServeCommand.Build(new Settings(Path.Combine(scratch.Folder, name), address, "http://127.0.0.1:0", false), []);
            var store = app.Services.GetRequiredService<Store>();
            await Migrations.Apply(store, TimeProvider.System);
            var key = await store.Write(async tx =>
            {
                for (var i = 0; i < 5; i++) await app.Services.GetRequiredService<AccountDesk>().Add(tx, new Staff($"s-{i}", $"s-{i}", $"s-{i}", [Role.Agent], "zh-Hans"));
                return await app.Services.GetRequiredService<ApiKeyDesk>().Make(tx, "bench", [.. Scope.All]);
            });
            await app.StartAsync();
            using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
            client.DefaultRequestHeaders.Add("X-Api-Key", key);
            var (ours, view) = await Ours(client);
            var finder = app.Services.GetRequiredService<ComplaintFinder>();
            var person = await PerSecond(Looks, 1, i => store.Read(tx => finder.Find(tx, $"person{i}@mail.example", default)));
            report.Add($"complaints {name}: put on record", ours, "/s");
            if (name == "postgres") await Beside(report, address, scratch.Folder, ours, view, person);

            await Fill(app.Services, store, many);
            await Search(report, name, app.Services, store, many);
            await Board(report, name, app.Services, store, many);
            await app.StopAsync();
        }
    }

    private static async Task<(double Creates, double Views)> Ours(HttpClient client)
    {
        var numbers = new string[Creates];
        async Task Create(string round, int i)
        {
            using var answer = await client.PostAsJsonAsync("/v1/complaints", new { words = Words(i), email = $"person{i}@mail.example", country = "CN", subject = $"{round} {i}" });
            answer.EnsureSuccessStatusCode();
            numbers[i] = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("number").GetString()!;
        }
        await PerSecond(400, Callers, i => Create("warm", i));
        var creates = await PerSecond(Creates, Callers, i => Create("bench", i));
        var views = await PerSecond(Looks, 1, async i => (await client.GetAsync($"/v1/complaints/{numbers[i]}")).EnsureSuccessStatusCode());
        return (creates, views);
    }

    private static async Task Beside(Report report, string address, string folder, double ours, double view, double person)
    {
        if (!RequestTracker.IsInstalled) { Console.WriteLine("Request Tracker is not installed (Debian request-tracker5 rt5-db-postgresql): no peer beside these."); return; }
        foreach (var (how, workers, callers, times) in new[] { ("best", (int?)4, 4, 60), ("as it comes", null, 1, 25) })
        {
            await using var peer = await RequestTracker.Start(address, Path.Combine(folder, $"rt-{workers ?? 0}"), workers);
            for (var i = 0; i < 2 * callers; i++) await peer.Create("warm", Words(i), $"person{i}@mail.example");
            var last = "1";
            var theirs = await PerSecond(times, callers, async i => last = await peer.Create($"bench {i}", Words(i), $"person{i}@mail.example"));
            report.Add("complaints postgres: put on record", ours, "/s", $"Request Tracker 5, {how}", theirs);
            if (workers is null) continue;
            report.Add("complaints postgres: looked at, one caller", view, "/s", $"Request Tracker 5, {how}", await PerSecond(25, 1, _ => peer.View(last)));
            report.Add("complaints postgres: of a person, one caller (ours in process)", person, "/s", $"Request Tracker 5, {how}", await PerSecond(25, 1, i => peer.OfPerson($"person{i}@mail.example")));
        }
    }

    private static async Task Search(Report report, string name, IServiceProvider services, Store store, int many)
    {
        var (search, random) = (services.GetRequiredService<ComplaintSearch>(), new Random(5));
        var asked = Enumerable.Range(0, Looks).Select(_ => Phrase(random)).ToList();
        var found = 0L;
        foreach (var one in asked.Take(50)) await store.Read(tx => search.Find(tx, one, ComplaintBoard.PageSize));
        var times = new double[asked.Count];
        for (var i = 0; i < asked.Count; i++)
        {
            var started = Stopwatch.GetTimestamp();
            found += (await store.Read(tx => search.Find(tx, asked[i], ComplaintBoard.PageSize))).Count;
            times[i] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        }
        Array.Sort(times);
        if (found == 0) throw new InvalidOperationException("The search finds nothing.");
        report.Add($"complaints {name}: search by words in {many:N0}, p99", times[(int)(times.Length * .99)], "ms");
        report.Add($"complaints {name}: search by words in {many:N0}, p50", times[times.Length / 2], "ms");
    }

    private static async Task Board(Report report, string name, IServiceProvider services, Store store, int many)
    {
        var times = new List<double>();
        for (var i = 0; i < 15; i++)
        {
            // A board of its own each time: the figures at its head are kept for a minute.
            var board = ActivatorUtilities.CreateInstance<ComplaintBoard>(services);
            var started = Stopwatch.GetTimestamp();
            await store.Read(async tx => (await board.Open(tx, new ComplaintFilter(), 0), await board.Numbers(tx, TimeProvider.System.GetUtcNow())));
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }
        times.Sort();
        report.Add($"complaints {name}: board with {many:N0}, median", times[times.Count / 2], "ms", runs: times.Count);
    }

    private static readonly string[] English = [.. DemoTexts.Imported(DateTimeOffset.UnixEpoch).Select(item => item.Words)];

    // Words of two characters, as often as Zipf's law says that words are: real Chinese complaints may not ship.
    private static readonly string[] Chinese = [.. new Random(3) is var random ? Enumerable.Range(0, 5000).Select(_ => $"{(char)random.Next(0x4e00, 0x5a00)}{(char)random.Next(0x4e00, 0x5a00)}") : []];

    private static string Words(int i)
    {
        var random = new Random(i);
        if (i % 3 == 0 && English[random.Next(English.Length)] is var text) return $"{text[..Math.Min(text.Length, 400)]} no. {i.ToString(CultureInfo.InvariantCulture)}";
        var words = new System.Text.StringBuilder();
        for (var n = 0; n < 30; n++) words.Append(Chinese[(int)Math.Pow(Chinese.Length, random.NextDouble()) - 1]).Append(n % 8 == 7 ? "，" : "");
        return words.Append(CultureInfo.InvariantCulture, $" no. {i}").ToString();
    }

    /// <summary>What somebody would type: a few neighbouring characters, or one to three neighbouring words, of some complaint.</summary>
    private static string Phrase(Random random)
    {
        var text = Words(random.Next(1_000_000));
        if (text.Any(c => c >= '\u4e00'))
        {
            var length = random.Next(2, 7);
            return text.Substring(random.Next(Math.Max(1, text.Length - length - 8)), Math.Min(length, text.Length));
        }
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return string.Join(' ', words.Skip(random.Next(words.Length - 1)).Take(random.Next(1, 4)));
    }

    private static async Task Fill(IServiceProvider services, Store store, int many)
    {
        var vault = services.GetRequiredService<Vault>();
        var (now, day) = (TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(), 86_400_000L);
        string[] past = ["Closed", "Answered", "Withdrawn"], open = ["Received", "Assessed", "Investigating"];
        long Received(int i) => now - (many - i) * (365 * day) / many;
        bool IsOpen(int i) => i % 25 == 0;
        var rows = new Bulk<int>("complaints", "on conflict do nothing",
            ("id", Column.Text, i => $"b-{i:D8}"), ("customer_id", Column.Text, i => $"c-{i % 300_000}"), ("door", Column.Text, _ => "App"), ("received_at", Column.Number, i => Received(i)), ("day", Column.Text, _ => "2026-11-01"),
            ("pack", Column.Text, _ => "cn"), ("pack_version", Column.Text, _ => services.GetRequiredService<ComplaintPackShelf>().Find("cn")!.Version), ("facts", Column.Text, _ => ""), ("state", Column.Text, i => IsOpen(i) ? open[i / 25 % 3] : past[i % 3]), ("owner_id", Column.Text, i => $"s-{i % 5}"),
            ("language", Column.Text, _ => "zh-Hans"), ("severity", Column.Text, _ => "Medium"), ("verified", Column.Number, _ => 1L), ("subject", Column.Bytes, _ => new byte[40]), ("due_at", Column.Number, i => IsOpen(i) ? now + i % 1000 * 900_000L - 3 * day : null),
            ("answered_at", Column.Number, i => IsOpen(i) ? null : Received(i) + day), ("changed_at", Column.Number, i => Received(i)));
        var terms = new Bulk<(long Term, long No)>("complaint_terms", "on conflict do nothing", ("term", Column.Number, r => r.Term), ("no", Column.Number, r => r.No));
        var first = await store.Read(tx => tx.One<long>("select coalesce(max(no), 0) from complaints")) + 1;
        var known = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var part in Enumerable.Range(0, many).Chunk(20_000))
        {
            var cut = part.SelectMany(i => SearchTerms.Of(Words(i)).Select(term => (Term(term), first + i))).Order().ToList();
            await store.Write(async tx =>
            {
                await rows.Insert(tx, part, returning: "");
                await terms.Insert(tx, cut, returning: "");
            });
            Console.Error.Write($"\rfilling: {100L * part[0] / many} % of {many:N0} complaints ");
        }
        Console.Error.Write("\r");
        if (!store.Dialect.IsSqlite) foreach (var table in new[] { "complaints", "complaint_terms" }) await store.Write(tx => tx.Run($"analyze {table}"));

        long Term(string term) => known.TryGetValue(term, out var hash) ? hash : known.Count < 1_000_000 ? known[term] = vault.BlindTerm(term) : vault.BlindTerm(term);
    }

    /// <summary>How many a second, by so many callers at once.</summary>
    private static async Task<double> PerSecond(int times, int callers, Func<int, Task> act)
    {
        var (next, started) = (-1, Stopwatch.GetTimestamp());
        await Task.WhenAll(Enumerable.Range(0, callers).Select(async _ =>
        {
            while (Interlocked.Increment(ref next) is var i && i < times) await act(i);
        }));
        return times / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
