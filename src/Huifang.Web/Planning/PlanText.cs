using Microsoft.Extensions.Localization;

namespace Huifang.Planning;

/// <summary>The texts of the pages of agents and shifts.</summary>
public sealed class PlanText;

/// <summary>Skills are words of the operator's own; those that ship have a name in each language.</summary>
public static class SkillWords
{
    public static string Skill(this IStringLocalizer<PlanText> texts, string skill) => texts[$"Skill.{skill}"] is { ResourceNotFound: false } known ? known.Value : skill;
}
