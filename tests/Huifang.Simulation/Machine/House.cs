using Huifang.Approvals;
using Huifang.Calls;
using Huifang.Complaints;
using Huifang.FollowUps;
using Huifang.Journal;
using Huifang.Messages;
using Huifang.Planning;
using Huifang.Security;
using Huifang.Storage;
using Huifang.Work;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Huifang.Simulation.Machine;

/// <summary>What outlives a process of the house: the clock, the database, the keys and the lines to the world.</summary>
internal sealed record Grounds(CachedConnection Database, WorldClock Clock, Keyring Keys, Lines Lines, LogBook Log, bool Plans, ContactPackChange? Packs);

/// <summary>A changed shelf of rule packs, for mutants of data.</summary>
internal sealed record ContactPackChange(Contacts.PackShelf Shelf, Complaints.ComplaintPackShelf Complaints);

/// <summary>One process: the real desks, reactions and workers on a simulated store. When it dies, a new one is opened on the same grounds.</summary>
internal sealed class House : IDisposable
{
    /// <summary>Workers whose rounds are due by rows that one query finds. The audit log, keys, retention, privacy, webhooks, feeds and learning have proofs of their own.</summary>
    private readonly Dictionary<string, IWork> _works;
    private readonly ServiceProvider _services;

    private House(ServiceProvider services, WorldStore store, WorldClock clock)
    {
        (_services, Store) = (services, store);
        _works = services.GetServices<IReaction>().Select(reaction => (IWork)new Reactor(store, reaction, clock, services.GetRequiredService<ILogger<Reactor>>()))
            .Concat([Get<Sender>(), Get<FollowUpClock>(), Get<PromiseWatch>(), Get<ComplaintClock>(), Get<IntakeClerk>(), Get<ApprovalClock>(), Get<ComplaintOwners>(), Get<Planner>()])
            .ToDictionary(work => work.Name, StringComparer.Ordinal);
    }

    public WorldStore Store { get; }
    public IReadOnlyDictionary<string, IWork> Works => _works;
    public T Get<T>() where T : notnull => _services.GetRequiredService<T>();

    public static House Open(Grounds grounds, Chance chance)
    {
        var store = new WorldStore(grounds.Database, chance.Fork("store"));
        var services = new ServiceCollection();
        services.AddSingleton<ILoggerFactory>(grounds.Log);
        services.AddSingleton(typeof(ILogger<>), typeof(Logger<>));
        services.AddSingleton<TimeProvider>(grounds.Clock);
        if (!grounds.Plans) services.AddSingleton(new PlanSettings(false));
        services.AddRooms(new Ground(":memory:", Path.GetTempPath()));
        services.AddSingleton<Store>(store);
        services.AddSingleton<Ids>(new WorldIds(grounds.Clock, chance.Fork("ids")));
        services.AddSingleton(grounds.Keys);
        services.AddSingleton(grounds.Lines);
        if (grounds.Packs is { } packs) services.AddSingleton(packs.Shelf).AddSingleton(packs.Complaints);
        return new(services.BuildServiceProvider(), store, grounds.Clock);
    }

    public void Dispose() => _services.Dispose();
}

/// <summary>What the house wrote into its log that nobody should have to read: a reaction that failed is a bug.</summary>
internal sealed class LogBook : ILoggerFactory, ILogger
{
    public List<string> Lines { get; } = [];

    public ILogger CreateLogger(string categoryName) => this;
    public void AddProvider(ILoggerProvider provider) { }
    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;
    public void Dispose() { }

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel)) return;
        lock (Lines) Lines.Add($"{formatter(state, exception)} {exception}");
    }
}
