using Huifang.Contacts;
using Huifang.Customers;

namespace Huifang.Messages;

/// <summary>Which written channel a message takes, and which point it goes to.</summary>
public static class MessageChannels
{
    /// <summary>The order for people who have not chosen one.</summary>
    public static readonly IReadOnlyList<Channel> Usual = [Channel.Sms, Channel.Email, Channel.InApp];

    /// <summary>Her own order; only channels that are written and have a point that still answers.</summary>
    public static IReadOnlyList<Channel> For(Customer customer)
    {
        var chosen = customer.Preferences.Channels.Where(Usual.Contains).ToList();
        return [.. (chosen.Count == 0 ? Usual : chosen).Where(channel => PointFor(customer, channel) is not null)];
    }

    /// <summary>The best point for a channel: those in good standing first, then in her order; dead ones never.</summary>
    public static ContactPoint? PointFor(Customer customer, Channel channel) =>
        customer.Points.Where(point => point.Carries(channel) && point.Standing != Standing.Dead && point.Value is not null).OrderBy(point => point.Standing).ThenBy(point => point.Rank).FirstOrDefault();

    /// <summary>What a refusal for good makes of a point: the first time we doubt it, the second time it is dead.</summary>
    public static Standing After(Standing standing, bool delivered) => (standing, delivered) switch
    {
        (_, true) => Standing.Good,
        (Standing.Good, false) => Standing.Doubtful,
        (_, false) => Standing.Dead,
    };
}
