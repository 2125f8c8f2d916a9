namespace Huifang.Contacts;

/// <summary>The texts of the pages about rule packs and about why somebody was, or wasn't, contacted.</summary>
public sealed class ContactText;
