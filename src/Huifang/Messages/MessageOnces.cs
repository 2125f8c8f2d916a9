using Huifang.Storage;

namespace Huifang.Messages;

/// <summary>Which occasion a message was written for.</summary>
public sealed class MessageOnces
{
    public Task<string?> Of(Tx tx, string messageId) => tx.One<string>("select once from messages where id = @messageId", new { messageId });
}
