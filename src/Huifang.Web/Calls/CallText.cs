namespace Huifang.Calls;

/// <summary>The texts of the desk, of calls and of the customer's call page: CallText.resx (zh-Hans), .zh-Hant, .en.</summary>
public sealed class CallText;
