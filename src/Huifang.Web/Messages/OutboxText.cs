namespace Huifang.Messages;

/// <summary>The texts of the outbox: OutboxText.resx (zh-Hans), OutboxText.zh-Hant.resx, OutboxText.en.resx.</summary>
public sealed class OutboxText;
