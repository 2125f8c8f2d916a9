using Microsoft.Extensions.Localization;

namespace Huifang.Shell;

/// <summary>Texts that a word in an address names.</summary>
internal static class KnownText
{
    /// <summary>What the word says, or null when it names no text of ours: a link must not put a stranger's words on a page, nor a half of a pattern into one.</summary>
    public static string? Known(this IStringLocalizer texts, string key, params object[] arguments) =>
        texts[key] is not { ResourceNotFound: false } known ? null : arguments.Length == 0 ? known.Value : texts[key, arguments].Value;
}
