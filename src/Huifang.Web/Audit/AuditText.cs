namespace Huifang.Audit;

/// <summary>The texts of the audit page.</summary>
public sealed class AuditText;
