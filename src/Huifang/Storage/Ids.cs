namespace Huifang.Storage;

/// <summary>New ids: UUIDv7 as text, so that ids sort by the time they were made. The simulator hands in its own.</summary>
public class Ids(TimeProvider time)
{
    public virtual string New() => Guid.CreateVersion7(time.GetUtcNow()).ToString("D");

    /// <summary>For secrets and tokens: never from a seeded source.</summary>
    public virtual void Random(Span<byte> bytes) => System.Security.Cryptography.RandomNumberGenerator.Fill(bytes);
}
