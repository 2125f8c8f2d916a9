using System.Text.Json;

namespace Huifang.Audit;

/// <summary>One requirement of the standard and our answer to it.</summary>
/// <param name="How">What we do, or why it does not apply; in English, as the standard is.</param>
/// <param name="Tests">The automated tests that would fail without it.</param>
public sealed record StandardRow(string Id, int Level, bool Applies, string How, IReadOnlyList<string> Tests)
{
    public int Chapter => int.Parse(Id.AsSpan(1, Id.IndexOf('.', StringComparison.Ordinal) - 1), System.Globalization.CultureInfo.InvariantCulture);
    public StandardState State => !Applies ? StandardState.Absent : Tests.Count > 0 ? StandardState.Tested : StandardState.Reasoned;
}

/// <summary>How a requirement is met: by a test, by a stated reason, or it does not apply.</summary>
public enum StandardState { Tested, Reasoned, Absent }

/// <summary>OWASP ASVS 5.0, levels 1 and 2: docs/asvs.json as it was built in, so that the page and the file never differ.</summary>
public static class Standard
{
    private sealed record Table(IReadOnlyList<StandardRow> Requirements);

    public static IReadOnlyList<StandardRow> Rows { get; } = JsonSerializer.Deserialize<Table>(File(), JsonSerializerOptions.Web)!.Requirements;

    public static Stream File() => typeof(Standard).Assembly.GetManifestResourceStream("Huifang.Audit.asvs.json")!;
}
