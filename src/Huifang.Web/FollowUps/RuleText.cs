namespace Huifang.FollowUps;

/// <summary>The texts of the pages of trigger rules.</summary>
public sealed class RuleText;
