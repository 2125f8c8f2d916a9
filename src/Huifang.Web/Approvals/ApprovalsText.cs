namespace Huifang.Approvals;

/// <summary>The texts of approvals: what each kind does in words, and what its fields are called.</summary>
public sealed class ApprovalsText;
