using Huifang.Privacy;
using Huifang.Storage;
using Microsoft.Data.Sqlite;

namespace Huifang.House.Tests;

/// <summary>What is held about people is told to them and erased: every table with a customer in it stands in <see cref="PersonalRows"/>, and every line there runs.</summary>
public sealed class PersonalDataTests
{
    [Fact]
    public async Task Every_table_with_a_customer_says_what_she_is_told_and_what_an_erasure_does()
    {
        await using var house = await Scratch.Open();
        var tables = house.Query("select m.name from sqlite_master m join pragma_table_info(m.name) c where m.type = 'table' and c.name = 'customer_id'");
        var missing = tables.Except(PersonalRows.All.Select(rows => rows.Table)).ToList();
        Assert.True(missing.Count == 0, $"PersonalRows does not name {string.Join(", ", missing)}. A person may ask for all that is held about her, and that it be erased: add a line with what she is told (Select), what her key opens (Sealed) and what an erasure clears beside ending her key (Forget).");
        var gone = PersonalRows.All.Select(rows => rows.Table).Except(house.Query("select name from sqlite_master where type = 'table'")).ToList();
        Assert.True(gone.Count == 0, $"PersonalRows names {string.Join(", ", gone)}, which is no table any more.");
    }

    [Fact]
    public async Task Every_line_of_what_is_told_and_forgotten_runs()
    {
        await using var house = await Scratch.Open();
        foreach (var rows in PersonalRows.All)
            foreach (var sql in new[] { rows.Select, rows.Forget ?? "" }.Where(sql => sql.Length > 0)) house.Query($"explain {sql.Replace("@id", "'c-1'", StringComparison.Ordinal)}");
    }

    private sealed class Scratch(string folder, SqliteConnection connection) : IAsyncDisposable
    {
        public static async Task<Scratch> Open()
        {
            var folder = Directory.CreateTempSubdirectory("huifang-house-").FullName;
            var file = Path.Combine(folder, "huifang.db");
            await using (var store = Store.Open(file)) await Migrations.Apply(store, TimeProvider.System);
            var connection = new SqliteConnection($"Data Source={file};Pooling=false");
            connection.Open();
            return new Scratch(folder, connection);
        }

        public List<string> Query(string sql)
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            using var reader = command.ExecuteReader();
            var found = new List<string>();
            while (reader.Read()) found.Add(Convert.ToString(reader.GetValue(0))!);
            return found;
        }

        public async ValueTask DisposeAsync()
        {
            await connection.DisposeAsync();
            Directory.Delete(folder, recursive: true);
        }
    }
}
