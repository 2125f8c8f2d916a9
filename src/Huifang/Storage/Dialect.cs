namespace Huifang.Storage;

/// <summary>Every place where the two databases need different words. Nothing else in the house knows which one it is.</summary>
public sealed record Dialect(string Name, string IdentityKey, string Bytes, string SkipLocked)
{
    public static readonly Dialect Sqlite = new("sqlite", "integer primary key autoincrement", "blob", "");

    public static readonly Dialect Postgres = new("postgres", "bigint generated always as identity primary key", "bytea", "for update skip locked");

    public bool IsSqlite => ReferenceEquals(this, Sqlite);

    /// <summary>Migrations are written once, with three words that differ.</summary>
    public string Spell(string sql) => sql
        .Replace("IDENTITY_KEY", IdentityKey, StringComparison.Ordinal)
        .Replace("BYTES", Bytes, StringComparison.Ordinal)
        .Replace("SKIP_LOCKED", SkipLocked, StringComparison.Ordinal);
}
