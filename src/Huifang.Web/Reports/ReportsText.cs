namespace Huifang.Reports;

/// <summary>The texts of the overview and of the list of follow-ups.</summary>
public sealed class ReportsText;
