namespace Huifang.Simulation.Worlds;

/// <summary>What may go wrong in a seed. The shrinker switches them off one by one.</summary>
[Flags]
internal enum Troubles
{
    None = 0,
    /// <summary>The process dies before, after or in the middle of a commit that several share.</summary>
    Crashes = 1,
    /// <summary>Consent is taken back at the worst moment: just before the call, while it rings, while a message is being sent.</summary>
    Withdrawals = 2,
    /// <summary>Events are told several times and out of order.</summary>
    Repeats = 4,
    /// <summary>Events are told hours or days late.</summary>
    Late = 8,
    /// <summary>The server's clock is set back by seconds or stands still for minutes.</summary>
    Jumps = 16,
    /// <summary>Agents fall ill with promises in their day.</summary>
    Sick = 32,
    /// <summary>Customers move to another zone after they have booked.</summary>
    Moves = 64,
    /// <summary>Receipts are lost, late, doubled, or say that it did not arrive.</summary>
    Receipts = 128,
    /// <summary>Lines refuse, break, or take a message and say nothing.</summary>
    Lines = 256,
    Complaints = 512,
    /// <summary>The queue follows plans.</summary>
    Plans = 1024,
    /// <summary>Customers write back.</summary>
    Replies = 2048,
    /// <summary>Customers choose channels, hours and a limit of their own.</summary>
    Wishes = 4096,
    /// <summary>Several do something in the same instant: the same slot, the same follow-up, the same button twice.</summary>
    Races = 8192,
    /// <summary>Customers ask to be called.</summary>
    Asked = 16384,
    All = 32767,
}

/// <summary>One world, wholly described: the same plan gives the same ledger.</summary>
/// <param name="Customers">How many of the two hundred there are to choose from.</param>
/// <param name="Active">At most so many of them do something; null: as the seed says.</param>
internal sealed record Plan(long Seed, int Customers = 200, int Days = 30, Troubles Troubles = Troubles.All, int? Active = null)
{
    /// <summary>The command that repeats it.</summary>
    public string Command => $"bin/prove sim --seeds {Seed}..{Seed}{(Customers == 200 ? "" : $" --customers {Customers}")}{(Days == 30 ? "" : $" --days {Days}")}{(Active is { } active ? $" --active {active}" : "")}{(Troubles == Troubles.All ? "" : $" --without {Without}")}";

    private string Without => string.Join(',', Enum.GetValues<Troubles>().Where(trouble => trouble is not (Troubles.None or Troubles.All) && !Troubles.HasFlag(trouble)));
}

/// <summary>How many of what happened in a seed.</summary>
internal sealed record Tally(long Contacts, long Promises, long Broken, long Complaints, long Withdrawals, long Events, int Crashes, int Commits, int Acts, int Jumps)
{
    public static readonly Tally Zero = new(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    public Tally Plus(Tally other) => new(Contacts + other.Contacts, Promises + other.Promises, Broken + other.Broken, Complaints + other.Complaints, Withdrawals + other.Withdrawals, Events + other.Events,
        Crashes + other.Crashes, Commits + other.Commits, Acts + other.Acts, Jumps + other.Jumps);
}

/// <summary>What was broken, by the ledger's checker or by somebody outside who saw it.</summary>
internal sealed record Breach(string Invariant, string What);

/// <summary>What came of a seed.</summary>
internal sealed record Outcome(Plan Plan, IReadOnlyList<Breach> Breaches, Tally Tally, string Hash);
