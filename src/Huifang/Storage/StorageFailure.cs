using Microsoft.Data.Sqlite;
using Npgsql;

namespace Huifang.Storage;

/// <summary>Failures of the database that have an answer of their own.</summary>
public static class StorageFailure
{
    private const int SqliteFull = 13, SqliteIo = 10;

    /// <summary>There is no room left: nothing of this work was kept.</summary>
    public static bool IsFull(Exception failed) => failed switch
    {
        SqliteException { SqliteErrorCode: SqliteFull or SqliteIo } => true,
        PostgresException { SqlState: PostgresErrorCodes.DiskFull or PostgresErrorCodes.OutOfMemory or PostgresErrorCodes.ConfigurationLimitExceeded } => true,
        IOException => true,
        { InnerException: { } inner } => IsFull(inner),
        _ => false,
    };
}
