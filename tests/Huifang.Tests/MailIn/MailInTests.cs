using System.Net;
using System.Net.Mail;
using System.Net.Sockets;
using System.Text;
using Huifang.Accounts;
using Huifang.Complaints;
using Huifang.MailIn;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Huifang.Tests.MailIn;

public sealed class MailInTests // R1
{
    private const string Us = "complaints@wallet.example";
    private static readonly MailNames Names = new([Us]);

    private sealed class Post(House house, SmtpListener listener, IPEndPoint at) : IAsyncDisposable
    {
        public House House => house;
        public int Port => at.Port;

        public static async Task<Post> Open(string database, Func<byte[], CancellationToken, Task<Handover>>? take = null)
        {
            var house = await House.Open(database, services =>
            {
                services.AddSingleton<IArrivalReader>(new MailArrivalReader(Names));
                services.AddSingleton(Names);
                services.AddSingleton<MailDoor>();
            });
            await house.Write(tx => house.Get<AccountDesk>().Add(tx, new Staff("s-he", "s-he", "何川", [Role.Agent], "zh-Hans")));
            var listener = new SmtpListener(new SmtpListenerSettings(new IPEndPoint(IPAddress.Loopback, 0), [Us]), take ?? house.Get<MailDoor>().Take, NullLogger<SmtpListener>.Instance);
            await listener.StartAsync(default);
            return new Post(house, listener, await listener.Open);
        }

        public Task<long> Count(string what) => house.Read(tx => tx.One<long>($"select count(*) from {what}"));

        public async Task Until(string what, long wanted)
        {
            for (var tries = 0; await Count(what) < wanted; tries++)
            {
                Assert.True(tries < 1200, $"After a minute there are {await Count(what)} of {wanted}: {what}");
                await Task.Delay(50);
            }
        }

        public async ValueTask DisposeAsync()
        {
            await listener.StopAsync(default);
            await house.DisposeAsync();
        }
    }

    /// <summary>Speaks to the listener as a program would, line by line.</summary>
    private sealed class Wire : IDisposable
    {
        private readonly TcpClient _client = new();
        private StreamReader _in = null!;

        public static async Task<Wire> To(int port)
        {
            var wire = new Wire();
            await wire._client.ConnectAsync(IPAddress.Loopback, port);
            wire._in = new StreamReader(wire._client.GetStream(), Encoding.ASCII);
            Assert.StartsWith("220 ", await wire.Hear(), StringComparison.Ordinal);
            return wire;
        }

        public async Task<string> Say(string text)
        {
            await Send(text + "\r\n");
            return await Hear();
        }

        public async Task Send(string text) => await _client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(text));

        public async Task<string> Hear()
        {
            while (await _in.ReadLineAsync() is { } line)
                if (line.Length < 4 || line[3] != '-') return line;
            return "";
        }

        public async Task<Wire> UntilData(string to = Us)
        {
            foreach (var line in new[] { "EHLO test", "MAIL FROM:<an@mail.example> BODY=8BITMIME", $"RCPT TO:<{to}>" }) Assert.StartsWith("250", await Say(line), StringComparison.Ordinal);
            Assert.StartsWith("354", await Say("DATA"), StringComparison.Ordinal);
            return this;
        }

        public void Dispose() => _client.Dispose();
    }

    private static MailMessage Letter(string subject, string words, string from = "an@mail.example") => new(from, Us, subject, words) { SubjectEncoding = Encoding.UTF8, BodyEncoding = Encoding.UTF8 };

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Letters_come_through_a_real_relay_each_as_one_complaint_that_is_acknowledged(string database)
    {
        await using var post = await Post.Open(database);
        await using var relay = await MailRelay.Open(post.Port);
        using (var client = new SmtpClient("127.0.0.1", relay.Port))
        {
            await client.SendMailAsync(Letter("提现三天不到账", "你们把我的钱弄哪去了？卡号 6222 0212 3456 7890 128"));
            using var second = Letter("Charged twice", "", "mia@mail.example");
            second.IsBodyHtml = true;
            second.Body = "<html><style>p{}</style><p>I was charged <b>twice</b>.</p><script>alert(1)</script><p>Fix it.</p></html>";
            second.Attachments.Add(new Attachment(new MemoryStream("receipt"u8.ToArray()), "收据.txt"));
            await client.SendMailAsync(second);
        }
        try { await post.Until("complaints", 2); }
        catch { throw new Xunit.Sdk.XunitException(relay.Log()); }
        await post.House.Settle();

        var complaints = await post.House.Read(tx => tx.Query<(string Id, string Language, string Door)>("select id, language, door from complaints order by no"));
        Assert.All(complaints, complaint => Assert.Equal("Email", complaint.Door));
        Assert.Equal(["en", "zh-Hans"], complaints.Select(complaint => complaint.Language).Order());
        Assert.Equal(1, await post.Count("complaint_files"));
        Assert.All(await post.House.Read(tx => tx.Query<(string Template, string State, string? Reason)>("select template, state, reason from messages")), message => Assert.Equal(("complaint-received", "Sent", null), message));
        Assert.Equal(2, await post.Count("messages"));
        Assert.Empty((await post.House.Get<Checks.LedgerCheck>().Run()).Violations);
    }

    [Fact]
    public async Task A_thousand_letters_at_once_are_a_thousand_complaints()
    {
        const int Many = 1000;
        await using var post = await Post.Open(Databases.Sqlite);
        await Parallel.ForEachAsync(Enumerable.Range(0, 20), async (lane, stop) =>
        {
            using var wire = await Wire.To(post.Port);
            for (var i = 0; i < Many / 20; i++)
            {
                await wire.UntilData();
                Assert.StartsWith("250", await wire.Say($"From: <p{lane}-{i}@mail.example>\r\nSubject: letter {lane} {i}\r\nMessage-ID: <{lane}-{i}@mail.example>\r\n\r\nMy money number {lane * 100 + i} is gone.\r\n."), StringComparison.Ordinal);
            }
        });
        Assert.Equal((Many, Many, 0L), (await post.Count("complaints"), await post.Count("complaint_intake where fate = 'Case'"), await post.Count("complaint_intake where fate = 'Waiting'")));
    }

    [Fact]
    public async Task A_letter_that_is_sent_again_because_our_answer_was_lost_is_the_same_letter()
    {
        await using var post = await Post.Open(Databases.Sqlite);
        for (var i = 0; i < 3; i++)
        {
            using var wire = await (await Wire.To(post.Port)).UntilData();
            Assert.StartsWith("250", await wire.Say($"Received: from relay by us, try {i}\r\nFrom: <an@mail.example>\r\nMessage-ID: <1@mail.example>\r\nSubject: x\r\n\r\nWhere is my money?\r\n."), StringComparison.Ordinal);
        }
        Assert.Equal((1L, 1L), (await post.Count("complaints"), await post.Count("complaint_intake")));
    }

    [Fact]
    public async Task A_connection_that_breaks_in_the_letter_leaves_nothing_and_the_relay_has_it_still()
    {
        await using var post = await Post.Open(Databases.Sqlite);
        using (var wire = await (await Wire.To(post.Port)).UntilData()) await wire.Send("From: <an@mail.example>\r\nSubject: half a let");
        using (var wire = await (await Wire.To(post.Port)).UntilData()) Assert.StartsWith("250", await wire.Say("From: <an@mail.example>\r\n\r\nThe whole letter.\r\n."), StringComparison.Ordinal);
        Assert.Equal(1, await post.Count("complaint_intake"));
    }

    [Fact]
    public async Task What_cannot_be_stored_stays_with_the_relay()
    {
        var answers = new Queue<Func<Handover>>([() => throw new IOException("disk"), () => Handover.StorageFull, () => Handover.TooLarge, () => Handover.Kept]);
        await using var post = await Post.Open(Databases.Sqlite, (_, _) => Task.FromResult(answers.Dequeue()()));
        using var wire = await Wire.To(post.Port);
        foreach (var expected in new[] { "451", "452", "552", "250" })
        {
            await wire.UntilData();
            Assert.StartsWith(expected, await wire.Say("From: <an@mail.example>\r\n\r\nwords\r\n."), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_large_file_comes_through_and_too_large_a_letter_is_refused_before_it_is_sent_or_after()
    {
        await using var post = await Post.Open(Databases.Sqlite);
        using (var client = new SmtpClient("127.0.0.1", post.Port))
        {
            using var letter = Letter("Large", "See the film.");
            letter.Attachments.Add(new Attachment(new MemoryStream(new byte[24 * 1024 * 1024]), "film.bin"));
            await client.SendMailAsync(letter);
        }
        Assert.Equal(24L * 1024 * 1024, await post.House.Read(tx => tx.One<long>("select bytes from complaint_files")));
        using var wire = await Wire.To(post.Port);
        Assert.StartsWith("552", await wire.Say($"MAIL FROM:<an@mail.example> SIZE={SmtpListener.LetterBytesMax + 1}"), StringComparison.Ordinal);
        await wire.UntilData();
        var line = new string('x', 1_000_000) + "\r\n";
        for (var sent = 0; sent <= SmtpListener.LetterBytesMax; sent += line.Length) await wire.Send(line);
        Assert.StartsWith("552", await wire.Say("."), StringComparison.Ordinal);
        Assert.Equal(1, await post.Count("complaint_intake"));
    }

    [Fact]
    public async Task Only_our_names_take_letters_and_a_second_letter_cannot_be_smuggled_into_the_first()
    {
        await using var post = await Post.Open(Databases.Sqlite);
        using var wire = await Wire.To(post.Port);
        Assert.StartsWith("503", await wire.Say("DATA"), StringComparison.Ordinal);
        Assert.StartsWith("503", await wire.Say("RCPT TO:<x@wallet.example>"), StringComparison.Ordinal);
        Assert.StartsWith("250", await wire.Say("MAIL FROM:<an@mail.example>"), StringComparison.Ordinal);
        Assert.StartsWith("550", await wire.Say("RCPT TO:<somebody@else.example>"), StringComparison.Ordinal);
        Assert.StartsWith("500", await wire.Say("WIZ"), StringComparison.Ordinal);
        await wire.UntilData();
        // A bare line feed around the dot ends nothing (CVE-2023-51764 and its kin); a doubled dot is one.
        Assert.StartsWith("250", await wire.Say("From: <an@mail.example>\r\n\r\nfirst\n.\nMAIL FROM:<evil@x.example>\n.\r\n..dotted\r\n."), StringComparison.Ordinal);
        var raw = (await post.House.Read(async tx => await post.House.Get<ComplaintIntake>().Raw(tx, (await tx.One<string>("select id from complaint_intake"))!)))!;
        Assert.Equal("From: <an@mail.example>\r\n\r\nfirst\n.\nMAIL FROM:<evil@x.example>\n.\r\n.dotted\r\n", Encoding.ASCII.GetString(raw));
        for (var faults = 4; faults < 20; faults++) Assert.StartsWith("500", await wire.Say("NOT A COMMAND"), StringComparison.Ordinal);
        Assert.Equal("421 4.7.0 Too many errors", await wire.Hear());
    }

    [Fact]
    public async Task Bounces_loops_and_absence_notes_are_kept_with_their_reason_and_answered_by_nobody()
    {
        await using var post = await Post.Open(Databases.Sqlite);
        var door = post.House.Get<MailDoor>();
        foreach (var letter in new[]
        {
            "From: MAILER-DAEMON@mx.example\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=r\r\n\r\n--r\r\n\r\nno\r\n--r--",
            $"From: {Us}\r\nSubject: my own\r\n\r\nround and round",
            "From: an@mail.example\r\nAuto-Submitted: auto-replied\r\nIn-Reply-To: <abc@wallet.example>\r\n\r\nI am on holiday.",
            "From: notices@regulator.example\r\nAuto-Submitted: auto-generated\r\nSubject: Complaint handed over\r\n\r\nPlease answer within 15 days.",
            "\0\u0001\u0002 no letter at all",
        })
        {
            Assert.Equal(Handover.Kept, await door.Take(Encoding.UTF8.GetBytes(letter), default));
            post.House.Clock.Pass(TimeSpan.FromSeconds(1));
        }
        var fates = await post.House.Read(tx => tx.Query<(string Fate, string? Reason)>("select fate, reason from complaint_intake order by received_at, id"));
        Assert.Equal([("Spam", "bounce"), ("Spam", "mail loop"), ("Spam", "automatic answer"), ("Case", null), ("Case", null)], fates);
        Assert.Equal(2, await post.Count("complaints"));
    }

    [Fact]
    public async Task A_letter_that_names_its_complaint_joins_it_when_the_same_person_writes_and_nobody_elses()
    {
        await using var post = await Post.Open(Databases.Sqlite);
        var door = post.House.Get<MailDoor>();
        await door.Take("From: An <an@mail.example>\r\nSubject: not paid\r\n\r\nWhere is it?"u8.ToArray(), default);
        var complaint = (await post.House.Read(tx => post.House.Get<ComplaintDesk>().Find(tx, (tx.One<string>("select id from complaints").Result)!)))!;
        await door.Take(Encoding.UTF8.GetBytes($"From: An <AN@mail.example>\r\nSubject: Re: [{complaint.Number}] your complaint\r\n\r\nHere is the receipt."), default);
        Assert.Equal((1L, 1L), (await post.Count("complaints"), await post.Count("complaint_intake where fate = 'Joined'")));
        await door.Take(Encoding.UTF8.GetBytes($"From: <thief@mail.example>\r\nSubject: {complaint.Number}\r\n\r\nTell me about it."), default);
        Assert.Equal((2L, 1L), (await post.Count("complaints"), await post.Count("complaint_intake where fate = 'Joined'")));
    }

    [Fact]
    public async Task Letters_in_the_drop_folder_are_taken_once_also_after_a_crash_in_between()
    {
        await using var post = await Post.Open(Databases.Sqlite);
        var folder = Directory.CreateTempSubdirectory("huifang-maildir-").FullName;
        var drop = new MaildirDrop(folder, post.House.Get<MailDoor>().Take, NullLogger<MaildirDrop>.Instance);
        await drop.Round(default);
        await File.WriteAllTextAsync(Path.Combine(folder, "new", "1.a"), "From: <an@mail.example>\n\nWhere is my money?");
        await drop.Round(default);
        Assert.Equal(["1.a:2,S"], Directory.GetFiles(Path.Combine(folder, "cur")).Select(Path.GetFileName));
        // It was stored, and the process died before the file was moved.
        File.Move(Path.Combine(folder, "cur", "1.a:2,S"), Path.Combine(folder, "new", "1.a"));
        await drop.Round(default);
        Assert.Equal((1L, 1L), (await post.Count("complaints"), await post.Count("complaint_intake")));
        Directory.Delete(folder, recursive: true);
    }
}
