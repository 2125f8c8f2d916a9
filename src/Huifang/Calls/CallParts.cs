using System.Text.Json;
using Huifang.Journal;
using Huifang.Security;
using Huifang.Sight;
using Huifang.Storage;

namespace Huifang.Calls;

/// <summary>What every desk of this room works with.</summary>
public sealed record CallParts(Ids Ids, Vault Vault, TimeProvider Time, LiveFeed Live, SightDesk Sight)
{
    internal Fact Told(Call call, string kind, string by, object? more = null, string? words = null)
    {
        var data = new Dictionary<string, object?> { ["call"] = call.Id, ["followUp"] = call.FollowUpId };
        if (more is not null)
            foreach (var property in JsonSerializer.SerializeToElement(more).EnumerateObject()) data[property.Name] = property.Value;
        return new(Fact.Care, Ids.New(), kind, call.CustomerId, Time.GetUtcNow(), by, JsonSerializer.Serialize(data), words);
    }
}

/// <summary>
/// Tells open pages to look again, after a commit. It carries no content: what a page may see is decided when it asks.
/// </summary>
public sealed class LiveFeed
{
    public event Action<string>? Looked;

    public void LookAgain() => Looked?.Invoke("live");

    /// <summary>Something about one call or one customer changed: both sides' pages look again.</summary>
    public void LookAgain(string callId, string customerId)
    {
        Looked?.Invoke($"call:{callId}");
        Looked?.Invoke($"customer:{customerId}");
        Looked?.Invoke("live");
    }
}
