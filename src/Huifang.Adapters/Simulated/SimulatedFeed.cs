using System.Text.Json;
using Huifang.Feedback;

namespace Huifang.Simulated;

/// <summary>A store of the demo that always has the same few reviews; only addresses under <c>.example</c> are asked here.</summary>
public sealed class SimulatedFeed(IFeedLine real, TimeProvider time) : IFeedLine
{
    public string? Refuse(string address) => IsOurs(address) ? null : real.Refuse(address);

    public Task<FeedAnswer> Fetch(Uri address, CancellationToken stop)
    {
        if (!IsOurs(address.AbsoluteUri)) return real.Fetch(address, stop);
        var day = time.GetUtcNow().Date;
        var reviews = new[]
        {
            (Id: "ag-1", Days: 3, Stars: 2, Text: "更新以后指纹支付总要重新开，麻烦。", Version: "8.14"), (Id: "ag-2", Days: 2, Stars: 5, Text: "扫码很快，家人卡好用。", Version: "8.14"),
            (Id: "ag-3", Days: 1, Stars: 1, Text: "提现被退回两次，手续费也没退。", Version: "8.13"),
        };
        return Task.FromResult(new FeedAnswer(JsonSerializer.Serialize(new { reviews = reviews.Select(one => new { 编号 = one.Id, 评论内容 = one.Text, 评分 = one.Stars, 版本 = one.Version, 时间 = day.AddDays(-one.Days).ToString("yyyy-MM-dd HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture) }) }), null));
    }

    private static bool IsOurs(string address) => Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps && uri.Host.EndsWith(".example", StringComparison.OrdinalIgnoreCase);
}
