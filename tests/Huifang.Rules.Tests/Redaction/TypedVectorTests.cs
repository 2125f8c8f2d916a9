using System.Text.Json;
using Huifang.Redaction;

namespace Huifang.Rules.Tests.Redaction;

/// <summary>The server's half of the examples that the browser's rules are held to as well (tests/shared/typed-vectors.json).</summary>
public sealed class TypedVectorTests
{
    public static TheoryData<string, string> Vectors()
    {
        var vectors = new TheoryData<string, string>();
        using var file = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "typed-vectors.json")));
        foreach (var vector in file.RootElement.EnumerateArray()) vectors.Add(vector.GetProperty("typed").GetString()!, vector.GetProperty("kept").GetString()!);
        return vectors;
    }

    [Theory, MemberData(nameof(Vectors))]
    public void The_server_refuses_what_the_browser_refuses(string typed, string kept) =>
        Assert.Equal(kept, Redactor.Redact(typed, hide: SecretKinds.Typed).Text);
}
