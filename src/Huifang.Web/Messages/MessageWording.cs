using System.Globalization;
using Huifang.Contacts;
using Huifang.Shell;
using Microsoft.Extensions.Localization;

namespace Huifang.Messages;

/// <summary>Puts the state of a message and its reason into a few words.</summary>
public sealed class MessageWording(IStringLocalizer<OutboxText> texts, ContactWords contacts, StaffClock clock)
{
    public string State(Message message) => message switch
    {
        { OpenedAt: { } opened } => texts["State.Opened", Time(opened)],
        { State: MessageState.Queued } => message.TryAt > clock.Now.AddMinutes(1) ? texts["State.QueuedAt", Time(message.TryAt)] : texts["State.Queued"],
        { State: MessageState.Leased } => texts["State.Leased"],
        { State: MessageState.Sent } => texts["State.Sent", Time(message.SentAt ?? message.QueuedAt)],
        { State: MessageState.Delivered } => texts["State.Delivered", Time(message.DeliveredAt ?? message.QueuedAt)],
        _ => texts[$"State.{message.State}", Reason(message.Reason)],
    };

    public string Reason(string? reason)
    {
        if (reason is null) return "—";
        if (reason.StartsWith("guard:", StringComparison.Ordinal) && Enum.TryParse<DropReason>(reason["guard:".Length..], out var drop)) return contacts.Reason(drop);
        if (reason.StartsWith("merged:", StringComparison.Ordinal)) return texts["Reason.merged"];
        return texts[$"Reason.{reason}"] is { ResourceNotFound: false } known ? known : texts["Reason.line", reason];
    }

    public string Time(DateTimeOffset at) => clock.Local(at) is var local && local.Date == clock.Now.Date
        ? local.ToString("HH:mm", CultureInfo.InvariantCulture) : local.ToString("MM-dd HH:mm", CultureInfo.InvariantCulture);
}
