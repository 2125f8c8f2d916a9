using Huifang.Accounts;
using Huifang.Booking;
using Huifang.FollowUps;
using Huifang.Knowledge;
using Huifang.Languages;
using Huifang.Planning;
using Huifang.Scripts;
using Huifang.Shell;
using Huifang.Storage;

namespace Huifang.Calls;

/// <summary>Everything that the desk shows at one moment. What a panel draws of the customer has passed the verification level already.</summary>
public sealed record DeskView(string AgentId, string AgentName, string OperatorName, DateTimeOffset Now, IReadOnlyList<AheadRow> Ahead)
{
    public Call? Call { get; init; }
    public FollowUp? FollowUp { get; init; }
    public ScriptWalk? Walk { get; init; }
    public CallNote? Note { get; init; }
    public CallSeal? Seal { get; init; }
    public CustomerCard? Card { get; init; }
    public IReadOnlyList<Article> Articles { get; init; } = [];
    public IReadOnlyList<CallMoment> Moments { get; init; } = [];

    /// <summary>Free times for another talk about the same, in the customer's zone.</summary>
    public IReadOnlyList<Slot> Again { get; init; } = [];

    /// <summary>The deviation whose reply is open.</summary>
    public string? Deviation { get; init; }

    /// <summary>What was not done, as a text's key with its words.</summary>
    public (string Key, string? Word)? Said { get; init; }

    /// <summary>The token that every change must carry.</summary>
    public string Form { get; init; } = "";

    /// <summary>Scripts are read aloud in the customer's language.</summary>
    public string Spoken => Call?.Language ?? PageLanguage.Current;

    public bool OnTheLine => Call is { EndedAt: null, JoinedAt: not null };

    /// <summary>Fills the braces of a script's text.</summary>
    public string Fill(Localized text, string shown, string subject) => text.In(Spoken)
        .Replace("{agent}", AgentName, StringComparison.Ordinal)
        .Replace("{operator}", OperatorName, StringComparison.Ordinal)
        .Replace("{words}", Seal is null ? "—" : Spoken == Language.English ? $"{Seal.First}, {Seal.Second}" : $"{Seal.First}、{Seal.Second}", StringComparison.Ordinal)
        .Replace("{customer}", shown, StringComparison.Ordinal)
        .Replace("{subject}", subject, StringComparison.Ordinal);
}

/// <summary>Gathers what the desk shows.</summary>
public sealed class DeskLook(Store store, CallDesk calls, CallVerifier verifier, DeskBoard board, DeskShelves shelves)
{
    private const int AgainMax = 8;

    /// <summary>The follow-ups that this agent may be given: what people say of her, else everything in her own language.</summary>
    public async Task<AgentReach> Reach(Tx tx, string agentId) =>
        (await shelves.Planning.Agents(tx)).FirstOrDefault(agent => agent.Id == agentId) is { } agent
            ? new AgentReach(agentId, [.. agent.Languages], [.. agent.Skills.Append("general").Distinct()])
            : new AgentReach(agentId, [.. Language.All], ["general"]);

    public Task<DeskView> At(string agentId, string agentName, OperatorNames names, DateTimeOffset now, string? deviation, string form, CancellationToken stop, string? search = null) => store.Read(async tx =>
    {
        var call = await calls.OpenOf(tx, agentId);
        var ahead = await board.Ahead(tx, await Reach(tx, agentId), call?.FollowUpId);
        if (call is null) return new DeskView(agentId, agentName, names.Here, now, ahead) { Form = form };
        var hand = await calls.InHand(tx, call);
        var said = search ?? $"{hand.Note?.Words} {hand.Walk.Open?.Question.Text.In(call.Language)} {string.Join(' ', hand.Walk.Answers.Select(answer => answer.Words))}";
        var followUp = await board.FollowUpOf(tx, call);
        return new DeskView(agentId, agentName, new Localized(names.ZhHans, names.ZhHant, names.En).In(call.Language), now, ahead)
        {
            Call = call, FollowUp = followUp, Again = followUp is null ? [] : await shelves.Booking.Again(tx, followUp, AgainMax), Walk = hand.Walk, Note = hand.Note, Seal = await verifier.Seal(tx, call), Card = await board.Card(tx, call, agentId),
            Articles = await shelves.Knowledge.Search(tx, PageLanguage.Current, said, 3), Moments = await calls.Moments(tx, call.Id), Deviation = deviation, Form = form,
        };
    }, stop);
}

/// <summary>The shelves that the desk reads from.</summary>
public sealed record DeskShelves(KnowledgeShelf Knowledge, PlanningDesk Planning, BookingBoard Booking);
