namespace Huifang.Shell;

/// <summary>Now, where the operator's staff sit. HUIFANG_ZONE names the zone; Asia/Shanghai without it.</summary>
public sealed class StaffClock(TimeProvider time)
{
    public TimeZoneInfo Zone { get; } = TimeZoneInfo.FindSystemTimeZoneById(Environment.GetEnvironmentVariable("HUIFANG_ZONE") is { Length: > 0 } zone ? zone : "Asia/Shanghai");

    public DateTimeOffset Now => Local(time.GetUtcNow());

    public DateTimeOffset Local(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, Zone);
}
