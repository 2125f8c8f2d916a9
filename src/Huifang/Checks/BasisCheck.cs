using System.Text.Json;

namespace Huifang.Checks;

/// <summary>
/// I1 and I11: at the commit that allowed a contact she had not said no, and where only a yes will do she had said it. The table is written here
/// a second time, from docs and law, and not read from the packs, so that a mistake in either shows.
/// </summary>
internal static class BasisCheck
{
    public static void Look(Made contact, Person person, IEnumerable<Said> said, IEnumerable<Silenced> silences, List<Violation> found)
    {
        if (contact.IsWarning) return;
        var last = said.LastOrDefault(s => s.Purpose == contact.Purpose && s.Channel == contact.Channel && s.RecordedAt < contact.DecidedAt);
        if (last is { Given: false } && !contact.Booked)
            found.Add(contact.Breach("I11", $"contacted by {contact.Channel} after {contact.Purpose} was withdrawn at {DateTimeOffset.FromUnixTimeMilliseconds(last.RecordedAt):O}"));
        // Selling always needs a yes; care and questions need one where it rings, and rest on the contract where it does not; a complaint obliges us to answer.
        var needsYes = contact.Purpose is "Marketing" || contact.Purpose is "Service" or "Survey" && contact.Rings && !contact.Booked;
        // A yes in the same millisecond came before; a no in it may have come after.
        var saidYes = last is not null || said.Any(s => s.Given && s.Purpose == contact.Purpose && s.Channel == contact.Channel && s.RecordedAt == contact.DecidedAt);
        if (needsYes && !saidYes) found.Add(contact.Breach("I1", $"{contact.Purpose} by {contact.Channel} without a consent"));

        foreach (var silence in silences)
        {
            var asked = silence.Reason.StartsWith("asked", StringComparison.Ordinal);
            if (silence.At >= contact.DecidedAt || silence.Until <= contact.DecidedAt || contact.Booked && asked) continue;
            if (silence.Purpose is null ? !(asked && contact.Purpose is "Complaint") : silence.Purpose == contact.Purpose)
                found.Add(contact.Breach("I1", $"on the do-not-contact list since {DateTimeOffset.FromUnixTimeMilliseconds(silence.At):O}"));
        }
        if (person.Channels is not "[]" && person.ChosenAt < contact.DecidedAt && !contact.Booked && !JsonSerializer.Deserialize<string[]>(person.Channels)!.Contains(contact.Channel))
            found.Add(contact.Breach("I1", $"{contact.Channel} is none of the channels that she chose"));
    }
}
