using System.Globalization;
using System.Text;

namespace Huifang.Contacts;

/// <summary>
/// A verdict as one compact line (about 300 characters), as it is stored, and back, so that an old decision can be explained word for word.
/// <c>1|outcome|packs|check finding pack#rule,seen,fact;…</c>. Unknown versions and damaged lines give null.
/// </summary>
public static class VerdictText
{
    private const string Findings = "-PEVCHDM";

    public static string Write(ContactVerdict verdict)
    {
        var text = new StringBuilder(400).Append("1|");
        _ = verdict switch
        {
            ContactVerdict.Allow allow => text.Append('A').Append((int)allow.Duties),
            ContactVerdict.Hold hold => text.Append('H').Append(hold.Until.ToUnixTimeMilliseconds()),
            ContactVerdict.Drop drop => text.Append('D').Append(drop.Reason),
            ContactVerdict.Merge merge => text.Append('M').Append(Uri.EscapeDataString(merge.Into)),
            ContactVerdict.Reroute reroute => text.Append('R').Append(reroute.Channel),
        };
        var packs = new List<string>();
        var body = new StringBuilder(300);
        foreach (var reason in verdict.Reasons.Made())
        {
            if (body.Length > 0) body.Append(';');
            body.Append((char)('a' + (int)reason.Check)).Append(Findings[(int)reason.Finding]);
            if (verdict.Reasons.RuleOf(reason) is { } rule)
            {
                var pack = $"{rule.Pack}@{rule.Version}";
                if (!packs.Contains(pack)) packs.Add(pack);
                body.Append(packs.IndexOf(pack)).Append('#').Append(rule.Rule);
            }
            if (reason.Seen != 0 || reason.Fact != 0) body.Append(',').Append(reason.Seen);
            if (reason.Fact != 0) body.Append(',').Append(reason.Fact);
        }
        return text.Append('|').AppendJoin(',', packs).Append('|').Append(body).ToString();
    }

    public static ContactVerdict? Read(string? line)
    {
        if (line?.Split('|') is not ["1", [var kind, .. var rest], var packs, var body]) return null;
        if (Reasons(packs, body) is not { } reasons) return null;
        return kind switch
        {
            'A' when int.TryParse(rest, out var duties) => new ContactVerdict.Allow((Duties)duties, reasons),
            'H' when Long(rest, out var until) && Math.Abs(until) < 250_000_000_000_000 => new ContactVerdict.Hold(DateTimeOffset.FromUnixTimeMilliseconds(until), reasons),
            'D' when Enum.TryParse<DropReason>(rest, out var reason) => new ContactVerdict.Drop(reason, reasons),
            'M' when rest.Length > 0 => new ContactVerdict.Merge(Uri.UnescapeDataString(rest), reasons),
            'R' when Enum.TryParse<Channel>(rest, out var channel) => new ContactVerdict.Reroute(channel, reasons),
            _ => null,
        };
    }

    private static ContactReasons? Reasons(string packs, string body)
    {
        var names = packs.Split(',').Select(pack => pack.Split('@')).ToArray();
        var rules = new List<RuleRef>();
        var reasons = new ContactReasons(rules);
        foreach (var part in body.Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            var fields = part.Split(',');
            if (fields[0].Length < 2 || fields[0][0] - 'a' is not (>= 0 and < ContactReasons.Count) || Findings.IndexOf(fields[0][1]) is not (> 0 and var finding)) return null;
            short rule = -1;
            if (fields[0].Length > 2)
            {
                if (fields[0][2..].Split('#') is not [var index, var id] || !int.TryParse(index, out var pack) || pack >= names.Length || names[pack] is not [var name, var version]) return null;
                rules.Add(new(name, version, id));
                rule = (short)(rules.Count - 1);
            }
            var (seen, fact) = (0L, 0L);
            if (fields.Length > 1 && !Long(fields[1], out seen) || fields.Length > 2 && !Long(fields[2], out fact)) return null;
            reasons.Set((ContactCheck)(fields[0][0] - 'a'), (Finding)finding, rule, (int)seen, fact);
        }
        return reasons;
    }

    private static bool Long(string text, out long value) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
}
