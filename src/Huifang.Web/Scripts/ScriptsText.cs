namespace Huifang.Scripts;

/// <summary>The texts of the script pages: ScriptsText.resx (zh-Hans), .zh-Hant, .en.</summary>
public sealed class ScriptsText;
