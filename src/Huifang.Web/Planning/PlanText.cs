namespace Huifang.Planning;

/// <summary>The texts of the pages of agents and shifts.</summary>
public sealed class PlanText;
