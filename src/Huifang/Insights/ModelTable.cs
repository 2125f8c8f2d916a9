using Huifang.Storage;

namespace Huifang.Insights;

/// <summary>A model that was taught here.</summary>
/// <param name="State">Ready, Live or Retired.</param>
/// <param name="Report">How well it does on what it never saw, as <see cref="ModelReport"/>.</param>
public sealed record ModelLine(string Version, string State, DateTimeOffset MadeAt, string MadeBy, long Examples, long Labels, string Report, DateTimeOffset? LiveAt, string? LiveBy)
{
    private ModelLine() : this("", "", default, "", 0, 0, "", null, null) { }

    public const string Ready = "Ready", Live = "Live", Retired = "Retired";
}

/// <summary>One time of teaching.</summary>
/// <param name="State">Waiting, Done or Failed.</param>
public sealed record Training(string Id, DateTimeOffset AskedAt, string AskedBy, string State, double Progress, string What, int Tries, string? Model, string? Error, DateTimeOffset? EndedAt)
{
    private Training() : this("", default, "", "", 0, "", 0, null, null, null) { }
}

internal static class ModelTable
{
    public static Task<string?> LiveVersion(Tx tx) => tx.One<string>("select version from insight_models where state = 'Live'");

    public static Task<byte[]?> Content(Tx tx, string version) => tx.One<byte[]>("select content from insight_models where version = @version", new { version });

    private const string Columns = "version, state, made_at as madeat, made_by as madeby, examples, labels, report, live_at as liveat, live_by as liveby";

    public static Task<List<ModelLine>> All(Tx tx) => tx.Query<ModelLine>($"select {Columns} from insight_models order by made_at desc limit 30");

    public static Task<ModelLine?> Find(Tx tx, string version) => tx.One<ModelLine>($"select {Columns} from insight_models where version = @version", new { version });

    public static Task<int> Insert(Tx tx, ModelLine model, byte[] content) => tx.Run(
        "insert into insight_models (version, state, made_at, made_by, examples, labels, report, content) values (@Version, @State, @MadeAt, @MadeBy, @Examples, @Labels, @Report, @content) on conflict (version) do nothing",
        new { model.Version, model.State, model.MadeAt, model.MadeBy, model.Examples, model.Labels, model.Report, content });

    /// <summary>One goes live and the one before it retires, in one transaction; only what is not live may go live.</summary>
    public static async Task<bool> GoLive(Tx tx, string version, DateTimeOffset now, string by)
    {
        await tx.Run("update insight_models set state = 'Retired' where state = 'Live' and version <> @version", new { version });
        return await tx.Run("update insight_models set state = 'Live', live_at = @now, live_by = @by where version = @version and state <> 'Live'", new { version, now, by }) == 1;
    }

    private const string TrainingColumns = "id, asked_at as askedat, asked_by as askedby, state, progress, what, tries, model, error, ended_at as endedat";

    /// <summary>Asks for one teaching; false while another waits or runs.</summary>
    public static async Task<bool> AskTraining(Tx tx, string id, DateTimeOffset now, string by) => await tx.Run(
        "insert into insight_trainings (id, asked_at, asked_by, state, progress, what, tries) select @id, @now, @by, 'Waiting', 0, 'waiting', 0 where not exists (select 1 from insight_trainings where state = 'Waiting')", new { id, now, by }) == 1;

    public static Task<Training?> LastTraining(Tx tx) => tx.One<Training>($"select {TrainingColumns} from insight_trainings order by asked_at desc, id desc limit 1");

    public static Task<bool> AnyTrainingDue(Tx tx, DateTimeOffset now) => tx.One<bool>("select count(*) from insight_trainings where state = 'Waiting' and (leased_until is null or leased_until < @now)", new { now });

    /// <summary>Two nodes: the first takes the lease, the second's update finds none free. A lease that ran out is taken again.</summary>
    public static Task<Training?> LeaseTraining(Tx tx, DateTimeOffset now, DateTimeOffset until) => tx.One<Training>(
        $"update insight_trainings set leased_until = @until, tries = tries + 1 where id in (select id from insight_trainings where state = 'Waiting' and (leased_until is null or leased_until < @now) order by asked_at limit 1 SKIP_LOCKED) returning {TrainingColumns}", new { now, until });

    public static Task<int> Progress(Tx tx, string id, double progress, string what, DateTimeOffset until) => tx.Run("update insight_trainings set progress = @progress, what = @what, leased_until = @until where id = @id and state = 'Waiting'", new { id, progress, what, until });

    public static Task<int> EndTraining(Tx tx, string id, string? model, string? error, DateTimeOffset now) => tx.Run(
        "update insight_trainings set state = @state, progress = 1, model = @model, error = @error, ended_at = @now, leased_until = null where id = @id and state = 'Waiting'", new { id, state = error is null ? "Done" : "Failed", model, error, now });

    /// <summary>Whoever moves the time on does what is due: of two nodes one.</summary>
    public static async Task<bool> Due(Tx tx, string name, DateTimeOffset now, TimeSpan every)
    {
        await tx.Run("insert into insight_rounds (name, at) values (@name, 0) on conflict (name) do nothing", new { name });
        return await tx.Run("update insight_rounds set at = @now where name = @name and at <= @before", new { name, now, before = now - every }) == 1;
    }
}
