namespace Huifang.Customers;

/// <summary>The texts of the customers' pages for staff.</summary>
public sealed class CustomersText;
