namespace Huifang.Shell;

/// <summary>The texts of the shell: ShellText.resx (zh-Hans), ShellText.zh-Hant.resx, ShellText.en.resx.</summary>
public sealed class ShellText;
