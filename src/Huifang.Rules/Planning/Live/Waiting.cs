using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Huifang.Planning;

/// <summary>
/// Who may be called when, as bits, by group and by block; and what the best unit of each group is worth that waits. A free place asks thousands of groups: most
/// are passed over 64 at a time.
/// </summary>
internal sealed class Waiting
{
    /// <summary>Worth less than anybody: nobody waits.</summary>
    public const int Nobody = -Network.Far;

    private const int GroupsPerWord = 64;
    private static readonly Vector256<int> LaneBits = Vector256.Create(1, 2, 4, 8, 16, 32, 64, 128);

    private readonly int wordsPerGroup;
    private readonly ulong[][] open, needs;
    private readonly List<int>[] words;

    /// <summary>A bit for each block in which a group may be called.</summary>
    private ulong[] window;

    /// <summary>Per 64 groups: the dearest unit that waits, and their row of costs when they have the same, else -1.</summary>
    private int[] wordTop, wordRow;

    /// <param name="room">For how many groups; a multiple of 64.</param>
    public Waiting(int blocks, int requirements, int room)
    {
        wordsPerGroup = (blocks + 63) / 64;
        (open, needs, words) = (new ulong[blocks][], new ulong[requirements][], new List<int>[requirements]);
        for (var block = 0; block < blocks; block++) open[block] = new ulong[room / GroupsPerWord];
        for (var requirement = 0; requirement < requirements; requirement++) (needs[requirement], words[requirement]) = (new ulong[room / GroupsPerWord], []);
        (Best, window, wordTop, wordRow) = (new int[room], new ulong[(long)room * wordsPerGroup], new int[room / GroupsPerWord], new int[room / GroupsPerWord]);
        Array.Fill(Best, Nobody);
        Array.Fill(wordTop, Nobody);
    }

    /// <summary>Per group: what its best unit that is not served is worth, or <see cref="Nobody"/>.</summary>
    public int[] Best { get; private set; }

    public void Grow(int room)
    {
        var before = Best.Length;
        var best = Best;
        Array.Resize(ref best, room);
        Best = best;
        Array.Resize(ref window, room * wordsPerGroup);
        Array.Resize(ref wordTop, room / GroupsPerWord);
        Array.Resize(ref wordRow, room / GroupsPerWord);
        Best.AsSpan(before).Fill(Nobody);
        wordTop.AsSpan(before / GroupsPerWord).Fill(Nobody);
        for (var block = 0; block < open.Length; block++) Array.Resize(ref open[block], room / GroupsPerWord);
        for (var requirement = 0; requirement < needs.Length; requirement++) Array.Resize(ref needs[requirement], room / GroupsPerWord);
    }

    /// <summary>A group, before anything else is said of it.</summary>
    /// <param name="row">Of its costs.</param>
    public void Begin(int g, int requirement, int row)
    {
        var word = g / GroupsPerWord;
        if (needs[requirement][word] == 0) words[requirement].Add(word);
        needs[requirement][word] |= 1UL << (g % GroupsPerWord);
        wordRow[word] = g % GroupsPerWord == 0 || wordRow[word] == row ? row : -1;
    }

    /// <summary>A group may be called in the blocks from the first to the one before the end.</summary>
    public void MayCall(int g, int first, int end)
    {
        for (var block = first; block < end; block++)
        {
            open[block][g / GroupsPerWord] |= 1UL << (g % GroupsPerWord);
            window[(long)g * wordsPerGroup + block / 64] |= 1UL << (block % 64);
        }
    }

    /// <summary>Eight blocks from <paramref name="block"/> on, a bit for each in which the group may be called.</summary>
    public uint MayCall(int g, int block) => (byte)(window[(long)g * wordsPerGroup + (block >> 6)] >> (block & 63));

    /// <summary>A lane for each bit.</summary>
    public static Vector256<int> Lanes(uint bits) => Vector256.Equals(Vector256.Create((int)bits) & LaneBits, LaneBits);

    /// <summary>What the best unit of a group that waits is worth from now on.</summary>
    public void Set(int g, int worth)
    {
        var (was, word) = (Best[g], g / GroupsPerWord);
        Best[g] = worth;
        if (worth >= wordTop[word]) wordTop[word] = worth;
        else if (was == wordTop[word])
        {
            wordTop[word] = Nobody;
            foreach (var other in Best.AsSpan(word * GroupsPerWord, GroupsPerWord)) wordTop[word] = Math.Max(wordTop[word], other);
        }
    }

    /// <summary>The words of <see cref="Open"/> in which the requirement has groups at all.</summary>
    public ReadOnlySpan<int> WordsOf(int requirement) => CollectionsMarshal.AsSpan(words[requirement]);

    /// <summary>Groups that may be called in the block and need this, as bits, 64 groups each.</summary>
    public ulong Open(int requirement, int block, int word) => open[block][word] & needs[requirement][word];

    /// <summary>What the one in a word who lacks least would lack at least, to enter the block.</summary>
    public int Lack(int word, int block, int[] reach) => wordRow[word] < 0 ? Nobody : reach[wordRow[word] + block] - wordTop[word];
}
