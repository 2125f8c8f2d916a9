namespace Huifang.Insights;

/// <summary>From hashes of n-grams to features 0, 1, 2 …: an open-addressed table, so that an unknown n-gram costs one look.</summary>
internal sealed class FeatureIndex
{
    private uint[] _keys;
    private int[] _values;
    private int _mask;

    internal FeatureIndex(int expected)
    {
        var size = 1024;
        while (size < expected * 2L) size <<= 1;
        (_keys, _values, _mask) = (new uint[size], new int[size], size - 1);
    }

    internal int Count { get; private set; }

    /// <returns>The feature, or -1.</returns>
    internal int Find(uint hash)
    {
        var (keys, at) = (_keys, (int)(hash * 0x9E3779B1u >> 7) & _mask);
        while (true)
        {
            var key = keys[at];
            if (key == hash) return _values[at];
            if (key == 0) return -1;
            at = (at + 1) & _mask;
        }
    }

    /// <summary>The feature of this hash, made when it is new.</summary>
    internal int Take(uint hash)
    {
        var at = (int)(hash * 0x9E3779B1u >> 7) & _mask;
        while (_keys[at] != 0)
        {
            if (_keys[at] == hash) return _values[at];
            at = (at + 1) & _mask;
        }
        (_keys[at], _values[at]) = (hash, Count);
        if (++Count * 2 > _keys.Length) Grow();
        return Count - 1;
    }

    private void Grow()
    {
        var (keys, values) = (_keys, _values);
        (_keys, _values, _mask) = (new uint[keys.Length * 2], new int[keys.Length * 2], keys.Length * 2 - 1);
        for (var i = 0; i < keys.Length; i++)
        {
            if (keys[i] == 0) continue;
            var at = (int)(keys[i] * 0x9E3779B1u >> 7) & _mask;
            while (_keys[at] != 0) at = (at + 1) & _mask;
            (_keys[at], _values[at]) = (keys[i], values[i]);
        }
    }
}
