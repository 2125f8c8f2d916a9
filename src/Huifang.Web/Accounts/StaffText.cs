namespace Huifang.Accounts;

/// <summary>The texts of staff and roles, and what each permission is called.</summary>
public sealed class StaffText;
