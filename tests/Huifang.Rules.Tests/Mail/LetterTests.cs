using System.Text;
using Huifang.Mail;

namespace Huifang.Rules.Tests.Mail;

public sealed class LetterTests // R1
{
    private static readonly string[] Ours = ["complaints@wallet.example"];
    private static Encoding Gb => Find("gb18030");

    private static Encoding Find(string name) => CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);

    private static byte[] Bytes(string head, string body, Encoding? encoding = null) =>
        [.. Encoding.ASCII.GetBytes(head.ReplaceLineEndings("\r\n") + "\r\n\r\n"), .. (encoding ?? Encoding.UTF8).GetBytes(body.ReplaceLineEndings("\r\n"))];

    private static Letter Read(string head, string body = "", Encoding? encoding = null) => LetterReader.Read(Bytes(head, body, encoding), Ours);

    private static string B(string text, Encoding encoding) => Convert.ToBase64String(encoding.GetBytes(text));

    [Theory]
    [InlineData("Content-Type: text/plain; charset=utf-8", "utf-8", false)]
    [InlineData("Content-Type: text/plain; charset=\"gb2312\"", "gb18030", false)]
    [InlineData("Content-Type: text/plain; charset=GBK", "gb18030", false)]
    [InlineData("Content-Type: text/plain; charset=utf-8", "gb18030", true)]
    [InlineData("Content-Type: text/plain; charset=no-such-thing", "gb18030", true)]
    [InlineData("Content-Type: text/plain", "gb18030", true)]
    [InlineData("Content-Type: text/plain; charset=us-ascii", "utf-8", false)]
    [InlineData("Content-Type: text/plain; charset=iso-8859-1", "utf-8", true)]
    [InlineData("X-Nothing: 1", "utf-8", false)]
    public void Words_are_found_whatever_charset_was_declared(string header, string really, bool guessed)
    {
        const string words = "提现三天了还没到账，客服说没有这笔交易，请给我一个说法。";
        var letter = Read($"From: a@b.example\nSubject: x\n{header}", words, Find(really));
        Assert.Equal((words, guessed), (letter.Text, letter.IsGuessed));
    }

    [Theory]
    [InlineData("big5", "提款三天仍未到帳，請交代。")]
    [InlineData("iso-2022-jp", "出金が三日たっても届きません。")]
    [InlineData("windows-1252", "Où est mon argent ?")]
    public void Other_charsets_are_read_as_declared(string charset, string words) =>
        Assert.Equal(words, Read($"From: a@b.example\nContent-Type: text/plain; charset={charset}", words, Find(charset)).Text);

    [Fact]
    public void A_character_cut_in_two_between_encoded_words_is_whole_again()
    {
        var bytes = Gb.GetBytes("投诉：提现不到账");
        var subject = $"=?gb2312?B?{Convert.ToBase64String(bytes[..5])}?=\n =?GB2312?b?{Convert.ToBase64String(bytes[5..])}?= (2)";
        Assert.Equal("投诉：提现不到账 (2)", Read($"From: =?utf-8?Q?=E5=91=A8=20=E6=85=95=E6=99=B4?= <zhou@mail.example>\nSubject: {subject}").Subject);
        Assert.Equal(("zhou@mail.example", "周 慕晴"), Read("From: =?utf-8?Q?=E5=91=A8=20=E6=85=95=E6=99=B4?= <zhou@mail.example>") is var l ? (l.From, l.FromName) : default);
        Assert.Equal("plain =?broken?= stays", Read("Subject: plain =?broken?= stays").Subject);
    }

    private static readonly string Mixed = $"""
        --outer
        Content-Type: multipart/alternative; boundary="in ner"

        --in ner
        Content-Type: text/plain; charset=utf-8
        Content-Transfer-Encoding: quoted-printable

        =E9=92=B1=E6=B2=A1=E5=88=B0=
        =E8=B4=A6
        --in ner
        Content-Type: text/html; charset=gbk
        Content-Transfer-Encoding: base64

        {B("<p>钱没到账</p>", Gb)}
        --in ner--
        --outer
        Content-Type: application/pdf
        Content-Disposition: attachment; filename*0*=utf-8''%E8%B4%A6; filename*1*=%E5%8D%95; filename*2=".pdf"
        Content-Transfer-Encoding: base64

        {Convert.ToBase64String("%PDF-1.7"u8)}
        --outer
        Content-Type: message/rfc822

        From: x@y.example
        Subject: before

        earlier words
        --outer--
        this is after the end
        """;

    [Fact]
    public void Words_html_files_and_letters_inside_are_told_apart()
    {
        var letter = Read("From: a@b.example\nContent-Type: multipart/mixed; boundary=outer", Mixed);
        Assert.Equal(("钱没到账", "<p>钱没到账</p>"), (letter.Text, letter.Html));
        Assert.Equal(["账单.pdf", "letter.eml"], letter.Files.Select(file => file.Name));
        Assert.Equal("%PDF-1.7"u8.ToArray(), letter.Files[0].Content);
    }

    [Fact]
    public void A_letter_cut_off_anywhere_is_read_as_far_as_it_goes()
    {
        var whole = Bytes("From: a@b.example\nSubject: =?utf-8?B?5o+Q546w?=\nContent-Type: multipart/mixed; boundary=outer", Mixed);
        for (var length = 0; length <= whole.Length; length++) _ = LetterReader.Read(whole[..length], Ours);
        var cut = LetterReader.Read(whole[..^60], Ours);
        Assert.Equal(("钱没到账", 2), (cut.Text, cut.Files.Length));
    }

    [Fact]
    public void No_mutation_of_a_letter_breaks_the_reader()
    {
        var whole = Bytes("From: a@b.example\nSubject: =?utf-8?B?5o+Q546w?=\nContent-Type: multipart/mixed; boundary=outer", Mixed);
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        for (var round = 0; round < 3000; round++)
        {
            byte[] bent = [.. whole];
            for (var i = random.Next(1, 30); i > 0; i--) bent[random.Next(bent.Length)] = (byte)random.Next(256);
            try { _ = LetterReader.Read(bent, Ours); }
            catch (Exception failed) { Assert.Fail($"seed {seed}, round {round}: {failed}"); }
        }
    }

    [Fact]
    public void Parts_within_parts_without_end_are_cut_at_a_limit()
    {
        var body = new StringBuilder();
        for (var i = 0; i < 2000; i++) body.Append($"--b{i}\r\nContent-Type: multipart/mixed; boundary=b{i + 1}\r\n\r\n");
        body.Append("deep");
        Assert.Contains("--b", Read("Content-Type: multipart/mixed; boundary=b0", body.ToString()).Text, StringComparison.Ordinal);
        var many = string.Concat(Enumerable.Repeat("--m\r\n\r\nx\r\n", 5000));
        Assert.InRange(MimeReader.Read(Bytes("Content-Type: multipart/mixed; boundary=m", many)).All().Count(), 2, MimeReader.PartsMax + 1);
    }

    [Theory]
    [InlineData("../../etc/passwd", "passwd")]
    [InlineData(@"C:\Users\x\账单.xlsx", "账单.xlsx")]
    [InlineData("photo\u202Egnp.exe", "photognp.exe")]
    [InlineData("a\"b<c>.txt", "abc.txt")]
    public void The_name_of_a_file_is_only_a_name(string sent, string kept)
    {
        var name = Uri.EscapeDataString(sent);
        Assert.Equal(kept, Read($"Content-Type: image/png\nContent-Disposition: attachment; filename*=utf-8''{name}", "x").Files.Single().Name);
    }

    [Fact]
    public void A_bounce_says_which_letter_of_ours_did_not_arrive()
    {
        const string Report = "--r\n\nSorry.\n--r\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; a@b.example\nAction: failed\nStatus: 5.1.1\n--r\nContent-Type: message/rfc822\n\nFrom: complaints@wallet.example\nMessage-ID: <m-123@wallet.example>\nSubject: x\n\nbody\n--r--";
        var letter = Read("Return-Path: <>\nFrom: MAILER-DAEMON@mx.example\nContent-Type: multipart/report; report-type=delivery-status; boundary=r", Report);
        Assert.Equal((LetterKind.Bounce, "m-123@wallet.example", true), (letter.Kind, letter.Returned, letter.IsFinal));
        Assert.False(Read("Content-Type: multipart/report; report-type=delivery-status; boundary=r", Report.Replace("failed", "delayed")).IsFinal);
    }

    [Theory]
    [InlineData("Auto-Submitted: auto-replied", LetterKind.Automatic)]
    [InlineData("Auto-Submitted: no", LetterKind.Written)]
    [InlineData("Precedence: bulk", LetterKind.Automatic)]
    [InlineData("From: Complaints <COMPLAINTS@wallet.example>", LetterKind.Loop)]
    [InlineData("X-Mailer: Foxmail", LetterKind.Written)]
    public void Machines_are_told_from_people(string header, LetterKind kind) => Assert.Equal(kind, Read($"{header}\nFrom: a@b.example", "words").Kind);

    [Fact]
    public void A_letter_that_went_round_fifty_times_is_a_loop() => Assert.Equal(LetterKind.Loop, Read(string.Concat(Enumerable.Repeat("Received: by x\n", 51)) + "From: a@b.example", "words").Kind);

    [Theory]
    [InlineData("Zhou <zhou@mail.example>, other@x.example", "zhou@mail.example")]
    [InlineData("zhou@mail.example (周慕晴)", "zhou@mail.example")]
    [InlineData("\"<evil@x.example>\" <real@mail.example>", "evil@x.example")]
    [InlineData("undisclosed-recipients:;", null)]
    [InlineData("", null)]
    public void The_sender_is_found(string from, string? address) => Assert.Equal(address, LetterReader.Mailbox(from).Address);
}
