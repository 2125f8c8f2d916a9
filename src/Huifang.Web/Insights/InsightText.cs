namespace Huifang.Insights;

/// <summary>The texts of the insight pages: InsightText.resx (zh-Hans), .zh-Hant and .en.</summary>
public sealed class InsightText;
