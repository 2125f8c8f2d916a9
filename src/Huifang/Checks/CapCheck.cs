namespace Huifang.Checks;

/// <summary>I3: the house's caps, counted afresh over one customer's contacts. Warnings and what she booked herself are not limited; they count.</summary>
internal static class CapCheck
{
    private sealed record Cap(string Name, string[] Purposes, string[] Channels, TimeSpan Within, int Most, bool IsHers = false);

    private static readonly string[] Calls = ["Voice", "Phone"], Messages = ["Sms", "Push"], Noticed = ["Voice", "Phone", "Sms", "Email", "Push"], Care = ["Service", "Survey", "Complaint", "Marketing"];

    private static readonly Cap[] Caps =
    [
        new("calls in a day", Care, Calls, TimeSpan.FromDays(1), 1),
        new("calls in a week", Care, Calls, TimeSpan.FromDays(7), 2),
        new("calls in 30 days", Care, Calls, TimeSpan.FromDays(30), 4),
        new("messages in a day", Care, Messages, TimeSpan.FromDays(1), 4),
        new("contacts in a week", Care, Noticed, TimeSpan.FromDays(7), 12),
        new("contacts in 30 days", Care, Noticed, TimeSpan.FromDays(30), 24),
        new("surveys and offers within an hour of anything", ["Survey", "Marketing"], ["Voice", "Phone", "Sms", "Push"], TimeSpan.FromHours(1), 1),
    ];

    /// <param name="made">All contacts of one customer, by time.</param>
    public static void Look(Made[] made, Person person, List<Violation> found)
    {
        // Her own limit holds from when she chose it.
        foreach (var cap in person.Most < 0 ? Caps : [.. Caps, new("contacts in 30 days, by her own limit", Care, Noticed, TimeSpan.FromDays(30), (int)person.Most, IsHers: true)])
        {
            var since = cap.IsHers ? person.ChosenAt : 0;
            var counted = Array.FindAll(made, contact => cap.Channels.Contains(contact.Channel));
            for (int i = 0, first = 0; i < counted.Length; i++)
            {
                while (counted[first].At <= counted[i].At - (long)cap.Within.TotalMilliseconds) first++;
                if (i - first >= cap.Most && counted[i].DecidedAt > since && !counted[i].Booked && cap.Purposes.Contains(counted[i].Purpose))
                    found.Add(counted[i].Breach("I3", $"{i - first + 1} {cap.Name}; the cap is {cap.Most}"));
            }
        }
    }
}
