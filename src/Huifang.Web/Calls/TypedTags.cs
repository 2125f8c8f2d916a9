using System.Net;
using System.Text.RegularExpressions;
using Huifang.Redaction;
using Huifang.Shell;
using Microsoft.Extensions.Localization;

namespace Huifang.Calls;

/// <summary>Draws a stored text: where a secret stood, an amber tag says in the reader's language what was not kept.</summary>
public static partial class TypedTags
{
    public static readonly IReadOnlyList<string> Kinds = [.. Enum.GetValues<SecretKind>().Where(kind => SecretKinds.Typed.Holds(kind)).Select(kind => kind.Tag())];

    public static string Draw(IStringLocalizer<CallText> words, string text) => Tag().Replace(WebUtility.HtmlEncode(text), match =>
        words[$"Gone.{match.Groups[1].Value}"] is { ResourceNotFound: false } said
            ? $"""<span class="gone" data-kind="{match.Groups[1].Value}" contenteditable="false"><svg class="hf-i" viewBox="0 0 24 24" aria-hidden="true">{IconShapes.Of("shield-lock")}</svg>{WebUtility.HtmlEncode(said.Value)}</span>"""
            : match.Value);

    [GeneratedRegex(@"\[([A-Z_]{3,12})\]")]
    private static partial Regex Tag();
}
