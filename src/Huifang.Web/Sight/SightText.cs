namespace Huifang.Sight;

/// <summary>The texts of who looked: for reviewers and for the customer herself.</summary>
public sealed class SightText;
