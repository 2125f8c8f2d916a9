namespace Huifang.Portal;

/// <summary>The texts of the customers' own pages: PortalText.resx (zh-Hans), PortalText.zh-Hant.resx, PortalText.en.resx.</summary>
public sealed class PortalText;
