using Huifang.Feedback;
using Huifang.Messages;
using Huifang.Security;
using Huifang.Storage;
using Huifang.Work;

namespace Huifang.Insights;

/// <summary>A view that somebody keeps: the query of the insight page.</summary>
public sealed record SavedView(string Id, string Name, string Query)
{
    private SavedView() : this("", "", "") { }
}

/// <summary>Views that members of staff keep for themselves.</summary>
public sealed class SavedViews(FeedbackClock clock)
{
    private const int MostOfOne = 30;

    public Task<List<SavedView>> Of(Tx tx, string staff) => tx.Query<SavedView>($"select id, name, query from insight_views where staff_id = @staff order by made_at limit {MostOfOne}", new { staff });

    public async Task<bool> Save(Tx tx, string staff, string name, string query)
    {
        name = name.Trim();
        if (name.Length is 0 or > 60 || (await Of(tx, staff)).Count >= MostOfOne) return false;
        return await tx.Run("insert into insight_views (id, staff_id, name, query, made_at) values (@id, @staff, @name, @query, @now)", new { id = clock.Ids.New(), staff, name, query, now = clock.Now }) == 1;
    }

    public Task<int> Remove(Tx tx, string staff, string id) => tx.Run("delete from insight_views where id = @id and staff_id = @staff", new { id, staff });
}

/// <summary>Who of the staff gets the weekly letter.</summary>
public sealed class DigestDesk(Vault vault, FeedbackClock clock)
{
    /// <returns>False for what is no address.</returns>
    public async Task<bool> Subscribe(Tx tx, string staff, string email, string language)
    {
        email = email.Trim();
        if (email.Length is < 3 or > 254 || email.IndexOf('@', StringComparison.Ordinal) is < 1 || email.Any(c => char.IsWhiteSpace(c) || char.IsControl(c))) return false;
        return await tx.Run("insert into insight_digests (staff_id, email, language, made_at, week, try_at, tries) values (@staff, @box, @language, @now, 0, 0, 0) on conflict (staff_id) do update set email = excluded.email, language = excluded.language",
            new { staff, box = vault.SealForHouse(email), language, now = clock.Now }) == 1;
    }

    public async Task<bool> Stop(Tx tx, string staff) => await tx.Run("delete from insight_digests where staff_id = @staff", new { staff }) == 1;

    public async Task<string?> AddressOf(Tx tx, string staff) => vault.OpenForHouse(await tx.One<byte[]>("select email from insight_digests where staff_id = @staff", new { staff }));
}

/// <summary>Each Monday from eight in the morning, where the operator's staff sit, one letter to everybody who wants it: leased, sent outside any transaction, recorded; its key is the same at every try.</summary>
public sealed class WeeklyDigest(Store store, MondayBoard board, Vault vault, Lines lines, DigestParts parts) : IWork
{
    private const int BatchMax = 20;
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);
    private static readonly TimeOnly From = new(8, 0);

    public string Name => "weekly digest";
    public TimeSpan Every => TimeSpan.FromMinutes(5);

    public async Task<bool> Round(CancellationToken stop)
    {
        var local = TimeZoneInfo.ConvertTime(parts.Clock.Now, parts.Ground.Zone);
        if (local.DayOfWeek != DayOfWeek.Monday || TimeOnly.FromDateTime(local.DateTime) < From) return false;
        var week = InsightDay.Of(parts.Clock.Now, parts.Ground.Zone);
        var now = parts.Clock.Now;
        if (!await store.Read(tx => tx.One<bool>("select count(*) from insight_digests where week < @week and try_at <= @now and (leased_until is null or leased_until < @now)", new { week, now }), stop)) return false;
        var batch = await store.Write(tx => tx.Query<(string Staff, byte[] Email, string Language, long Tries)>(
            $"update insight_digests set leased_until = @until, tries = tries + 1 where staff_id in (select staff_id from insight_digests where week < @week and try_at <= @now and (leased_until is null or leased_until < @now) limit {BatchMax} SKIP_LOCKED) returning staff_id, email, language, tries", new { week, now, until = now + Lease }), stop);
        if (batch.Count == 0) return false;
        var (view, shipped) = await store.Read(async tx => (await board.Look(tx), await parts.Shipped.Since(tx, week - 7)), stop);
        foreach (var (staff, email, language, tries) in batch)
        {
            var (subject, text) = DigestWords.Of(Of(view, shipped, language), language);
            var words = new MessageWords(subject, text, Languages.Language.All.Contains(language) ? Open.In(language) : null);
            var link = $"{parts.Settings.BaseAddress}/insight/monday";
            var answer = await lines.Mail.Send(new OutgoingMail($"digest-{staff}-{week}", vault.OpenForHouse(email) ?? "", subject, $"{text}\n\n{link}", MailHtml.Of(parts.Settings.Operator.In(language), words, link, null, language)), stop);
            await store.Write(tx => answer switch
            {
                LineAnswer.Accepted => tx.Run("update insight_digests set week = @week, tries = 0, error = null, leased_until = null where staff_id = @staff", new { staff, week }),
                // The address will never do, or tries are used up: next week again.
                LineAnswer.Refused { Permanent: true } refused => tx.Run("update insight_digests set week = @week, tries = 0, error = @Reason, leased_until = null where staff_id = @staff", new { staff, week, refused.Reason }),
                LineAnswer.Refused refused => tx.Run("update insight_digests set week = case when tries >= 6 then @week else week end, error = @Reason, leased_until = null, try_at = @again where staff_id = @staff", new { staff, week, refused.Reason, again = now + TimeSpan.FromMinutes(5 * Math.Pow(2, tries)) }),
                _ => throw new System.Diagnostics.UnreachableException(),
            }, stop);
        }
        return batch.Count == BatchMax;
    }

    private static readonly Languages.Localized Open = new("打开周一这一页", "打開週一這一頁", "Open Monday's page");

    private static Digest Of(MondayView view, IReadOnlyList<Languages.Localized> shipped, string language) => new(InsightDay.Date(view.To - 6), InsightDay.Date(view.To), view.Lately.Items, view.Before.Items, view.Lately.NegativeShare, view.Lately.High, view.Changes, [.. view.Alarms.Take(5).Select(alarm => (alarm.Topic, alarm.Affected))], [.. shipped.Select(title => title.In(language))]);
}

/// <summary>What the letter's writer needs to know of the house.</summary>
public sealed record DigestParts(FeedbackClock Clock, Ground Ground, MessageSettings Settings, IShippedLately Shipped);

/// <summary>What was changed for customers lately. The room that ships it answers.</summary>
public interface IShippedLately
{
    /// <summary>Titles of what shipped on this day or later, the newest first.</summary>
    Task<IReadOnlyList<Languages.Localized>> Since(Tx tx, long day);
}
