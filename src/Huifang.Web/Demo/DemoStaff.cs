using Huifang.Accounts;

namespace Huifang.Demo;

/// <summary>Who works at 青桥钱包. Passwords are made when the demo is seeded and printed once.</summary>
public static class DemoStaff
{
    /// <summary>Zone of the agents' shifts.</summary>
    public const string Zone = "Asia/Shanghai";

    /// <summary>A member of staff; for agents, the languages and skills they are planned by.</summary>
    public sealed record Person(Staff Staff, string[] Languages, string[] Skills, int ShiftStart)
    {
        public bool TakesCalls => Languages.Length > 0;
    }

    /// <summary>The first agent is left to whoever tries the demo; the house lets the others work by themselves.</summary>
    public static readonly IReadOnlyList<Person> All =
    [
        Agent("lin", "林静", ["zh-Hans", "en"], 9), Agent("zhou", "周启明", ["zh-Hans"], 9), Agent("he", "何佳", ["zh-Hans"], 10), Agent("ma", "马骁", ["zh-Hans", "zh-Hant"], 9),
        Agent("chan", "陳詠詩", ["zh-Hant", "en"], 9), Agent("wu", "吳家俊", ["zh-Hant"], 11), Agent("price", "Emma Price", ["en"], 12), Agent("tan", "Wei Tan", ["en", "zh-Hans"], 9),
        Agent("xu", "徐晚", ["zh-Hans"], 12), Agent("gao", "高岚", ["zh-Hans"], 10), Agent("song", "宋词", ["zh-Hans"], 9), Agent("jia", "贾宁", ["zh-Hans"], 11),
        Other("jiang", "江晚", Role.Supervisor, Role.Agent), Other("cheng", "程远", Role.Analyst), Other("shen", "沈律", Role.Compliance), Other("qin", "秦守", Role.Risk), Other("admin", "管理员", Role.Administrator),
    ];

    private static Person Agent(string login, string name, string[] languages, int shiftStart) => new(new Staff($"s-{login}", login, name, [Role.Agent], name.All(char.IsAscii) ? "en" : name is "陳詠詩" or "吳家俊" ? "zh-Hant" : "zh-Hans"), languages, ["general", "security"], shiftStart);

    private static Person Other(string login, string name, params Role[] roles) => new(new Staff($"s-{login}", login, name, roles, "zh-Hans"), [], [], 0);
}
