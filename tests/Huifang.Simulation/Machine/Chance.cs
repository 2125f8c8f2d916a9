namespace Huifang.Simulation.Machine;

/// <summary>Chance from a seed, the same on every machine (SplitMix64).</summary>
internal sealed class Chance(ulong seed)
{
    private ulong _state = seed;

    public static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }

    /// <summary>A number for a text: what becomes of one message does not hang on the order in which messages are sent.</summary>
    public static ulong Of(ulong seed, string text)
    {
        var hash = 14695981039346656037UL ^ seed;
        foreach (var letter in text) hash = (hash ^ letter) * 1099511628211UL;
        return Mix(hash);
    }

    public ulong Next() => Mix(_state += 0x9E3779B97F4A7C15);
    public int Below(int most) => (int)(Next() % (ulong)most);
    public int Between(int least, int most) => least + Below(most - least + 1);
    public double Share() => (Next() >> 11) * (1.0 / (1UL << 53));
    public bool Is(double share) => Share() < share;
    public T Of<T>(IReadOnlyList<T> many) => many[Below(many.Count)];
    public Chance Fork(string name) => new(Of(Next(), name));

    public TimeSpan Within(TimeSpan least, TimeSpan most) => least + TimeSpan.FromMilliseconds((long)((most - least).TotalMilliseconds * Share()));

    public void Shuffle<T>(IList<T> many)
    {
        for (var i = many.Count - 1; i > 0; i--)
        {
            var other = Below(i + 1);
            (many[i], many[other]) = (many[other], many[i]);
        }
    }
}

/// <summary>The time of a simulated world: it stands still until it is put forward.</summary>
internal sealed class WorldClock : TimeProvider
{
    public DateTimeOffset Now { get; set; }
    public override DateTimeOffset GetUtcNow() => Now;
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;
    public override long GetTimestamp() => Now.Ticks;
}

/// <summary>Ids that are the same in every run of a seed, and sort by time as real ones do.</summary>
internal sealed class WorldIds(WorldClock clock, Chance chance) : Storage.Ids(clock)
{
    public override string New()
    {
        var (ms, high, low) = ((ulong)clock.Now.ToUnixTimeMilliseconds(), chance.Next(), chance.Next());
        return $"{ms >> 16:x8}-{ms & 0xffff:x4}-7{high & 0xfff:x3}-{0x8000 | high >> 16 & 0x3fff:x4}-{low & 0xffffffffffff:x12}";
    }

    public override void Random(Span<byte> bytes)
    {
        for (var i = 0; i < bytes.Length; i++) bytes[i] = (byte)chance.Next();
    }
}
