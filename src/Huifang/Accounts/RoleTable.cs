using Huifang.Storage;

namespace Huifang.Accounts;

internal sealed record RoleChange(string Role, string Permission, string Reach, DateTimeOffset ChangedAt, string ChangedBy)
{
    private RoleChange() : this("", "", "", default, "") { }
}

internal static class RoleTable
{
    public static Task<List<RoleChange>> All(Tx tx) => tx.Query<RoleChange>("select role, permission, reach, changed_at as changedat, changed_by as changedby from role_permissions");

    public static Task<int> Set(Tx tx, RoleChange change) => tx.Run(
        """
        insert into role_permissions (role, permission, reach, changed_at, changed_by) values (@Role, @Permission, @Reach, @ChangedAt, @ChangedBy)
        on conflict (role, permission) do update set reach = excluded.reach, changed_at = excluded.changed_at, changed_by = excluded.changed_by
        """, change);
}
