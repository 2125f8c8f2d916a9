namespace Huifang.Work;

/// <summary>Something that runs by the clock. Each stands in <c>docs/clock.md</c>; a test compares.</summary>
public interface IWork
{
    string Name { get; }

    /// <summary>How long to wait when there was nothing to do; a <see cref="Waker"/> may end the wait earlier.</summary>
    TimeSpan Every { get; }

    /// <summary>Does one bounded round.</summary>
    /// <returns>True when there may be more to do at once.</returns>
    Task<bool> Round(CancellationToken stop);
}
