using System.Net;
using System.Net.Mail;
using System.Net.Mime;
using System.Text;
using Huifang.Messages;

namespace Huifang.Smtp;

/// <summary>Where the relay stands and in whose name we write.</summary>
/// <param name="Address"><c>smtp://user:password@host:587?tls=1</c>.</param>
public sealed record SmtpSettings(Uri Address, string FromName, string FromMail);

/// <summary>Hands letters to a mail relay. The message id comes from our own key, so that a relay or a mailbox can tell a second try from a second letter.</summary>
public sealed class SmtpMailLine(SmtpSettings settings) : IMailLine
{
    private static readonly TimeSpan AtMost = TimeSpan.FromSeconds(30);

    public async Task<LineAnswer> Send(OutgoingMail mail, CancellationToken stop)
    {
        if (!MailAddress.TryCreate(mail.To, out var to)) return new LineAnswer.Refused("address-unreadable", Permanent: true);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(AtMost);
        using var client = new SmtpClient(settings.Address.Host, settings.Address.Port < 0 ? 25 : settings.Address.Port);
        client.EnableSsl = settings.Address.Query.Contains("tls=1", StringComparison.Ordinal) || settings.Address.Scheme == "smtps";
        if (settings.Address.UserInfo.Split(':', 2) is [var user, var password])
            client.Credentials = new NetworkCredential(Uri.UnescapeDataString(user), Uri.UnescapeDataString(password));
        using var letter = Write(mail, to);
        try
        {
            await client.SendMailAsync(letter, limit.Token);
            return new LineAnswer.Accepted(mail.Key);
        }
        catch (SmtpFailedRecipientException refused) { return new LineAnswer.Refused($"smtp-{(int)refused.StatusCode}", IsForGood(refused.StatusCode)); }
        catch (SmtpException failed) { return new LineAnswer.Refused(failed.StatusCode == SmtpStatusCode.GeneralFailure ? "relay-unreachable" : $"smtp-{(int)failed.StatusCode}", Permanent: false); }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested) { return new LineAnswer.Refused("relay-too-slow", Permanent: false); }
    }

    // 5yz is final (RFC 5321, 4.2.1); a mailbox over its quota (552) may have room tomorrow.
    private static bool IsForGood(SmtpStatusCode code) => (int)code is >= 500 and < 600 and not 552;

    private MailMessage Write(OutgoingMail mail, MailAddress to)
    {
        var letter = new MailMessage(new MailAddress(settings.FromMail, settings.FromName, Encoding.UTF8), to)
        {
            Subject = mail.Subject.ReplaceLineEndings(" "), SubjectEncoding = Encoding.UTF8, Body = mail.Text, BodyEncoding = Encoding.UTF8, BodyTransferEncoding = TransferEncoding.Base64,
        };
        letter.Headers.Add("Message-ID", $"<{mail.Key}@{settings.FromMail[(settings.FromMail.IndexOf('@') + 1)..]}>");
        letter.Headers.Add("Auto-Submitted", "auto-generated");
        if (mail.Unsubscribe is not null)
        {
            letter.Headers.Add("List-Unsubscribe", $"<{mail.Unsubscribe}>");
            letter.Headers.Add("List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
        }
        letter.AlternateViews.Add(View(mail.Html, MediaTypeNames.Text.Html));
        if (mail.Appointment is { } appointment)
        {
            var calendar = Calendar.Write(appointment);
            var view = View(calendar, Calendar.MediaType);
            view.ContentType.Parameters["method"] = appointment.Method.ToString().ToUpperInvariant();
            letter.AlternateViews.Add(view);
            letter.Attachments.Add(new Attachment(new MemoryStream(Encoding.UTF8.GetBytes(calendar)), "call.ics", "application/ics"));
        }
        return letter;
    }

    private static AlternateView View(string text, string mediaType) =>
        new(new MemoryStream(Encoding.UTF8.GetBytes(text)), new ContentType(mediaType) { CharSet = "utf-8" }) { TransferEncoding = TransferEncoding.Base64 };
}
