namespace Huifang.Improvements;

/// <summary>The texts of improvements, for staff and on the public page: ImprovementText.resx (zh-Hans), .zh-Hant and .en.</summary>
public sealed class ImprovementText;
