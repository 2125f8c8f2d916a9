using System.Text;
using Huifang.Languages;
using Huifang.MailIn;
using Huifang.Shell;
using Huifang.Simulated;
using Huifang.Smpp;
using Huifang.SmsHttp;
using Huifang.Smtp;
using Huifang.Storage;

namespace Huifang.Messages;

/// <summary>
/// Chooses the ways out. HUIFANG_SMTP=smtp://user:password@host:587?tls=1 with HUIFANG_MAIL_FROM; HUIFANG_SMS=https://gateway/messages with HUIFANG_SMS_TOKEN, or smpp://id:password@host:2775;
/// HUIFANG_SMS_SENDER; HUIFANG_SMS_HOOK_SECRET for what a gateway calls us with. Whatever is not named, and everything in the demo, is only shown in the viewer.
/// </summary>
public static class LineServices
{
    public static IServiceCollection AddMessages(this IServiceCollection services, Settings settings)
    {
        services.AddSingleton<SimulatedLine>();
        services.AddSingleton(s => s.GetRequiredService<OperatorNames>() is var names
            ? new MessageSettings(new Localized(names.ZhHans, names.ZhHant, names.En), settings.PublicUrl, Variable("HUIFANG_MAIL_FROM") ?? MessageSettings.Demo.FromMail) : null!);
        var sms = settings.IsDemo ? null : Variable("HUIFANG_SMS");
        var smtp = settings.IsDemo ? null : Variable("HUIFANG_SMTP");
        if (sms is null || smtp is null) services.AddWork<SimulatedNetwork>();
        if (sms is not null && sms.StartsWith("smpp://", StringComparison.Ordinal)) services.AddSmpp(new Uri(sms));
        if (Variable("HUIFANG_SMS_HOOK_SECRET") is { } secret) services.AddSingleton(s => new SmsHook(Encoding.UTF8.GetBytes(secret), s.GetRequiredService<TimeProvider>()));
        services.AddSingleton(s => new Lines(
            sms is null ? s.GetRequiredService<SimulatedLine>()
                : sms.StartsWith("smpp://", StringComparison.Ordinal) ? s.GetRequiredService<SmppLine>()
                : new HttpSmsLine(new HttpClient(), new HttpSmsSettings(new Uri(sms), Variable("HUIFANG_SMS_TOKEN"), Variable("HUIFANG_SMS_SENDER") ?? "")),
            smtp is null ? s.GetRequiredService<SimulatedLine>()
                : new SmtpMailLine(new SmtpSettings(new Uri(smtp), s.GetRequiredService<OperatorNames>().ZhHans, s.GetRequiredService<MessageSettings>().FromMail))));
        AddMailIn(services);
        return services;
    }

    /// <summary>The ways in for letters: HUIFANG_MAIL_IN=smtp://127.0.0.1:2525?for=complaints@wallet.example behind a relay, HUIFANG_MAILDIR for a folder.</summary>
    private static void AddMailIn(IServiceCollection services)
    {
        var listen = Variable("HUIFANG_MAIL_IN") is { } address ? SmtpListenerSettings.Read(address) : null;
        services.AddSingleton(s => new MailNames([s.GetRequiredService<MessageSettings>().FromMail, .. listen?.For ?? []]));
        services.AddSingleton<Complaints.IArrivalReader, MailArrivalReader>();
        services.AddSingleton<MailDoor>();
        if (listen is not null) services.AddHostedService(s => new SmtpListener(listen, s.GetRequiredService<MailDoor>().Take, s.GetRequiredService<ILogger<SmtpListener>>()));
        if (Variable("HUIFANG_MAILDIR") is { } folder) services.AddSingleton<Work.IWork>(s => new MaildirDrop(folder, s.GetRequiredService<MailDoor>().Take, s.GetRequiredService<ILogger<MaildirDrop>>()));
    }

    private static void AddSmpp(this IServiceCollection services, Uri address)
    {
        var user = address.UserInfo.Split(':', 2);
        var settings = new SmppSettings(address.Host, address.Port < 0 ? 2775 : address.Port, Uri.UnescapeDataString(user[0]), Uri.UnescapeDataString(user.ElementAtOrDefault(1) ?? ""), Variable("HUIFANG_SMS_SENDER") ?? "");
        services.AddSingleton(s => new SmppLine(settings, Ears(s), s.GetRequiredService<TimeProvider>(), s.GetRequiredService<ILogger<SmppLine>>()));
        services.AddHostedService(s => s.GetRequiredService<SmppLine>());
    }

    private static LineEars Ears(IServiceProvider services)
    {
        var (store, desk, replies) = (services.GetRequiredService<Store>(), services.GetRequiredService<MessageDesk>(), services.GetRequiredService<ReplyDesk>());
        return new((receipt, stop) => store.Write(tx => desk.Receive(tx, receipt), stop), (arrival, stop) => store.Write(async tx => { await replies.Take(tx, arrival); }, stop));
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
