using System.Text.RegularExpressions;

namespace Huifang.Storage;

/// <summary>Every place where the two databases need different words. Nothing else in the house knows which one it is.</summary>
public sealed partial record Dialect(string Name, string IdentityKey, string NumberKey, string Bytes, string SkipLocked, string ForUpdate, string Clustered)
{
    public static readonly Dialect Sqlite = new("sqlite", "integer primary key autoincrement", "integer primary key", "blob", "", "", "without rowid");

    public static readonly Dialect Postgres = new("postgres", "bigint generated always as identity primary key", "bigint primary key", "bytea", "for update skip locked", "for update", "");

    public bool IsSqlite => ReferenceEquals(this, Sqlite);

    /// <summary>SQL is written once, in SQLite's words; here are the few that PostgreSQL says otherwise.</summary>
    public string Spell(string sql)
    {
        var spelled = sql
            .Replace("IDENTITY_KEY", IdentityKey, StringComparison.Ordinal)
            .Replace("NUMBER_KEY", NumberKey, StringComparison.Ordinal)
            .Replace("BYTES", Bytes, StringComparison.Ordinal)
            .Replace("SKIP_LOCKED", SkipLocked, StringComparison.Ordinal)
            .Replace("CLUSTERED", Clustered, StringComparison.Ordinal)
            .Replace("FOR_UPDATE", ForUpdate, StringComparison.Ordinal);
        return IsSqlite ? spelled : InList().Replace(spelled, list => list.Groups["not"].Success ? $"<> all({list.Groups["name"]})" : $"= any({list.Groups["name"]})");
    }

    /// <summary>
    /// Raised after every migration, on PostgreSQL only: a role that owns nothing and may only select, and on every table with a customer a policy that shows it hers alone. Tables of
    /// secrets are closed to it. Where our user may not make roles it is left out, and <c>huifang doctor</c> says so.
    /// </summary>
    public const string RaiseWall =
        """
        do $wall$
        declare place record;
        begin
          begin
            create role huifang_customer nologin;
          exception when duplicate_object or unique_violation then null;
          end;
          execute format('grant huifang_customer to %I', current_user);
          grant usage on schema public to huifang_customer;
          grant select on all tables in schema public to huifang_customer;
          revoke select on sessions, passkeys, recovery_codes, ceremonies, api_keys from huifang_customer;
          for place in
            select c.relname as name, case when c.relname = 'customers' then 'id' else 'customer_id' end as part from pg_class c
            where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and exists (select from pg_attribute a where a.attrelid = c.oid and not a.attisdropped and a.attname = case when c.relname = 'customers' then 'id' else 'customer_id' end)
          loop
            execute format('alter table %I enable row level security', place.name);
            execute format('drop policy if exists hers_alone on %I', place.name);
            execute format('create policy hers_alone on %I for select to huifang_customer using (%I = current_setting(''huifang.customer'', true))', place.name, place.part);
          end loop;
        exception when insufficient_privilege then raise notice 'the wall needs a user that may make roles';
        end
        $wall$
        """;

    /// <summary>Does the wall stand, and may we go behind it?</summary>
    public const string HasWall = "select exists (select from pg_roles where rolname = 'huifang_customer' and pg_has_role(current_user, oid, 'member')) and exists (select from pg_policies where policyname = 'hers_alone')";

    /// <summary>For the rest of this transaction only.</summary>
    public const string StandBehindWall = "set local role huifang_customer; select set_config('huifang.customer', @customer, true)";

    // A list is one array parameter there, and many parameters here.
    [GeneratedRegex(@"\b(?<not>not )?in (?<name>@\w+)")]
    private static partial Regex InList();
}
