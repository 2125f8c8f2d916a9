namespace Huifang.Shell;

/// <summary>One line or one row of bars. Tone 1 to 5 is the order of the plot colours; Main is drawn stronger. Low and High draw an interval around it.</summary>
public sealed record PlotSeries(string Name, IReadOnlyList<double?> Values, int Tone = 1, bool Main = false, IReadOnlyList<double?>? Low = null, IReadOnlyList<double?>? High = null);

/// <summary>Something that happened at one place of the axis: a thin line with a word.</summary>
public sealed record PlotEvent(int At, string Words);
