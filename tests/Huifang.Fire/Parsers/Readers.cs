using System.Text;
using System.Text.Json;
using Huifang.Calendars;
using Huifang.Complaints;
using Huifang.Contacts;
using Huifang.Data;
using Huifang.FollowUps;
using Huifang.Guard;
using Huifang.Intake;
using Huifang.Mail;
using Huifang.Messages;
using Huifang.Phones;
using Huifang.Planning;
using Huifang.Redaction;
using Huifang.Scripts;

namespace Huifang.Fire.Parsers;

/// <summary>Something that reads what strangers write.</summary>
/// <param name="Read">What it understood, as text, so that two readings can be compared.</param>
/// <param name="Refuses">The one exception by which it says that it can't read; <see cref="Never"/> when it answers with a value.</param>
internal sealed record Reader(string Name, IReadOnlyList<byte[]> Examples, Func<byte[], string> Read, Type Refuses);

/// <summary>No exception is allowed.</summary>
internal sealed class Never : Exception;

internal static class Readers
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 10, 0, 0, TimeSpan.Zero);
    private static readonly Agent Lin = new("s-lin", "林静", "Asia/Shanghai", ["zh-Hans"], ["general"]);
    private static readonly Dictionary<string, Agent> Agents = new(StringComparer.Ordinal) { ["s-lin"] = Lin, ["lin"] = Lin };

    public static readonly IReadOnlyList<Reader> All =
    [
        Words("sms reply", ["1", "退订", "STOP", "４", "yes please", "5"], text => $"{ReplyReader.Read(text, Asked.Booking)} {ReplyReader.Read(text, Asked.Rating)} {ReplyReader.Read(text, Asked.Nothing)}"),
        Words("phone", ["+8613812345678", "020 7946 0018", "(415) 555-2671", "１３８ １２３４ ５６７８", "tel:+44-20-7946-0018;ext=3"], text => $"{PhoneRules.Read(text)} {PhoneRules.Read(text, "CN")} {PhoneRules.Read(text, "GB")}"),
        Words("search", ["充值未到账 2026", "card declined twice", "退款 refund İstanbul"], text => string.Join('|', SearchTerms.Of(text))),
        Words("week hours", ["mo-fr 09:00-18:00", "Mo,We 10:00-12:00, 14:00-20:00; sa 10:00-14:00"], text => $"{WeekHours.Parse(text)}"),
        Words("redaction", ["卡号 6222 0212 3456 7890 123 密码 8 8 6 6", "my card is 4111-1111-1111-1111 cvv 123", "助记词 apple banana cherry date elder fig grape honey iris jade kiwi lemon"], text => Redactor.Redact(text).Text),
        Words("calendar file", ["BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;TZID=Asia/Shanghai:20261124T100000\r\nDTEND;TZID=Asia/Shanghai:20261124T110000\r\nRRULE:FREQ=WEEKLY;BYDAY=MO,TU;UNTIL=20270101T000000Z\r\nEXDATE;TZID=Asia/Shanghai:20261201T100000\r\nSUMMARY:Meeting\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20261230\r\nDURATION:P2D\r\nCATEGORIES:time off\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"],
            text => { var read = CalendarFile.Read(text, Lin, Now, Now.AddDays(60)); return $"{read.Times.Count} {read.Bad.Count}"; }),
        Words("shift file", ["agent,kind,from,to\r\ns-lin,shift,2026-11-25 09:00,2026-11-25 18:00\r\nlin,break,2026-11-25T12:00+08:00,\"2026-11-25T13:00+08:00\"\r\n", "agent;kind;from;to\ns-lin;leave;2026-11-26;2026-11-27\n"],
            text => { var read = ShiftFile.Read("shifts.csv", text, Agents, "s-lin", Now); return $"{read.Times.Count} {read.Bad.Count}"; }),
        Words("import file", ["id,source,type,subject,data.amount,data.fast\r\ne-1,wallet,withdrawal.failed,k1,430000,true\r\n\"e-2\",wallet,\"a \"\"b\"\"\nc\",k2,,\r\n"], text => string.Join('\n', FileImport.CsvLines(new StringReader(text), "events")), typeof(ImportRefused)),
        Bytes("export rows", ["Complaint ID,Date received,Product,Issue,Consumer complaint narrative\r\n1,2026-01-02,\"Money transfer, virtual currency\",Fraud,\"They said \"\"no\"\"\r\ntwice\"\r\n", "投诉编号;投诉时间;投诉内容\n7;2026-11-24 10:00;充值未到账\n"], bytes => Complaints(ExportRows.Read(new MemoryStream(bytes), "export.csv"))),
        Bytes("export objects", ["""[{"编号":"7","投诉内容":"充值未到账","金额":12.5,"x":null,"y":[1]}]"""], bytes =>
        {
            // It says in two ways that a file holds no rows.
            try { return Complaints(ExportRows.Read(new MemoryStream(bytes), "export.json")); }
            catch (Exception refused) when (refused is FormatException or JsonException) { return "no rows"; }
        }),
        Words("customer json", ["""{"zone":"Asia/Shanghai","language":"zh-Hans","country":"CN","consents":[{"purpose":"Service","channel":"Voice","given":true,"at":"2026-01-01T00:00:00Z"}],"contacts":[]}"""], text => $"{ContactCustomerReader.Read(text).Problems.Count}"),
        Words("trigger rule", [.. Shipped("triggers"), """{"id":"x","on":"withdrawal.failed","when":[{"field":"amount","is":"atLeast","value":100}],"arrange":{"purpose":"Service","channel":"Voice","value":600}}"""], text => $"{TriggerReader.Read(text).Problems.Count}"),
        Words("script", ["""{"key":"x","title":["一","一","one"],"goals":[],"sections":[{"id":"a","name":["一","一","one"],"questions":[{"id":"q","kind":"Text","text":["一","一","one"]}]}],"deviations":[]}"""], text => ScriptReader.Write(ScriptReader.Read(text)), typeof(ScriptUnreadable)),
        Json("contact pack", [.. Shipped("packs")], json => PackReader.Read(json).Id, typeof(FormatException)),
        Json("complaint pack", [.. Shipped("complaints.packs")], json => ComplaintPackShelf.Read(json).Id, typeof(FormatException)),
        Bytes("event", ["""{"specversion":"1.0","id":"e-1","source":"wallet","type":"withdrawal.failed","subject":"k1","time":"2026-11-24T09:00:00Z","data":{"amount":430000,"currency":"CNY"}}"""], bytes => $"{EventReader.Read(bytes, Now).GetType().Name}"),
        Bytes("letter", ["From: =?utf-8?B?5ZGo5oWV5pm0?= <zhou@example.com>\r\nTo: care@example.org\r\nSubject: =?gb18030?B?zfrByw==?=\r\nMessage-ID: <a@b>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=\"x\"\r\n\r\n--x\r\nContent-Type: text/plain; charset=gbk\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=C4=FA=BA=C3\r\n--x\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Hello<br>there</p>\r\n--x--\r\n"],
            bytes => { var letter = LetterReader.Read(bytes, ["care@example.org"]); return $"{letter.Kind} {letter.Subject} {letter.Text.Length} {letter.Files.Length}"; }),
        Bytes("plan file", ["followup-plan 1 days 1 blocksPerDay 2 languages 1 skills 1 agentTypes 1 windows 2 tasks 2 valueScale 100 delayCost 8 can 1 cap 1 0 win 1 0 2 0 task 0 5 1 0 0 9 3 1"],
            bytes => { var (problem, refusal) = PlanFile.ReadProblem(bytes); return problem is null ? $"{refusal}" : $"{problem.Tasks} {problem.Refusal()}"; }),
    ];

    private static string Complaints(IEnumerable<IReadOnlyDictionary<string, string>> rows) =>
        string.Join('\n', rows.Select(row => $"{row.Count} {string.Join(' ', ImportMapping.Shipped.Select(mapping => ImportRules.Read(mapping, row).Wrong ?? "a complaint"))}"));

    private static Reader Words(string name, IReadOnlyList<string> examples, Func<string, string> read, Type? refuses = null) =>
        new(name, [.. examples.Select(Encoding.UTF8.GetBytes)], bytes => read(Text(bytes)), refuses ?? typeof(Never));

    private static Reader Bytes(string name, IReadOnlyList<string> examples, Func<byte[], string> read) => new(name, [.. examples.Select(Encoding.UTF8.GetBytes)], read, typeof(Never));

    /// <summary>Whoever calls these has parsed the JSON already: what is none is no test of them.</summary>
    private static Reader Json(string name, IReadOnlyList<string> examples, Func<JsonElement, string> read, Type refuses) => new(name, [.. examples.Select(Encoding.UTF8.GetBytes)], bytes =>
    {
        JsonDocument json;
        try { json = JsonDocument.Parse(bytes); }
        catch (JsonException) { return "no JSON"; }
        using (json) return read(json.RootElement);
    }, refuses);

    /// <summary>Mostly UTF-8 as it comes; every fourth as UTF-16, so that halves of characters stand alone.</summary>
    private static string Text(byte[] bytes) => bytes.Length % 4 == 3 ? new string([.. bytes.Chunk(2).Select(pair => (char)(pair[0] | (pair.Length > 1 ? pair[1] << 8 : 0)))]) : Encoding.UTF8.GetString(bytes);

    private static IEnumerable<string> Shipped(string folder) => ShippedData.Names(folder).Where(name => name.EndsWith(".json", StringComparison.Ordinal)).Select(name =>
    {
        using var reader = new StreamReader(ShippedData.Open(name));
        return reader.ReadToEnd();
    });
}
