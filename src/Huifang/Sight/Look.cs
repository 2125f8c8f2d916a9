using Huifang.Calls;

namespace Huifang.Sight;

/// <summary>What a person had in hand that made it right to look.</summary>
/// <param name="Kind">call, follow-up, complaint, glass, review, search, nothing.</param>
public sealed record Because(string Kind, string? Id)
{
    public static Because Call(string id) => new("call", id);
    public static Because Glass(string id) => new("glass", id);

    /// <summary>Reading a call afterwards, for quality or an inquiry.</summary>
    public static Because Review(string id) => new("review", id);

    public static readonly Because Nothing = new("nothing", null);
}

/// <summary>One look at a customer's record, as it is kept.</summary>
/// <param name="What">desk, record, call, recording, unmask, asked.</param>
public sealed record Look(long Seq, string StaffId, string CustomerId, DateTimeOffset At, string What, string? Field, string Because, string? BecauseId, bool Granted, DateTimeOffset? Until)
{
    private Look() : this(0, "", "", default, "", null, "", null, false, null) { }
}

/// <summary>Fields that are shown masked, and whole for a minute when somebody asks.</summary>
public enum SightField { Phone, Email }

/// <summary>An alarm as it waits for a person.</summary>
public sealed record AlarmRow(string Id, string StaffId, string Kind, DateTimeOffset At, string? CustomerId, int Figure, int Allowed, DateTimeOffset? SettledAt, string? SettledBy, byte[]? SettledWords)
{
    private AlarmRow() : this("", "", "", default, null, 0, 0, null, null, null) { }
}

/// <summary>What somebody has in hand with a customer, and how far that customer is verified in it.</summary>
public sealed record InHand(Because Because, Level Level);

/// <summary>A room says what of its own a member of staff has in hand with a customer.</summary>
public interface IInHand
{
    /// <summary>What she has in hand with this customer now, or null.</summary>
    Task<InHand?> With(Storage.Tx tx, string staffId, string customerId);

    /// <summary>Has she anything in hand at all?</summary>
    Task<bool> Any(Storage.Tx tx, string staffId);
}
