namespace Huifang.Public;

/// <summary>The texts of the pages for everybody: open figures, and how data is used.</summary>
public sealed class PublicText;
