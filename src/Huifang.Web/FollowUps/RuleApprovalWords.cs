using System.Text.Json;
using Huifang.Approvals;
using Huifang.Shell;
using Microsoft.Extensions.Localization;

namespace Huifang.FollowUps;

/// <summary>Reads the rule that would go live as its sentence, the same that its page shows.</summary>
public sealed class RuleApprovalWords(IStringLocalizer<RuleText> text) : IApprovalWords
{
    public string Kind => RuleApproval.GoesLive.Key;

    public string Say(JsonElement payload)
    {
        if (TriggerReader.Read(payload.GetProperty("text").GetString() ?? "").Rule is not { } rule) return payload.GetProperty("rule").GetString() ?? "";
        var sentence = TriggerSentence.Of(rule, PageLanguage.Current);
        return text["WouldGoLive", rule.Name.In(PageLanguage.Current), payload.GetProperty("version").GetInt64(), sentence.When, sentence.Who];
    }
}
