using Microsoft.Extensions.Localization;

namespace Huifang.Portal;

/// <summary>How a consent was said, in words. Systems name ways of their own; those were handed over by them.</summary>
public static class ConsentWords
{
    public static string How(IStringLocalizer<PortalText> text, string how, string by) =>
        text[$"How.{how}", by] is { ResourceNotFound: false } known ? known.Value : text["How.api", by].Value;
}
