using Huifang.Contacts;

namespace Huifang.Customers;

/// <summary>A person who has the wallet, as far as she is known to us. What is not known is null and never guessed.</summary>
/// <param name="Id">The operator's own id of the customer; opaque to us, at most 64 characters.</param>
/// <param name="Name">As she writes it; null when unknown or erased.</param>
/// <param name="Language">One of <see cref="Languages.Language.All"/>.</param>
/// <param name="TimeZone">IANA id; null means that nothing that depends on local time is allowed.</param>
/// <param name="Country">ISO 3166-1 alpha-2 of residence; decides the rule packs together with where her phone and zone are.</param>
public sealed record Customer(string Id, string? Name, string Language, string? TimeZone, string? Country)
{
    /// <summary>What the operator sorts customers by; lower case words.</summary>
    public IReadOnlyList<string> Segments { get; init; } = [];

    /// <summary>Free attributes of the operator, for conditions of rules. Nothing in here identifies a person.</summary>
    public IReadOnlyDictionary<string, string> Attributes { get; init; } = new Dictionary<string, string>();

    public IReadOnlyList<ContactPoint> Points { get; init; } = [];
    public Preferences Preferences { get; init; } = Preferences.None;
    public DateTimeOffset? Since { get; init; }
}

public enum PointKind { Phone, Email, App }

/// <summary>How much we trust that a contact point still reaches her.</summary>
public enum Standing
{
    Good,

    /// <summary>Bounced or failed lately; used last.</summary>
    Doubtful,

    /// <summary>Permanently refused; never used again until it is replaced or verified anew.</summary>
    Dead,
}

/// <summary>Where a customer can be reached.</summary>
/// <param name="Value">E.164 for phones, the address for mail, the device's id for the app; null when it may not be seen.</param>
public sealed record ContactPoint(string Id, PointKind Kind, string? Value, bool Verified, Standing Standing, int Rank)
{
    /// <summary>Which channels this kind of point carries.</summary>
    public bool Carries(Channel channel) => channel switch
    {
        Channel.Phone or Channel.Sms => Kind == PointKind.Phone,
        Channel.Email => Kind == PointKind.Email,
        _ => Kind == PointKind.App,
    };
}

/// <summary>When on which days she likes to be called, in her own local time. <paramref name="To"/> is exclusive and after <paramref name="From"/>.</summary>
public sealed record ConvenientHours(DayOfWeek Day, TimeOnly From, TimeOnly To);

/// <summary>What the customer chose. Empty means that she has not chosen, and the operator's defaults hold.</summary>
/// <param name="Channels">In her order; a channel that is not in a non-empty list is not used.</param>
/// <param name="ContactsPerMonthMax">Never more than this in 30 days, over everything but security; null: the packs' caps alone.</param>
public sealed record Preferences(IReadOnlyList<Channel> Channels, IReadOnlyList<ConvenientHours> Hours, int? ContactsPerMonthMax)
{
    public static readonly Preferences None = new([], [], null);
}
