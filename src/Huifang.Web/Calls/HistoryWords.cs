using Huifang.Customers;
using Huifang.FollowUps;
using Huifang.Shell;
using Microsoft.Extensions.Localization;

namespace Huifang.Calls;

/// <summary>A customer's history in words. An amount stands in the sentence only where the level has opened it.</summary>
public static class HistoryWords
{
    public static string Icon(string kind) => kind.Split('.')[0] switch
    {
        "withdrawal" or "refund" => kind.EndsWith("failed", StringComparison.Ordinal) ? "arrow-back-up" : "cash",
        "payment" or "transfer" or "topup" => "credit-card",
        "login" or "registration" => "login",
        "help" => "search",
        "feature" => "sparkles",
        "follow-up" or "promise" => "calendar-check",
        "consent" or "preferences" or "suppression" => "adjustments-horizontal",
        "feedback" => "message-2",
        _ => "circle-dot",
    };

    /// <param name="facts">The words of the customer's timeline, for what the desk has no shorter ones.</param>
    public static string Say(IStringLocalizer<CallText> words, IStringLocalizer<CustomersText> facts, HistoryLine line)
    {
        var amount = line.Amount is { } minor ? $" {Money(minor, line.Currency)} " : "";
        var said = words[$"Kind.{line.Kind}", amount];
        if (!said.ResourceNotFound) return said.Value.Trim();
        return facts[$"Fact.{line.Kind}"] is { ResourceNotFound: false } own ? own.Value : TriggerShelf.EventName(line.Kind, PageLanguage.Current);
    }

    private static string Money(long minor, string? currency) => currency switch
    {
        null or "CNY" => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"¥ {minor / 100m:N2}"),
        _ => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{currency} {minor / 100m:N2}"),
    };
}
