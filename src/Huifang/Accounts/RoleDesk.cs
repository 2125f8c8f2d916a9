using System.Text.Json;
using Huifang.Journal;
using Huifang.Storage;

namespace Huifang.Accounts;

/// <summary>What each role may do: as shipped, with the operator's changes before it. Read with every request, so that a change holds at once.</summary>
public sealed class RoleDesk(JournalDesk journal, Ids ids, TimeProvider time)
{
    /// <summary>Every role with its permissions and their reach.</summary>
    public async Task<IReadOnlyDictionary<Role, IReadOnlyDictionary<string, Reach>>> All(Tx tx)
    {
        var changes = (await RoleTable.All(tx)).ToLookup(change => change.Role, StringComparer.Ordinal);
        return Enum.GetValues<Role>().ToDictionary(role => role, role =>
        {
            var grants = new Dictionary<string, Reach>(Permission.Shipped(role), StringComparer.Ordinal);
            foreach (var change in changes[role.ToString()])
                if (Enum.TryParse<Reach>(change.Reach, out var reach)) grants[change.Permission] = reach;
                else grants.Remove(change.Permission);
            return (IReadOnlyDictionary<string, Reach>)grants;
        });
    }

    /// <summary>The person with what her roles may do now.</summary>
    public async Task<Staff> WithGrants(Tx tx, Staff staff)
    {
        var all = await All(tx);
        return staff with { Grants = Permission.Together(staff.Roles.Select(role => all[role])) };
    }

    /// <summary>Gives a role a permission with this reach, or takes it away (null).</summary>
    /// <exception cref="ArgumentException">There is no such permission.</exception>
    public async Task Set(Tx tx, Role role, string permission, Reach? reach, string by)
    {
        if (!Permission.All.Contains(permission)) throw new ArgumentException($"There is no permission '{permission}'.", nameof(permission));
        var now = time.GetUtcNow();
        await RoleTable.Set(tx, new(role.ToString(), permission, reach?.ToString() ?? "None", now, by));
        await journal.Append(tx, new Fact(Fact.Care, ids.New(), "role.changed", null, now, by, JsonSerializer.Serialize(new { role = role.ToString(), permission, reach = reach?.ToString() })));
    }
}
