using Microsoft.Data.Sqlite;
using Npgsql;

namespace Huifang.Storage;

/// <summary>Failures of the database that have an answer of their own.</summary>
public static class StorageFailure
{
    private const int SqliteFull = 13, SqliteIo = 10, SqliteBusy = 5, SqliteLocked = 6;
    // errno: no space, file too large, over quota.
    private const int NoSpace = 28, FileTooLarge = 27, OverQuota = 122;

    /// <summary>There is no room left: nothing of this work was kept.</summary>
    public static bool IsFull(Exception failed) => failed switch
    {
        SqliteException { SqliteErrorCode: SqliteFull or SqliteIo } => true,
        PostgresException { SqlState: PostgresErrorCodes.DiskFull or PostgresErrorCodes.OutOfMemory or PostgresErrorCodes.ConfigurationLimitExceeded } => true,
        // A connection that broke says so by an IOException inside; that is no lack of room.
        NpgsqlException => false,
        IOException { HResult: NoSpace or FileTooLarge or OverQuota } => true,
        { InnerException: { } inner } => IsFull(inner),
        _ => false,
    };

    /// <summary>The database does not answer, or not as the one that may be written: worth another try in a moment. Whether the last work was kept is not known.</summary>
    public static bool IsAway(Exception failed) => failed switch
    {
        SqliteException { SqliteErrorCode: SqliteBusy or SqliteLocked } => true,
        PostgresException { SqlState: PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.ReadOnlySqlTransaction or PostgresErrorCodes.TooManyConnections } => true,
        PostgresException => false,
        NpgsqlException => true,
        TimeoutException => true,
        { InnerException: { } inner } => IsAway(inner),
        _ => false,
    };
}
