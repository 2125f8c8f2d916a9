namespace Huifang.Privacy;

/// <summary>The texts of privacy: the customer's own page, requests, times of keeping, legal holds.</summary>
public sealed class PrivacyText;
