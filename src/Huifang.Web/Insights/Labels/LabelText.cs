using System.Text.Json;
using Huifang.Approvals;
using Microsoft.Extensions.Localization;

namespace Huifang.Insights;

/// <summary>The texts of labelling and models: LabelText.resx (zh-Hans), .zh-Hant and .en.</summary>
public sealed class LabelText;

/// <summary>Reads what a second person lets go live as its figures.</summary>
public sealed class ModelApprovalWords(IStringLocalizer<LabelText> text) : IApprovalWords
{
    public string Kind => ModelApproval.GoesLive.Key;

    public string Say(JsonElement payload) => text["WouldGoLive", payload.GetProperty("model").GetString() ?? "", payload.GetProperty("right").GetInt64(), payload.GetProperty("tested").GetInt64(), payload.GetProperty("gain").GetString() ?? "", payload.GetProperty("gainLow").GetString() ?? "", payload.GetProperty("gainHigh").GetString() ?? ""];
}
