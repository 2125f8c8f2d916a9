using System.Collections.Frozen;
using System.Text.Json;

namespace Huifang.Shell;

/// <summary>The bundled files of the browser, each with a fingerprint of its content, so that a browser may keep it for a year.</summary>
public static class Bundle
{
    private static readonly FrozenDictionary<string, string> Fingerprints = Embedded.Table("web-assets.json");

    /// <summary>The address of a bundled file; a name that was not built is a bug.</summary>
    public static string Url(string name) => $"/dist/{name}?v={Fingerprints[name]}";

    public static bool Has(string name) => Fingerprints.ContainsKey(name);

    public static IEnumerable<string> Names => Fingerprints.Keys;
}

/// <summary>The drawings of the icons that the pages name. An unknown name fails the build, or the first page that asks for it.</summary>
public static class IconShapes
{
    private static readonly FrozenDictionary<string, string> Shapes = Embedded.Table("icons.json");

    public static string Of(string name) =>
        Shapes.TryGetValue(name, out var shape) ? shape : throw new KeyNotFoundException($"The icon '{name}' was not found by the build: name it as a whole literal in a .razor or .cs file of the web project.");
}

internal static class Embedded
{
    public static FrozenDictionary<string, string> Table(string name)
    {
        using var stream = typeof(Embedded).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"{name} was not embedded: the build of the web folder did not run.");
        return JsonSerializer.Deserialize<Dictionary<string, string>>(stream)!.ToFrozenDictionary();
    }
}
