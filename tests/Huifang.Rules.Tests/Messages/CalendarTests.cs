using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Huifang.Messages;

namespace Huifang.Messages;

public class CalendarTests
{
    private static readonly CalendarEvent Call = new("01234@care", 2, Utc(24, 10, 0), Utc(25, 6, 0), Utc(25, 6, 30), "青桥钱包：林静打给您", "约 5 分钟；不问密码, 不问验证码\n退订回 T")
    {
        OrganizerName = "青桥钱包 \"客服\"", OrganizerMail = "care@qingqiao.example", AttendeeMail = "zhou@example.org", Url = "https://hf.example/r/abc", RemindMinutesBefore = 20,
    };

    [Fact] // B1
    public void An_appointment_reads_as_RFC_5545_wants_it()
    {
        var lines = Unfold(Calendar.Write(Call));
        Assert.Equal("BEGIN:VCALENDAR", lines[0]);
        Assert.Equal("END:VCALENDAR", lines[^1]);
        Assert.Contains("VERSION:2.0", lines);
        Assert.Contains("UID:01234@care", lines);
        Assert.Contains("SEQUENCE:2", lines);
        Assert.Contains("DTSTART:20261125T060000Z", lines);
        Assert.Contains("DTEND:20261125T063000Z", lines);
        Assert.Contains(@"DESCRIPTION:约 5 分钟；不问密码\, 不问验证码\n退订回 T", lines);
        Assert.Contains("ORGANIZER;CN=\"青桥钱包 '客服'\":mailto:care@qingqiao.example", lines);
        Assert.Contains("TRIGGER:-PT20M", lines);
        Assert.Equal(1, lines.Count(line => line == "BEGIN:VALARM"));
    }

    [Fact]
    public void A_cancelled_appointment_says_so_and_does_not_remind()
    {
        var lines = Unfold(Calendar.Write(Call with { Method = CalendarMethod.Cancel, Sequence = 3 }));
        Assert.Contains("METHOD:CANCEL", lines);
        Assert.Contains("STATUS:CANCELLED", lines);
        Assert.DoesNotContain("BEGIN:VALARM", lines);
    }

    [Fact]
    public void Any_words_come_back_from_lines_of_at_most_75_octets()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<NonNull<string>>(), words =>
        {
            var text = new string([.. words.Get.EnumerateRunes().Where(rune => rune.Value != 0xFFFD).SelectMany(rune => (rune + "汉").ToCharArray())]);
            var file = Calendar.Write(Call with { Description = text });
            var raw = file.Split("\r\n")[..^1];
            var description = Unfold(file).Single(line => line.StartsWith("DESCRIPTION:", StringComparison.Ordinal) && line != Unfold(file).Last(other => other.StartsWith("DESCRIPTION:", StringComparison.Ordinal)) || line == "DESCRIPTION:" + Calendar.Text(text))["DESCRIPTION:".Length..];
            return raw.All(line => Encoding.UTF8.GetByteCount(line) <= 75)
                && !file.Replace("\r\n", "", StringComparison.Ordinal).Any(c => c is '\r' or '\n')
                && Read(description) == new string([.. text.ReplaceLineEndings("\n").Where(c => c == '\n' || !char.IsControl(c))]);
        }).QuickCheckThrowOnFailure();
    }

    private static DateTimeOffset Utc(int day, int hour, int minute) => new(2026, 11, day, hour, minute, 0, TimeSpan.Zero);

    // What a reader does: join folded lines.
    private static string[] Unfold(string file) => file.Replace("\r\n ", "", StringComparison.Ordinal).TrimEnd('\r', '\n').Split("\r\n");

    private static string Read(string value)
    {
        var text = new StringBuilder();
        for (var i = 0; i < value.Length; i++)
            text.Append(value[i] != '\\' ? value[i] : value[++i] == 'n' ? '\n' : value[i]);
        return text.ToString();
    }
}
