using Huifang.Storage;
using Npgsql;

namespace Huifang.Tests;

public sealed class StorageFailureTests
{
    [Fact]
    public void A_connection_that_broke_is_an_absent_database_and_no_full_disk()
    {
        var broke = new NpgsqlException("Exception while reading from stream", new EndOfStreamException("Attempted to read past the end of the stream."));
        Assert.True(StorageFailure.IsAway(broke));
        Assert.False(StorageFailure.IsFull(broke));
        Assert.False(StorageFailure.IsFull(new InvalidOperationException("wrapped", broke)));
        Assert.False(StorageFailure.IsFull(new IOException("The pipe was closed.")));
        Assert.True(StorageFailure.IsFull(new IOException("No space left on device", 28)));
        Assert.False(StorageFailure.IsAway(new InvalidOperationException()));
    }

    [Fact]
    public void An_address_may_name_a_primary_and_its_standbys()
    {
        var several = new NpgsqlConnectionStringBuilder(PostgresStore.ConnectionString("postgres://care:p%40ss@db-1:5433,db-2:5434/huifang"));
        Assert.Equal(("db-1:5433,db-2:5434", "care", "p@ss", "huifang"), (several.Host, several.Username, several.Password, several.Database));
        var one = new NpgsqlConnectionStringBuilder(PostgresStore.ConnectionString("postgres://care@db/huifang"));
        Assert.Equal(("db", 5432, "huifang"), (one.Host, one.Port, one.Database));
    }
}
