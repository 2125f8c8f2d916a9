using Huifang.Contacts;
using Huifang.Storage;

namespace Huifang.Simulation.Worlds;

/// <summary>
/// What people outside saw and were told, kept apart from the ledger: what was acknowledged to them must hold, and what reached them must have been right. Times are turns of the
/// world: within one turn things happen at once, and no order may be claimed.
/// </summary>
internal sealed class Witness
{
    private readonly Dictionary<(string Customer, Purpose Purpose, Channel Channel), int> _no = [];
    private readonly Dictionary<string, int> _wanted = new(StringComparer.Ordinal);
    private readonly HashSet<(string Source, string Id)> _acknowledged = [];
    private readonly HashSet<string> _arrivals = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _letters = new(StringComparer.Ordinal);
    private readonly List<Breach> _breaches = [];

    public int Turn { get; set; }
    public long Told { get; private set; }
    public IReadOnlyList<Breach> Breaches => _breaches;

    public void Breach(string invariant, string what)
    {
        if (_breaches.Count < 20) _breaches.Add(new(invariant, what));
    }

    public void Acknowledged(string source, string id)
    {
        Told++;
        _acknowledged.Add((source, id));
    }

    public void Filed(string arrivalId) => _arrivals.Add(arrivalId);

    public void SaidNo(string customer, IEnumerable<(Purpose Purpose, Channel Channel)> what)
    {
        foreach (var (purpose, channel) in what) _no[(customer, purpose, channel)] = Turn;
    }

    public void SaidYes(string customer, IEnumerable<(Purpose Purpose, Channel Channel)> what)
    {
        foreach (var (purpose, channel) in what) _no.Remove((customer, purpose, channel));
    }

    /// <summary>She tried to book, to move or to ask, whether or not we could answer her: until she says no again we may.</summary>
    public void Wanted(string customer) => _wanted[customer] = Turn;

    /// <summary>Something reached her, in a turn that began after she had been told that it would not.</summary>
    public void Reached(string customer, Purpose purpose, Channel channel, string what)
    {
        if (purpose is Purpose.Security || !_no.TryGetValue((customer, purpose, channel), out var no) || no >= Turn) return;
        if (_wanted.TryGetValue(customer, out var wanted) && wanted >= no) return;
        Breach("W1", $"{what} reached {customer} by {channel} although she had said no to {purpose}, and was told that it holds");
    }

    /// <summary>One occasion, one letter: whatever key it carries.</summary>
    public void Delivered(string messageId, string once, string channel)
    {
        if (!_letters.TryAdd($"{once}/{channel}", messageId) && _letters[$"{once}/{channel}"] != messageId) Breach("W2", $"{once} was sent to her twice by {channel}");
    }

    public async Task Judge(Store store)
    {
        foreach (var (source, id) in _acknowledged)
            if (await store.Read(tx => tx.One<long>("select count(*) from journal where source = @source and id = @id", new { source, id })) is var times and not 1)
                Breach("I6", $"event {source}/{id} was acknowledged and stands in the journal {times} times");
        foreach (var id in _arrivals)
            if (await store.Read(tx => tx.One<long>("select count(*) from complaint_intake i where i.id = @id and (i.fate = 'Waiting' or exists (select 1 from complaints c where c.id = i.complaint_id))", new { id })) != 1)
                Breach("I7", $"arrival {id} was acknowledged, and there is no complaint");
    }
}
