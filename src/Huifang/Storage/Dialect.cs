using System.Text.RegularExpressions;

namespace Huifang.Storage;

/// <summary>Every place where the two databases need different words. Nothing else in the house knows which one it is.</summary>
public sealed partial record Dialect(string Name, string IdentityKey, string NumberKey, string Bytes, string SkipLocked, string ForUpdate)
{
    public static readonly Dialect Sqlite = new("sqlite", "integer primary key autoincrement", "integer primary key", "blob", "", "");

    public static readonly Dialect Postgres = new("postgres", "bigint generated always as identity primary key", "bigint primary key", "bytea", "for update skip locked", "for update");

    public bool IsSqlite => ReferenceEquals(this, Sqlite);

    /// <summary>SQL is written once, in SQLite's words; here are the few that PostgreSQL says otherwise.</summary>
    public string Spell(string sql)
    {
        var spelled = sql
            .Replace("IDENTITY_KEY", IdentityKey, StringComparison.Ordinal)
            .Replace("NUMBER_KEY", NumberKey, StringComparison.Ordinal)
            .Replace("BYTES", Bytes, StringComparison.Ordinal)
            .Replace("SKIP_LOCKED", SkipLocked, StringComparison.Ordinal)
            .Replace("FOR_UPDATE", ForUpdate, StringComparison.Ordinal);
        return IsSqlite ? spelled : InList().Replace(spelled, list => list.Groups["not"].Success ? $"<> all({list.Groups["name"]})" : $"= any({list.Groups["name"]})");
    }

    // A list is one array parameter there, and many parameters here.
    [GeneratedRegex(@"\b(?<not>not )?in (?<name>@\w+)")]
    private static partial Regex InList();
}
