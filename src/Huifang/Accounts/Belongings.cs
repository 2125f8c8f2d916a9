using Huifang.Calls;
using Huifang.Storage;

namespace Huifang.Accounts;

/// <summary>Kinds of things that routes are about and that belong to somebody.</summary>
public static class Thing
{
    public const string Call = "call";
    public const string Recording = "recording";
    public const string Customer = "customer";
    public const string Staff = "staff";
    public const string Message = "message";
    public const string Decision = "decision";
    public const string Complaint = "complaint";
}

/// <summary>Whose a thing is: the member of staff who has it in hand, the customer it is about, and how far she is verified in the open call.</summary>
public sealed record Belonging(string? StaffId, string? CustomerId, Level Level = Level.V0);

/// <summary>A room says to whom its things belong.</summary>
public interface IBelongings
{
    /// <summary>Which kind, a name of <see cref="Thing"/>.</summary>
    string Of { get; }

    /// <summary>Whose this one is; null when there is none of that id. <paramref name="asking"/> is who asks: some things belong to everybody who works on them.</summary>
    Task<Belonging?> Find(Tx tx, string id, string asking);
}

/// <summary>How a person stands to a thing: the fact that the rules of access decide on.</summary>
public sealed class Belongings(IEnumerable<IBelongings> rooms)
{
    /// <param name="staff">Who asks.</param>
    /// <returns>Her relation, and how far the customer of the thing is verified.</returns>
    public async Task<(Relation Relation, Level Level)> OfStaff(Tx tx, string thing, string id, Staff staff)
    {
        if (await Find(tx, thing, id, staff.Id) is not { } belonging) return (Relation.Other, Level.V0);
        if (belonging.StaffId is null) return (Relation.Other, belonging.Level);
        if (belonging.StaffId == staff.Id) return (Relation.Own, belonging.Level);
        var same = await StaffTable.TeamOf(tx, belonging.StaffId) == staff.Team;
        return (same ? Relation.Team : Relation.Other, belonging.Level);
    }

    public async Task<bool> IsCustomers(Tx tx, string thing, string id, string customerId) => await Find(tx, thing, id, customerId) is { CustomerId: { } owner } && owner == customerId;

    private Task<Belonging?> Find(Tx tx, string thing, string id, string asking) =>
        rooms.SingleOrDefault(room => room.Of == thing) is { } room ? room.Find(tx, id, asking) : throw new InvalidOperationException($"No room says to whom a {thing} belongs.");
}

/// <summary>A member of staff belongs to herself; her supervisor is of her team.</summary>
public sealed class StaffBelongings : IBelongings
{
    public string Of => Thing.Staff;

    public async Task<Belonging?> Find(Tx tx, string id, string asking) => await StaffTable.TeamOf(tx, id) is null ? null : new(id, null);
}
