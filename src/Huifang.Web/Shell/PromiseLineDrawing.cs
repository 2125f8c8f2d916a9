namespace Huifang.Shell;

/// <summary>Where the parts of a promise line stand, as shares 0 to 1 of its span. At most four labels: slot and now in words, ends as times.</summary>
public sealed record PromiseLineDrawing(double From, double To, double? SlotFrom, double? SlotTo, double Now, double? Last, IReadOnlyList<PromiseLabel> Labels)
{
    /// <summary>Draws instants on a span that leaves a little room before the first and after the last of them.</summary>
    public static PromiseLineDrawing Of(DateTimeOffset now, DateTimeOffset windowFrom, DateTimeOffset windowTo, DateTimeOffset? slotFrom, DateTimeOffset? slotTo, DateTimeOffset? last, Func<Func<DateTimeOffset, double>, IReadOnlyList<PromiseLabel>> labels)
    {
        var start = Min(now, Min(windowFrom, slotFrom ?? windowFrom));
        var end = Max(now, Max(windowTo, Max(slotTo ?? windowTo, last ?? windowTo)));
        var span = Math.Max((end - start).TotalSeconds, 60);
        double At(DateTimeOffset instant) => 0.05 + 0.9 * (instant - start).TotalSeconds / span;
        return new(At(windowFrom), At(windowTo), slotFrom is { } f ? At(f) : null, slotTo is { } t ? At(t) : null, At(now), last is { } l ? At(l) : null, labels(At));
    }

    private static DateTimeOffset Min(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;
    private static DateTimeOffset Max(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}

/// <summary>Words at one place of the line, above or below it.</summary>
public sealed record PromiseLabel(double At, string Words, bool Above = false, bool Strong = false);
