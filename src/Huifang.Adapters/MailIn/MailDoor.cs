using System.Security.Cryptography;
using Huifang.Complaints;
using Huifang.Mail;
using Huifang.Messages;
using Huifang.Storage;

namespace Huifang.MailIn;

/// <summary>Our own addresses: letters from them have been here before, and ids at their domains are ours.</summary>
public sealed record MailNames(IReadOnlyCollection<string> Addresses)
{
    public bool Made(string messageId) => Addresses.Any(address => messageId.EndsWith(address[address.IndexOf('@')..], StringComparison.OrdinalIgnoreCase));
}

/// <summary>Every letter's way in, from the listener and from the folder: stored raw before anything is made of it.</summary>
public sealed class MailDoor(ComplaintIntake intake, MessageDesk messages, Store store, MailNames names, TimeProvider time)
{
    public const string Sender = "mail";

    public async Task<Handover> Take(byte[] raw, CancellationToken stop)
    {
        if (raw.Length == 0) return Handover.Kept;
        var letter = LetterReader.Read(raw, names.Addresses);
        // A letter of ours that will never arrive lowers what we expect of the address. Told twice it changes nothing, so it may come before the storing.
        if (letter is { Kind: LetterKind.Bounce, IsFinal: true, Returned: { } id } && names.Made(id))
            await store.Write(tx => messages.Receive(tx, new LineReceipt(id[..id.IndexOf('@')], false, "bounced", Permanent: true, time.GetUtcNow())), stop);
        return await intake.Bring(ComplaintDoor.Email, Sender, Key(letter, raw), MailArrivalReader.ContentType, raw, stop) switch
        {
            (_, BringRefusal.TooLarge) => Handover.TooLarge,
            (_, BringRefusal.StorageFull) => Handover.StorageFull,
            _ => Handover.Kept,
        };
    }

    // A relay that lost our "250" sends the letter again with other trace headers; its id and its words are the same.
    private static string Key(Letter letter, byte[] raw)
    {
        var body = raw.AsSpan();
        var cut = body.IndexOf("\r\n\r\n"u8) is >= 0 and var crlf ? crlf : Math.Max(0, body.IndexOf("\n\n"u8));
        return $"{letter.MessageId?[..Math.Min(letter.MessageId.Length, 80)]}#{Convert.ToHexStringLower(SHA256.HashData(body[cut..]))[..32]}";
    }
}
