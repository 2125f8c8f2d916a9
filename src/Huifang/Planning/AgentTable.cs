using System.Globalization;
using Huifang.Storage;

namespace Huifang.Planning;

internal static class AgentTable
{
    private static readonly Bulk<(string Id, AgentTime Time, DateOnly Day)> Times = new("agent_times", "on conflict (id) do nothing",
        ("id", Column.Text, r => r.Id), ("agent_id", Column.Text, r => r.Time.AgentId), ("kind", Column.Text, r => r.Time.Kind.ToString()),
        ("from_at", Column.Number, r => r.Time.From.ToUnixTimeMilliseconds()), ("to_at", Column.Number, r => r.Time.To.ToUnixTimeMilliseconds()), ("day", Column.Text, r => Text(r.Day)));

    public static async Task Save(Tx tx, Agent agent, DateTimeOffset now)
    {
        await tx.Run("insert into agents (id, time_zone, changed_at) values (@Id, @TimeZone, @now) on conflict (id) do update set time_zone = excluded.time_zone, changed_at = excluded.changed_at",
            new { agent.Id, agent.TimeZone, now });
        await tx.Run("delete from agent_languages where agent_id = @Id", new { agent.Id });
        await tx.Run("delete from agent_skills where agent_id = @Id", new { agent.Id });
        foreach (var language in agent.Languages.Distinct(StringComparer.Ordinal)) await tx.Run("insert into agent_languages (agent_id, language) values (@Id, @language)", new { agent.Id, language });
        foreach (var skill in agent.Skills.Distinct(StringComparer.Ordinal)) await tx.Run("insert into agent_skills (agent_id, skill) values (@Id, @skill)", new { agent.Id, skill });
    }

    public static async Task<List<Agent>> All(Tx tx)
    {
        var rows = await tx.Query<(string Id, string Name, string Zone)>("select a.id, s.name, a.time_zone from agents a join staff s on s.id = a.id where s.disabled_at is null order by a.id");
        var languages = (await tx.Query<(string Agent, string Word)>("select agent_id, language from agent_languages order by language")).ToLookup(row => row.Agent, row => row.Word);
        var skills = (await tx.Query<(string Agent, string Word)>("select agent_id, skill from agent_skills order by skill")).ToLookup(row => row.Agent, row => row.Word);
        return [.. rows.Select(row => new Agent(row.Id, row.Name, row.Zone, [.. languages[row.Id]], [.. skills[row.Id]]))];
    }

    public static Task<string?> ZoneOf(Tx tx, string agentId) => tx.One<string>("select time_zone from agents where id = @agentId", new { agentId });

    public static async Task SetDay(Tx tx, string agentId, DateOnly day, IEnumerable<(string Id, AgentTime Time)> times)
    {
        await tx.Run("delete from agent_times where agent_id = @agentId and day = @day", new { agentId, day = Text(day) });
        await Times.Insert(tx, [.. times.Select(time => (time.Id, time.Time, day))], returning: "");
    }

    public static async Task<List<AgentTime>> OfDays(Tx tx, DateOnly from, DateOnly to) => [.. (await tx.Query<TimeRow>(
        "select agent_id as agent, kind, from_at as starts, to_at as ends from agent_times where day >= @from and day <= @to order by agent_id, from_at",
        new { from = Text(from), to = Text(to) })).Select(row => row.ToTime())];

    internal static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private sealed record TimeRow(string Agent, string Kind, DateTimeOffset Starts, DateTimeOffset Ends)
    {
        public AgentTime ToTime() => new(Agent, Enum.Parse<TimeKind>(Kind), Starts, Ends);
    }
}
