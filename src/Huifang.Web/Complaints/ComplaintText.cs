namespace Huifang.Complaints;

/// <summary>The texts of the staff's pages about complaints: ComplaintText.resx (zh-Hans), .zh-Hant and .en.</summary>
public sealed class ComplaintText;
