using System.Reflection;
using System.Text.Json;

namespace Huifang.Data;

/// <summary>Data that ships inside the assembly. Each file names its source; attribution that a licence asks for stands in NOTICE.</summary>
public static class ShippedData
{
    private static readonly Assembly Home = typeof(ShippedData).Assembly;

    /// <summary>Resource names of a folder under <c>Data/</c>, in a fixed order.</summary>
    public static IEnumerable<string> Names(string folder) =>
        Home.GetManifestResourceNames().Where(name => name.Contains($".Data.{folder}.", StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    public static Stream Open(string name) => Home.GetManifestResourceStream(name) ?? throw new FileNotFoundException("Not shipped.", name);

    public static JsonElement Json(string name)
    {
        using var stream = Open(name);
        using var document = JsonDocument.Parse(stream, new() { CommentHandling = JsonCommentHandling.Skip });
        return document.RootElement.Clone();
    }
}
