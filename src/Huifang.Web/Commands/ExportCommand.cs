using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using Huifang.Customers;
using Huifang.Journal;
using Huifang.Storage;
using Spectre.Console;

namespace Huifang.Commands;

/// <summary><c>huifang export</c> writes what can be imported again; <c>huifang replay</c> tries again what failed.</summary>
public static class ExportCommand
{
    private const int PageSize = 1000;
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Make()
    {
        var what = new Argument<string>("what") { Description = "events, customers or consents." };
        what.AcceptOnlyFromAmong("events", "customers", "consents");
        var file = new Argument<FileInfo>("file") { Description = "Where to write JSON Lines; must not exist yet." };
        var command = new Command("export", "Writes JSON Lines that import reads. Customers are written in clear: guard the file.") { what, file };
        command.SetAction((parsed, stop) => Run(parsed.GetValue(what)!, parsed.GetValue(file)!, stop));
        return command;
    }

    public static Command MakeReplay()
    {
        var command = new Command("replay", "Tries again every fact whose consideration failed, as if it had just come in.");
        command.SetAction(async (_, stop) =>
        {
            await using var house = await CommandLine.OpenHouse(stop);
            var again = await house.GetRequiredService<Store>().Write(tx => JournalTable.TryAgain(tx, TimeProvider.System.GetUtcNow()), stop);
            Console.WriteLine($"{again} facts will be considered again by the running server.");
            return 0;
        });
        return command;
    }

    private static async Task<int> Run(string what, FileInfo file, CancellationToken stop)
    {
        if (file.Exists) return CommandLine.Wrong($"{file} exists; export never overwrites.");
        await using var house = await CommandLine.OpenHouse(stop);
        var store = house.GetRequiredService<Store>();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        var lines = 0L;
        await using (var writer = new StreamWriter(new FileStream(file.FullName, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite })))
            await console.Progress().StartAsync(async progress =>
            {
                var bar = progress.AddTask(what);
                bar.IsIndeterminate = true;
                await foreach (var line in what switch { "events" => Events(store, house.GetRequiredService<JournalDesk>(), stop), "customers" => Customers(store, house.GetRequiredService<CustomerDesk>(), stop), _ => Consents(store, stop) })
                {
                    await writer.WriteLineAsync(line.AsMemory(), stop);
                    if (++lines % PageSize == 0) bar.Description = $"{what}: {lines:N0}";
                }
                bar.Value = bar.MaxValue;
            });
        Console.WriteLine($"{lines} lines in {file}");
        return 0;
    }

    private static async IAsyncEnumerable<string> Events(Store store, JournalDesk journal, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        for (var after = 0L; ;)
        {
            var page = await store.Read(tx => JournalTable.Told(tx, after, PageSize), stop);
            if (page.Count == 0) yield break;
            after = page[^1].Seq;
            var secrets = await store.Read(tx => journal.Open(tx, page), stop);
            foreach (var (fact, secret) in page.Zip(secrets))
            {
                var data = System.Text.Json.Nodes.JsonNode.Parse(fact.Data)!.AsObject();
                if (secret is not null)
                    foreach (var (name, value) in System.Text.Json.Nodes.JsonNode.Parse(secret)!.AsObject()) data[name] = value?.DeepClone();
                yield return JsonSerializer.Serialize(new { specversion = "1.0", id = fact.Id, source = fact.Source, type = fact.Kind, subject = fact.CustomerId, time = fact.At, data }, Readable);
            }
        }
    }

    private static async IAsyncEnumerable<string> Customers(Store store, CustomerDesk desk, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        for (var after = ""; ;)
        {
            var ids = await store.Read(tx => CustomerLanguages.Page(tx, after, PageSize), stop);
            if (ids.Count == 0) yield break;
            after = ids[^1];
            foreach (var c in (await store.Read(tx => desk.Load(tx, ids), stop)).Values.OrderBy(c => c.Id, StringComparer.Ordinal))
                yield return JsonSerializer.Serialize(new
                {
                    id = c.Id, name = c.Name, language = c.Language, timeZone = c.TimeZone, country = c.Country, segments = c.Segments, attributes = c.Attributes, since = c.Since,
                    phones = Points(c, PointKind.Phone), emails = Points(c, PointKind.Email), devices = Points(c, PointKind.App),
                }, Readable);
        }
    }

    private static async IAsyncEnumerable<string> Consents(Store store, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        for (var after = ""; ;)
        {
            var ids = await store.Read(tx => CustomerLanguages.Page(tx, after, PageSize), stop);
            if (ids.Count == 0) yield break;
            after = ids[^1];
            foreach (var c in (await store.Read(tx => Huifang.Consents.ConsentDesk.All(tx, ids), stop)).SelectMany(group => group))
                yield return JsonSerializer.Serialize(new { customer = c.CustomerId, purpose = c.Purpose.ToString(), channel = c.Channel.ToString(), given = c.Given, at = c.At, how = c.How, wording = c.Wording }, Readable);
        }
    }

    private static IEnumerable<object> Points(Customer customer, PointKind kind) => customer.Points.Where(p => p.Kind == kind && p.Value is not null).Select(p => new { value = p.Value, verified = p.Verified });
}
