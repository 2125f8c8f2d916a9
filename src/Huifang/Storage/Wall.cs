namespace Huifang.Storage;

/// <summary>
/// The second wall, on PostgreSQL: while a customer's page is being made, reads run under a role that owns nothing, may only select, and sees rows of that one customer. A query that
/// forgot its condition finds nothing of anybody else. Deciding and writing stay with the owner's role, because whether there is room for a promise depends on everybody's.
/// </summary>
public static class Wall
{
    private static readonly AsyncLocal<string?> Inside = new();

    /// <summary>The customer for whom this is done; null for the house itself.</summary>
    public static string? Customer => Inside.Value;

    /// <summary>From here to the end of this request reads are hers alone.</summary>
    public static void Enter(string customerId) => Inside.Value = customerId;
}
