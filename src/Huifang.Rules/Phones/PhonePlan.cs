using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.RegularExpressions;
using Huifang.Data;

namespace Huifang.Phones;

/// <summary>The numbering plan of one region. Source: Google libphonenumber metadata (Apache-2.0), see <c>tools/phones</c> and NOTICE.</summary>
internal sealed class PhonePlan
{
    private static readonly Lazy<(FrozenDictionary<string, PhonePlan> ByRegion, FrozenDictionary<string, ImmutableArray<PhonePlan>> ByCode)> Shelf = new(Load);

    // Order of the metadata's types.
    private static readonly PhoneType[] Kinds =
        [PhoneType.FixedLine, PhoneType.Mobile, PhoneType.TollFree, PhoneType.Premium, PhoneType.Personal, PhoneType.Voicemail, PhoneType.Company, PhoneType.Pager, PhoneType.Voip, PhoneType.SharedCost];

    private readonly Pattern number;
    private readonly ImmutableArray<(PhoneType Kind, Pattern Pattern, ImmutableArray<int> Lengths)> types;
    private readonly ImmutableArray<(Pattern Shape, string Text, Pattern Leading)> formats;
    private readonly Pattern? prefix;
    private readonly string? prefixBecomes;

    private PhonePlan(JsonElement json)
    {
        Region = json.GetProperty("region").GetString()!;
        Code = json.GetProperty("code").GetString()!;
        IsMain = json.TryGetProperty("main", out _);
        Lengths = Whole(json.GetProperty("lengths"));
        number = new(json.GetProperty("number").GetString()!, true);
        Abroad = Text(json, "abroad") is { } abroad ? new(abroad, false) : null;
        Leading = Text(json, "leading") is { } leading ? new(leading, false) : null;
        prefix = (Text(json, "prefixPattern") ?? Text(json, "prefix")) is { } pattern ? new(pattern, false) : null;
        prefixBecomes = Text(json, "prefixBecomes");
        types = [.. json.GetProperty("types").EnumerateArray().Select((type, index) => (type, index)).Where(each => each.type.ValueKind == JsonValueKind.Array)
            .Select(each => (Kinds[each.index], new Pattern(each.type[0].GetString()!, true), Whole(each.type[1])))];
        formats = [.. json.GetProperty("formats").EnumerateArray().Select(format =>
            (new Pattern(format[0].GetString()!, true), format[1].GetString()!, new Pattern(format[2].GetString()!, false)))];
    }

    public string Region { get; }
    public string Code { get; }
    public bool IsMain { get; }
    public ImmutableArray<int> Lengths { get; }
    /// <summary>What is dialled before an international number, such as 00 or 011.</summary>
    public Pattern? Abroad { get; }
    /// <summary>Where several regions share a calling code: how this one's numbers begin.</summary>
    public Pattern? Leading { get; }

    public static PhonePlan? Of(string region) => Shelf.Value.ByRegion.GetValueOrDefault(region);

    /// <summary>The regions of a calling code, the main one first.</summary>
    public static ImmutableArray<PhonePlan> OfCode(string code) => Shelf.Value.ByCode.GetValueOrDefault(code, []);

    /// <summary>The number without a trunk prefix, when what is left is a number of the plan; else as it was.</summary>
    public string WithoutPrefix(string digits)
    {
        if (prefix?.AtStart(digits) is not { Length: > 0 } match) return digits;
        var rest = prefixBecomes is not null && match.Groups.Count > 1 && match.Groups[^1].Success ? match.Result(prefixBecomes) + digits[match.Length..] : digits[match.Length..];
        return number.Matches(digits) && !number.Matches(rest) ? digits : rest;
    }

    public bool IsPossible(string national) => number.Matches(national);

    public PhoneType? TypeOf(string national)
    {
        if (!number.Matches(national)) return null;
        if (types.IsEmpty) return PhoneType.Unknown;
        bool Is(PhoneType kind) => types.Any(type => type.Kind == kind && (type.Lengths.IsEmpty || type.Lengths.Contains(national.Length)) && type.Pattern.Matches(national));
        if (Is(PhoneType.FixedLine))
            return types.Any(type => type.Kind == PhoneType.Mobile && (type.Pattern.IsEmpty || type.Pattern.Matches(national))) ? PhoneType.FixedOrMobile : PhoneType.FixedLine;
        foreach (var (kind, _, _) in types)
            if (kind != PhoneType.FixedLine && Is(kind)) return kind;
        return null;
    }

    /// <summary>The national number in groups, as it is written in the country.</summary>
    public static string Group(Phone phone)
    {
        var plans = OfCode(phone.CallingCode);
        var plan = plans.FirstOrDefault(each => each.Region == phone.Region && each.formats.Length > 0) ?? plans.FirstOrDefault(each => each.formats.Length > 0);
        if (plan is null) return phone.National;
        foreach (var (shape, text, leading) in plan.formats)
            if ((leading.IsEmpty || leading.AtStart(phone.National) is not null) && shape.Matches(phone.National)) return OnlySpaces(shape.Replace(phone.National, text));
        return phone.National;
    }

    /// <summary>Abroad, groups are parted by spaces only (ITU-T E.123).</summary>
    private static string OnlySpaces(string grouped) => string.Join(' ', grouped.Split([' ', '-', '(', ')', '.', '/'], StringSplitOptions.RemoveEmptyEntries));

    private static (FrozenDictionary<string, PhonePlan>, FrozenDictionary<string, ImmutableArray<PhonePlan>>) Load()
    {
        using var reader = new StreamReader(ShippedData.Open(ShippedData.Names("phones").Single()));
        var plans = new List<PhonePlan>();
        for (reader.ReadLine(); reader.ReadLine() is { Length: > 0 } line;)
        {
            using var json = JsonDocument.Parse(line);
            plans.Add(new(json.RootElement));
        }
        return (plans.Where(plan => plan.Region != "001").ToFrozenDictionary(plan => plan.Region, StringComparer.Ordinal),
            plans.GroupBy(plan => plan.Code).ToFrozenDictionary(group => group.Key, group => group.OrderByDescending(plan => plan.IsMain).ToImmutableArray(), StringComparer.Ordinal));
    }

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static ImmutableArray<int> Whole(JsonElement list) => [.. list.EnumerateArray().Select(number => number.GetInt32())];
}

/// <summary>One pattern of the metadata, compiled when it is first asked.</summary>
internal sealed class Pattern(string text, bool isWhole)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(200);
    private Regex? regex;

    public bool IsEmpty => text.Length == 0;

    private Regex Regex => regex ??= new(isWhole ? $"^(?:{text})$" : $"^(?:{text})", RegexOptions.CultureInvariant, Limit);

    public bool Matches(string digits) => !IsEmpty && Regex.IsMatch(digits);

    public Match? AtStart(string digits) => !IsEmpty && Regex.Match(digits) is { Success: true } match ? match : null;

    public string Replace(string digits, string text) => Regex.Replace(digits, text);
}
