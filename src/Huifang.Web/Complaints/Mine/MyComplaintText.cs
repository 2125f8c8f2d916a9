namespace Huifang.Complaints;

/// <summary>The texts of the customers' pages about complaints: MyComplaintText.resx (zh-Hans), .zh-Hant and .en.</summary>
public sealed class MyComplaintText;
