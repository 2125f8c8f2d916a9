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

    public static string Say(IStringLocalizer<CallText> words, HistoryLine line)
    {
        var amount = line.Amount is { } minor ? $" {Money(minor, line.Currency)} " : "";
        var said = words[$"Kind.{line.Kind}", amount];
        return said.ResourceNotFound ? words["Kind.other", line.Kind] : said.Value.Trim();
    }

    private static string Money(long minor, string? currency) => currency switch
    {
        null or "CNY" => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"¥ {minor / 100m:N2}"),
        _ => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{currency} {minor / 100m:N2}"),
    };
}
