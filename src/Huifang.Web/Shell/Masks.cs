namespace Huifang.Shell;

/// <summary>Values of which only so much is shown as their owner needs to know them again.</summary>
public static class Masks
{
    /// <summary>A number by its last four digits, an address by its first letter and domain.</summary>
    public static string Point(string value) =>
        value.IndexOf('@', StringComparison.Ordinal) is > 0 and var at ? $"{value[..1]}•••{value[at..]}"
        : value.Length > 6 ? $"•••• {value[^4..]}" : "••••";

    /// <summary>A name by its first and, when it has three or more characters, its last: 周•晴, M•• Carter.</summary>
    public static string Name(string? name) => name switch
    {
        null or "" => "—",
        _ when char.IsAscii(name[0]) => name.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var first, .. var rest] ? $"{first[..1]}•• {string.Join(' ', rest)}".TrimEnd() : name,
        { Length: >= 3 } => $"{name[..1]}•{name[^1..]}",
        _ => $"{name[..1]}•",
    };
}
