using System.Diagnostics;
using System.Globalization;
using System.Text;
using Huifang.Accounts;
using Huifang.Commands;
using Huifang.Consents;
using Huifang.Customers;
using Huifang.Demo;
using Huifang.FollowUps;
using Huifang.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using NpgsqlTypes;

namespace Huifang.Bench;

/// <summary>
/// Events over HTTP into a real server, until they are durable and considered, beside a raw insert of the same journal rows
/// (prepared statement, one transaction per 1,000) in the same run.
/// </summary>
internal static class IntakeBench
{
    public static async Task Run(Report report, BenchOptions options)
    {
        var events = options.Rows > 0 ? options.Rows : 200_000;
        using var scratch = new Scratch();
        await foreach (var (name, address) in Places.Both(scratch.Folder))
        {
            var settings = new Settings(Path.Combine(scratch.Folder, name), address, "http://127.0.0.1:0", false);
            await using var app = ServeCommand.Build(settings, []);
            var store = app.Services.GetRequiredService<Store>();
            await Migrations.Apply(store, TimeProvider.System);
            await Seed(app.Services, store);
            var key = await store.Write(tx => app.Services.GetRequiredService<ApiKeyDesk>().Make(tx, "bench", [.. Scope.All]));
            await app.StartAsync();
            using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
            client.DefaultRequestHeaders.Add("X-Api-Key", key);

            var bodies = Bodies(events);
            // A server that has run for a while: what is hot is compiled.
            await Post(client, Bodies(60_000, "warm"));
            await Considered(store);
            var seconds = await Timed(async () => { await Post(client, bodies); await Considered(store); });
            var raw = address.StartsWith("postgres", StringComparison.Ordinal) ? await RawPostgres(address, events) : RawSqlite(Path.Combine(scratch.Folder, "raw.db"), events);
            report.Add($"intake {name}: batches of 1,000, considered", events / seconds, "events/s", "raw insert", raw);
            await Singles(report, name, client);
            await app.StopAsync();
        }
    }

    private static async Task Singles(Report report, string name, HttpClient client)
    {
        const int callers = 128, each = 120;
        var times = new double[callers * each];
        var seconds = await Timed(() => Task.WhenAll(Enumerable.Range(0, callers).Select(async caller =>
        {
            for (var i = 0; i < each; i++)
            {
                var started = Stopwatch.GetTimestamp();
                using var content = Content(Event($"single-{caller}-{i}", i), "application/cloudevents+json");
                using var response = await client.PostAsync("/v1/events", content);
                response.EnsureSuccessStatusCode();
                times[caller * each + i] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            }
        })));
        Array.Sort(times);
        report.Add($"intake {name}: single events, {callers} callers", times.Length / seconds, "events/s");
        report.Add($"intake {name}: single events, p99", times[(int)(times.Length * .99)], "ms");
    }

    private static async Task Post(HttpClient client, List<byte[]> bodies)
    {
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            while (Interlocked.Increment(ref next) is var i && i < bodies.Count)
            {
                using var content = new ByteArrayContent(bodies[i]) { Headers = { ContentType = new("application/cloudevents-batch+json") } };
                using var response = await client.PostAsync("/v1/events", content);
                response.EnsureSuccessStatusCode();
            }
        }));
    }

    private static async Task Considered(Store store)
    {
        while (await store.Read(tx => tx.One<long>("select count(*) from (select 1 from reactions where listener = @Name limit 1) r", new { FollowUpReactions.Name })) > 0) await Task.Delay(5);
    }

    private static async Task Seed(IServiceProvider services, Store store)
    {
        var now = TimeProvider.System.GetUtcNow();
        foreach (var part in DemoCustomers.Make(now).Chunk(1000)) await store.Write(tx => services.GetRequiredService<CustomerDesk>().Save(tx, part, "bench"));
        foreach (var part in DemoCustomers.Consents(now).Chunk(5000)) await store.Write(tx => services.GetRequiredService<ConsentDesk>().Record(tx, part));
        while (await store.Read(tx => tx.One<long>("select count(*) from reactions")) > 0 && services.GetServices<Journal.IReaction>().Any() is false) await Task.Delay(5);
    }

    /// <summary>Most kinds nobody listens to; one in fifty is a failed withdrawal, one in a hundred a large one.</summary>
    private static string Event(string id, int i)
    {
        var type = i % 50 == 0 ? "withdrawal.failed" : i % 100 == 1 ? "withdrawal.completed" : "payment.completed";
        var time = DateTimeOffset.UtcNow.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
        var data = $$"""{"amount":{{1000 + i}},"currency":"CNY","method":"balance"}""";
        return $$"""{"specversion":"1.0","id":"{{id}}","source":"wallet/core","type":"{{type}}","subject":"{{DemoCustomers.IdOf(i * 7919 % DemoCustomers.Count)}}","time":"{{time}}","data":{{data}} }""";
    }

    private static List<byte[]> Bodies(int events, string prefix = "e") =>
        [.. Enumerable.Range(0, events).Chunk(1000).Select(part => Encoding.UTF8.GetBytes("[" + string.Join(',', part.Select(i => Event($"{prefix}-{i:D9}", i))) + "]"))];

    private static StringContent Content(string text, string type) => new(text, Encoding.UTF8, type);

    private static async Task<double> Timed(Func<Task> work)
    {
        var started = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private const string RawTable = "(seq {0}, source text not null, id text not null, kind text not null, customer_id text, at bigint not null, recorded_at bigint not null, actor text not null, data text not null, sealed {1}, body_hash bigint not null, considered text)";

    private static double RawSqlite(string file, int events)
    {
        using var connection = new SqliteConnection($"Data Source={file}");
        connection.Open();
        Execute(connection, "pragma journal_mode=wal; pragma synchronous=full; create table raw " + string.Format(CultureInfo.InvariantCulture, RawTable, "integer primary key autoincrement", "blob")
            + "; create unique index raw_once on raw (source, id); create index raw_timeline on raw (customer_id, at desc, seq desc)");
        var started = Stopwatch.GetTimestamp();
        foreach (var part in Enumerable.Range(0, events).Chunk(1000))
        {
            using var transaction = connection.BeginTransaction();
            using var insert = connection.CreateCommand();
            insert.CommandText = "insert into raw (source, id, kind, customer_id, at, recorded_at, actor, data, body_hash, considered) values ('wallet/core', @id, 'payment.completed', @customer, @at, @at, 'bench', @data, @hash, 'nobody') on conflict do nothing";
            var (id, customer, at, data, hash) = (insert.Parameters.Add("@id", SqliteType.Text), insert.Parameters.Add("@customer", SqliteType.Text), insert.Parameters.Add("@at", SqliteType.Integer), insert.Parameters.Add("@data", SqliteType.Text), insert.Parameters.Add("@hash", SqliteType.Integer));
            insert.Prepare();
            foreach (var i in part)
            {
                (id.Value, customer.Value, at.Value, data.Value, hash.Value) = ($"e-{i:D9}", DemoCustomers.IdOf(i * 7919 % DemoCustomers.Count), 1_700_000_000_000L + i, $$"""{"amount":{{1000 + i}},"currency":"CNY","method":"balance"}""", (long)i * 7919);
                insert.ExecuteNonQuery();
            }
            transaction.Commit();
        }
        return events / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static async Task<double> RawPostgres(string address, int events)
    {
        await using var source = NpgsqlDataSource.Create(PostgresStore.ConnectionString(address));
        await using (var create = source.CreateCommand("create table raw " + string.Format(CultureInfo.InvariantCulture, RawTable, "bigint generated always as identity primary key", "bytea")
            + "; create unique index raw_once on raw (source, id); create index raw_timeline on raw (customer_id, at desc, seq desc)")) await create.ExecuteNonQueryAsync();
        var started = Stopwatch.GetTimestamp();
        foreach (var part in Enumerable.Range(0, events).Chunk(1000))
        {
            await using var connection = await source.OpenConnectionAsync();
            await using var transaction = await connection.BeginTransactionAsync();
            await using var insert = new NpgsqlCommand("insert into raw (source, id, kind, customer_id, at, recorded_at, actor, data, body_hash, considered) select 'wallet/core', i, 'payment.completed', c, a, a, 'bench', d, h, 'nobody' from unnest($1, $2, $3, $4, $5) as t(i, c, a, d, h) on conflict do nothing", connection, transaction);
            Add(NpgsqlDbType.Text, part.Select(i => $"e-{i:D9}").ToArray());
            Add(NpgsqlDbType.Text, part.Select(i => DemoCustomers.IdOf(i * 7919 % DemoCustomers.Count)).ToArray());
            Add(NpgsqlDbType.Bigint, part.Select(i => 1_700_000_000_000L + i).ToArray());
            Add(NpgsqlDbType.Text, part.Select(i => $$"""{"amount":{{1000 + i}},"currency":"CNY","method":"balance"}""").ToArray());
            Add(NpgsqlDbType.Bigint, part.Select(i => (long)i * 7919).ToArray());
            await insert.ExecuteNonQueryAsync();
            await transaction.CommitAsync();

            void Add(NpgsqlDbType type, object values) => insert.Parameters.Add(new NpgsqlParameter { Value = values, NpgsqlDbType = NpgsqlDbType.Array | type });
        }
        return events / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
