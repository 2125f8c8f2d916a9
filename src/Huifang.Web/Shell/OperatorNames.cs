using Huifang.Languages;

namespace Huifang.Shell;

/// <summary>How the operator is called on pages and in messages; bound from configuration "Operator", the demo's when nothing is set.</summary>
public sealed record OperatorNames
{
    public string ZhHans { get; init; } = "青桥钱包";
    public string ZhHant { get; init; } = "青橋錢包";
    public string En { get; init; } = "Qingqiao Wallet";

    /// <summary>The number that customers may call, as the operator publishes it.</summary>
    public string Hotline { get; init; } = "400 000 0555";

    public string Here => In(PageLanguage.Current);

    /// <summary>The name in a language.</summary>
    public string In(string language) => new Localized(ZhHans, ZhHant, En).In(language);
}
