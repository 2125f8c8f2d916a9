using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Huifang.Languages;

namespace Huifang.Calls;

/// <summary>
/// The two words that the agent says first and the customer finds in her app: the call proves that it is ours. They are made on the server for one call,
/// from a key that nobody else has, and are never read back. 256 words twice are 16 bits; why that is enough stands in docs/decisions.
/// </summary>
public sealed record CallSeal(string First, string Second)
{
    public const int WordCount = 256;

    private static readonly Dictionary<string, string[]> Words = Language.All.ToDictionary(language => language, Load);

    /// <param name="callKey">At least 16 bytes, kept for this call alone.</param>
    /// <param name="callId">Binds the words to the call.</param>
    /// <param name="language">One of <see cref="Language.All"/>; both sides must use the customer's.</param>
    public static CallSeal For(ReadOnlySpan<byte> callKey, string callId, string language)
    {
        if (callKey.Length < 16) throw new ArgumentException("at least 16 bytes", nameof(callKey));
        var digest = HMACSHA256.HashData(callKey, Encoding.UTF8.GetBytes($"huifang-seal-1|co|{callId}"));
        var words = Words[language];
        var first = digest[0];
        // A second draw that is never the same word: "山川·山川" would be taken for a fault.
        var second = (first + 1 + BinaryPrimitives.ReadUInt16BigEndian(digest.AsSpan(1)) % (WordCount - 1)) % WordCount;
        return new CallSeal(words[first], words[second]);
    }

    /// <summary>As it is spoken and printed: two words with a middle dot.</summary>
    public override string ToString() => $"{First}·{Second}";

    private static string[] Load(string language)
    {
        using var stream = typeof(CallSeal).Assembly.GetManifestResourceStream($"Huifang.Data.Calls.seal-words-{language}.txt")
            ?? throw new InvalidOperationException($"the seal's words in {language} are not embedded");
        using var reader = new StreamReader(stream);
        string[] words = [.. reader.ReadToEnd().Split('\n').Where(line => !line.StartsWith('#')).SelectMany(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))];
        return words.Length == WordCount ? words : throw new InvalidOperationException($"{WordCount} words are wanted in {language}, there are {words.Length}");
    }
}
