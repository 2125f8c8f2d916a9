namespace Huifang.Accounts;

/// <summary>What a member of staff is here to do. A person may have several.</summary>
public enum Role { Agent, Supervisor, Analyst, Compliance, Risk, Administrator }

/// <summary>How far a permission reaches: what a person has in hand herself, what her team has, or everything.</summary>
public enum Reach { Own, Team, All }
