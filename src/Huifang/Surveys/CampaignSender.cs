using Huifang.Contacts;
using Huifang.Customers;
using Huifang.FollowUps;
using Huifang.Messages;
using Huifang.Storage;
using Huifang.Work;

namespace Huifang.Surveys;

/// <summary>What would come of each customer of one page now: surveys' own holds first, then the contact guard.</summary>
public sealed class CampaignWalk(SurveyAsking asking, ContactDesk guard)
{
    internal SurveyAsking Asking => asking;

    /// <summary>Those whom the audience means, in order.</summary>
    internal async Task<List<string>> Meant(Tx tx, CampaignAudience audience, List<(TriggerCustomer Customer, string Language)> people)
    {
        var (now, since) = (asking.Clock.Now, asking.Clock.Now.AddDays(-audience.Days));
        // Most are left by what stands in their own row; only for the rest talks and events are read.
        var near = people.Where(one => CampaignRules.Means(audience with { Talk = null, Event = null, Product = null }, one.Customer, one.Language, false, now)).ToList();
        if (audience.Talk is null && !audience.AsksForEvents) return near.ConvertAll(one => one.Customer.Id);
        var meant = new List<string>();
        foreach (var part in near.Chunk(500))
        {
            string[] ids = [.. part.Select(one => one.Customer.Id)];
            var talked = audience.Talk is { } rule ? new HashSet<string>(await CampaignTable.Talked(tx, ids, rule, since), StringComparer.Ordinal) : [];
            var past = (audience.AsksForEvents ? await CampaignTable.Events(tx, ids, audience.Event, since) : []).ToLookup(one => one.Customer, one => new PastEvent(one.Kind, one.At, TriggerRules.Values(one.Data)), StringComparer.Ordinal);
            meant.AddRange(part.Where(one => CampaignRules.Means(audience, one.Customer with { Past = [.. past[one.Customer.Id]] }, one.Language, talked.Contains(one.Customer.Id), now)).Select(one => one.Customer.Id));
        }
        return meant;
    }

    /// <summary>The finding for each, in order.</summary>
    internal async Task<List<(string Customer, CampaignAnswer Answer)>> Weigh(Tx tx, CampaignPlan plan, SurveyLine survey, SurveyDefinition definition, IReadOnlyCollection<string> meant)
    {
        if (meant.Count == 0) return [];
        var held = await asking.Holds(tx, survey, definition, meant);
        string[] free = [.. meant.Where(id => !held.ContainsKey(id))];
        var people = await asking.Customers.Load(tx, free);
        var foresee = await guard.Foresee(tx, free);
        var notAfter = asking.Clock.Now.AddDays(plan.WithinDays);
        return [.. meant.Select(id => (id, held.TryGetValue(id, out var hold) ? new CampaignAnswer(CampaignFinding.Refused, hold.ToString()) : people.TryGetValue(id, out var customer) ? Guarded(customer) : new(CampaignFinding.Refused, nameof(DropReason.Unreachable))))];

        CampaignAnswer Guarded(Customer customer)
        {
            // The same turns as the sender takes: her channels in order, another one when the guard points to it.
            var ways = plan.Only is { } only ? MessageChannels.PointFor(customer, only) is null ? [] : [only] : MessageChannels.For(customer).ToList();
            if (ways.Count == 0) return new(CampaignFinding.Refused, nameof(DropReason.Unreachable));
            for (var way = ways[0]; ;)
            {
                var verdict = foresee(new ContactWish(customer.Id, Purpose.Survey, way) { Stage = ContactStage.Planned, NotAfter = notAfter, Others = [.. ways.Where(other => other != way)] });
                if (verdict is not ContactVerdict.Reroute(var next, _) || !ways.Remove(way) || !ways.Contains(next)) return CampaignRules.Of(verdict, notAfter);
                way = next;
            }
        }
    }
}

/// <summary>
/// Walks all customers for campaigns, a page at a time: for the dry run only to count, then to ask. A page and its cursor are one transaction, and one person is one occasion,
/// so that a crash or a second node asks nobody twice.
/// </summary>
public sealed class CampaignSender(Store store, CampaignDesk desk, CampaignWalk walk) : IWork
{
    private const int PageMax = 500;

    public string Name => "survey campaigns";
    public TimeSpan Every => TimeSpan.FromSeconds(5);

    public async Task<bool> Round(CancellationToken stop)
    {
        var more = false;
        foreach (var id in await store.Read(CampaignTable.Busy, stop))
            more |= (await store.Read(tx => CampaignTable.Find(tx, id), stop))?.State switch
            {
                CampaignState.Counting => await CountPage(id, stop),
                CampaignState.Sending => await store.Write(tx => SendPage(tx, id), stop),
                CampaignState.Stopping => await store.Write(tx => CallBack(tx, id), stop),
                CampaignState.Counted or CampaignState.Stopped or CampaignState.Done or null => false,
                _ => throw new System.Diagnostics.UnreachableException(),
            };
        return more;
    }

    // Counting reads outside the writer: on SQLite everybody else would wait for it.
    private async Task<bool> CountPage(string id, CancellationToken stop)
    {
        var page = await store.Read(async tx =>
        {
            if (await CampaignTable.Find(tx, id) is not { State: CampaignState.Counting } campaign || await SurveyTable.Find(tx, campaign.SurveyId) is not { } survey || await SurveyTable.Version(tx, survey.Id, campaign.Version) is not { } version) return null;
            var people = await CampaignTable.People(tx, campaign.Cursor, PageMax);
            // A quota that is full is told once by the page, not counted for everybody.
            var answers = await walk.Weigh(tx, campaign.Plan, survey with { Answered = 0 }, version.Definition, await walk.Meant(tx, campaign.Plan.Audience, people));
            return new { Campaign = campaign, People = people, Answers = answers };
        }, stop);
        if (page is null) return false;
        return await store.Write(async tx =>
        {
            if (page.People.Count > 0 && !await CampaignTable.Step(tx, page.Campaign, page.People[^1].Customer.Id, page.People.Count)) return true;
            await CampaignTable.Count(tx, id, CampaignTable.Dry, page.Answers.Select(one => one.Answer));
            if (page.People.Count < PageMax) await CampaignTable.Move(tx, id, [CampaignState.Counting], CampaignState.Counted, walk.Asking.Clock.Now);
            return true;
        }, stop);
    }

    private async Task<bool> SendPage(Tx tx, string id)
    {
        var now = walk.Asking.Clock.Now;
        if (await CampaignTable.Lock(tx, id) is not { State: CampaignState.Sending } campaign || await SurveyTable.Find(tx, campaign.SurveyId) is not { } survey) return false;
        var definition = (await SurveyTable.Version(tx, survey.Id, campaign.Version))!.Definition;
        if (WhyStop(campaign, survey, definition) is { } reason) return await desk.Stop(tx, id, reason, "house");
        var left = await Left(tx, campaign, now);
        if (left.Ever <= 0) { await desk.Finish(tx, id); return true; }
        if (left.Now <= 0) return false;

        var people = await CampaignTable.People(tx, campaign.Cursor, PageMax);
        var share = CampaignRules.Share(campaign.Plan, (await CampaignTable.Counts(tx, id, CampaignTable.Dry)).Where(one => one.Finding != CampaignFinding.Refused).Sum(one => one.People));
        var drawn = (await walk.Meant(tx, campaign.Plan.Audience, people)).Where(customer => CampaignRules.IsDrawn(id, customer, share)).ToList();
        // Two campaigns that meet at one person: the second waits here and then sees that she was asked.
        await CustomerLock.Take(tx, drawn);
        var found = new List<CampaignAnswer>();
        var cursor = people.Count == 0 ? campaign.Cursor : people[^1].Customer.Id;
        var asked = 0;
        foreach (var (customer, answer) in await walk.Weigh(tx, campaign.Plan, survey, definition, drawn))
        {
            found.Add(answer);
            if (answer.Finding != CampaignFinding.Refused && await Ask(tx, campaign, definition, customer, now) && ++asked == Math.Min(left.Now, left.Ever)) { cursor = customer; break; }
        }
        if (people.Count > 0) await CampaignTable.Step(tx, campaign, cursor, people.FindIndex(one => one.Customer.Id == cursor) + 1);
        await CampaignTable.Count(tx, id, CampaignTable.Sent, found);
        if (people.Count < PageMax && (people.Count == 0 || cursor == people[^1].Customer.Id)) await desk.Finish(tx, id);
        return true;
    }

    private async Task<bool> Ask(Tx tx, Campaign campaign, SurveyDefinition definition, string customer, DateTimeOffset now)
    {
        var ask = new SurveyAsk(walk.Asking.Clock.Ids.New(), campaign.SurveyId, campaign.Version, customer, "message", now, null, null);
        if (!await SurveyTable.Ask(tx, ask, $"{campaign.SurveyId}:campaign:{campaign.Id}:{customer}", campaign.Id)) return false;
        await walk.Asking.Messages.Queue(tx, walk.Asking.Draft(ask, definition, now.AddDays(campaign.Plan.WithinDays)) with { Only = campaign.Plan.Only });
        return true;
    }

    /// <summary>What still waits of a campaign that was stopped is called back; what has left has left.</summary>
    private async Task<bool> CallBack(Tx tx, string id)
    {
        if (await CampaignTable.Lock(tx, id) is not { State: CampaignState.Stopping } campaign) return false;
        string[] unsent = [.. await CampaignTable.Unsent(tx, id, PageMax)];
        if (unsent.Length > 0)
        {
            await walk.Asking.Messages.RecallOnces(tx, [.. unsent.Select(SurveyAsking.OnceOf)], campaign.Reason!);
            await CampaignTable.Withhold(tx, unsent, campaign.Reason!);
        }
        if (unsent.Length < PageMax) await CampaignTable.Move(tx, id, [CampaignState.Stopping], CampaignState.Stopped, walk.Asking.Clock.Now);
        return true;
    }

    private static string? WhyStop(Campaign campaign, SurveyLine survey, SurveyDefinition definition) =>
        survey.State != SurveyState.Running ? "ended" : survey.LiveVersion != campaign.Version ? "changed" : definition.Quota is { } quota && survey.Answered >= quota ? "quota" : null;

    private static async Task<(long Now, long Ever)> Left(Tx tx, Campaign campaign, DateTimeOffset now) =>
        (campaign.Plan.PerHour - await CampaignTable.AskedSince(tx, campaign.Id, now.AddHours(-1)), campaign.Plan.AskMax is { } most ? most - await CampaignTable.AskedSince(tx, campaign.Id, DateTimeOffset.UnixEpoch) : long.MaxValue);
}
