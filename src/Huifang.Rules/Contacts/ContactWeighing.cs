using Huifang.Calendars;

namespace Huifang.Contacts;

/// <summary>One decision in the making: each check looks at the question, writes what it found, and may drop, merge or hold.</summary>
internal ref struct ContactWeighing
{
    private readonly ContactQuestion question;
    private readonly ContactCustomer customer;
    private readonly Channel channel;
    private readonly Purpose purpose;
    private readonly ContactPack pack;
    private readonly ContactCell cell;
    private readonly ContactCap[] caps;
    private readonly ContactTimes times;
    private readonly long at;
    private readonly bool isBooked;
    private ContactReasons reasons;
    private DropReason? drop;
    private string? mergeInto;
    private long pauseUntil;
    private bool isHeld;

    public ContactWeighing(ContactQuestion question, Channel channel)
    {
        (this.question, this.channel, customer) = (question, channel, question.Customer);
        purpose = question.TreatedAs;
        pack = question.Pack ?? PackShelf.Shipped.HouseOnly(DateOnly.FromDateTime(question.At.UtcDateTime));
        cell = pack.Cell(purpose, channel);
        at = question.At.ToUnixTimeMilliseconds();
        isBooked = question.BookedAt is not null;
        caps = cell.CapsFor(customer);
        times = new(customer, cell, caps, isBooked);
        reasons = new(pack.Refs);
    }

    public void CheckSuppression()
    {
        var rule = cell.RuleOf(PackRuleKind.Suppression);
        reasons.Set(ContactCheck.Suppression, Finding.Passed, rule);
        foreach (var entry in customer.Silences)
        {
            if (!entry.Channels.Contains(channel) || !entry.Purposes.Contains(purpose) || entry.Since > question.At) continue;
            if (entry.Until is { } until && until <= question.At) continue;
            if (entry.Until is { } end)
            {
                pauseUntil = Math.Max(pauseUntil, end.ToUnixTimeMilliseconds());
                if (drop is null) reasons.Set(ContactCheck.Suppression, Finding.Held, rule, (int)entry.Cause, pauseUntil);
                isHeld = true;
                continue;
            }
            reasons.Set(ContactCheck.Suppression, Finding.Dropped, rule, (int)entry.Cause, entry.Since.ToUnixTimeMilliseconds());
            Drop(DropReason.Suppressed);
        }
    }

    public void CheckReach()
    {
        var reaches = customer.Reachable.Contains(channel);
        reasons.Set(ContactCheck.Reach, reaches ? Finding.Passed : Finding.Dropped, cell.RuleOf(PackRuleKind.Reach), (int)channel);
        if (!reaches) Drop(DropReason.Unreachable);
        reasons.Set(ContactCheck.Purpose, question.Sells && question.Purpose != Purpose.Marketing ? Finding.Changed : Finding.Passed, cell.RuleOf(PackRuleKind.Sells), (int)purpose);
    }

    public void CheckPermission()
    {
        var rule = cell.RuleOf(PackRuleKind.Permission);
        if (rule < 0) // A pack that forgot to say what it needs must not open the door.
        {
            reasons.Set(ContactCheck.Permission, Finding.Dropped, rule, -1);
            Drop(DropReason.NoLawfulBasis);
            return;
        }
        var entry = ContactConsent.Latest(customer.Consents, purpose, channel, question.At);
        var asked = question.BookedAt is { } booked && (entry is not { IsGiven: false } || entry.Value.At < booked);
        var permits = cell.Needs switch
        {
            Permission.None => true,
            Permission.LawfulBasis => asked || entry is { IsGiven: true },
            Permission.Consent => asked && purpose != Purpose.Marketing || entry is { IsGiven: true, Basis: ConsentBasis.Consent },
            _ => false,
        };
        var finding = !permits ? Finding.Dropped : cell.Needs == Permission.None || entry is not { IsGiven: true } ? Finding.Exempt : Finding.Passed;
        var fact = entry?.At ?? (asked ? question.BookedAt : null);
        reasons.Set(ContactCheck.Permission, finding, rule, entry is { } known ? (int)known.Basis : -1, fact?.ToUnixTimeMilliseconds() ?? 0);
        if (!permits)
            Drop(entry is { IsGiven: false } ? DropReason.ConsentWithdrawn : cell.Needs == Permission.Consent ? DropReason.NoConsent : DropReason.NoLawfulBasis);
    }

    public void CheckHoldOut()
    {
        var rule = cell.RuleOf(PackRuleKind.HoldOut);
        var measured = rule >= 0 && !isBooked;
        reasons.Set(ContactCheck.HoldOut, !question.IsHeldOut ? Finding.Passed : measured ? Finding.Dropped : Finding.Exempt, rule);
        if (question.IsHeldOut && measured) Drop(DropReason.HeldOut);
    }

    public void CheckPlace()
    {
        reasons.Set(ContactCheck.Jurisdiction, question.Pack is null ? Finding.Dropped : Finding.Passed, cell.RuleOf(PackRuleKind.Jurisdiction), pack.Packs.Length - 1);
        if (question.Pack is null) Drop(DropReason.UnknownJurisdiction);
        var rule = cell.RuleOf(PackRuleKind.Zone);
        if (customer.Zones.Length > 0)
            reasons.Set(ContactCheck.Zone, Finding.Passed, rule, customer.Zones.Length, customer.Zones[0].OffsetMs(at) / 60_000);
        else if (!times.NeedsZone) reasons.Set(ContactCheck.Zone, Finding.Exempt, rule);
        else
        {
            reasons.Set(ContactCheck.Zone, Finding.Dropped, rule);
            Drop(DropReason.UnknownZone);
        }
    }

    public void CheckHours()
    {
        if (cell.Hours.IsAlways || customer.Zones.IsEmpty) { reasons.Set(ContactCheck.Hours, cell.Hours.IsAlways ? Finding.Exempt : Finding.NotChecked, cell.RuleOf(PackRuleKind.Hours)); return; }
        var shown = customer.Zones[0];
        foreach (var zone in customer.Zones)
            if (!zone.IsIn(at, cell.Hours, DaySet.Empty))
            {
                var local = zone.Local(at);
                reasons.Set(ContactCheck.Hours, Finding.Held, cell.HoursOffendedAt(ZoneClock.WeekMs(local, ZoneClock.Day(local))), Minute(local), times.NextInHours(at));
                isHeld = true;
                return;
            }
        reasons.Set(ContactCheck.Hours, Finding.Passed, cell.RuleOf(PackRuleKind.Hours), Minute(shown.Local(at)));
    }

    public void CheckHolidays()
    {
        var rule = cell.RuleOf(PackRuleKind.Holidays);
        if (!cell.KeepsHolidays || isBooked) { reasons.Set(ContactCheck.Holidays, Finding.Exempt, rule); return; }
        var finding = Finding.Passed;
        var day = 0;
        foreach (var zone in customer.Zones)
        {
            day = ZoneClock.Day(zone.Local(at));
            var known = ContactTimes.Knows(cell.Calendars, day);
            if (known == Finding.Dropped) { reasons.Set(ContactCheck.Holidays, Finding.Dropped, rule, day); Drop(DropReason.UnknownCalendar); return; }
            if (cell.Off.Contains(day))
            {
                reasons.Set(ContactCheck.Holidays, Finding.Held, rule, day, times.NextWorkday(at));
                isHeld = true;
                return;
            }
            if (known == Finding.Provisional) finding = known;
        }
        if (!customer.Zones.IsEmpty) reasons.Set(ContactCheck.Holidays, finding, rule, day);
    }

    public void CheckOwnHours()
    {
        var rule = cell.RuleOf(PackRuleKind.OwnHours);
        if (customer.OwnHours is not { } own || !cell.KeepsOwnHours || isBooked)
        {
            reasons.Set(ContactCheck.OwnHours, customer.OwnHours is null ? Finding.Passed : Finding.Exempt, rule, -1);
            return;
        }
        foreach (var zone in customer.Zones)
        {
            var local = zone.Local(at);
            var minute = (int)(ZoneClock.WeekMs(local, ZoneClock.Day(local)) / 60_000);
            var isIn = zone.IsIn(at, own, DaySet.Empty);
            reasons.Set(ContactCheck.OwnHours, isIn ? Finding.Passed : Finding.Held, rule, minute, isIn ? 0 : times.NextInOwnHours(at));
            if (isIn) continue;
            isHeld = true;
            return;
        }
    }

    /// <summary>Each check shows the cap that binds most: the one that frees last, or when none holds, the one with the least left.</summary>
    public void CheckCaps()
    {
        foreach (var cap in caps)
        {
            if (isBooked) { reasons.Set(cap.Check, Finding.Exempt, cap.Rule); continue; }
            var seen = ContactTimes.CountWithin(customer.Past, cap, at);
            var held = seen >= cap.Max;
            var shown = reasons[cap.Check];
            var fact = held ? ContactTimes.FreeAt(customer.Past, cap, at) : cap.Max;
            var binds = shown.Finding == Finding.NotChecked || (held
                ? shown.Finding != Finding.Held || fact > shown.Fact
                : shown.Finding == Finding.Passed && cap.Max - seen < shown.Fact - shown.Seen);
            if (binds) reasons.Set(cap.Check, held ? Finding.Held : Finding.Passed, cap.Rule, seen, fact);
            isHeld |= held;
        }
    }

    public void CheckDuplicates()
    {
        var rule = cell.RuleOf(PackRuleKind.Merge);
        reasons.Set(ContactCheck.Duplicate, Finding.Passed, rule, customer.Open.Length);
        foreach (var done in customer.Finished)
            if (done.Cause == question.Cause && done.Purpose == question.Purpose)
            {
                reasons.Set(ContactCheck.Duplicate, Finding.Dropped, rule, customer.Open.Length);
                Drop(DropReason.AlreadyDone);
                return;
            }
        mergeInto = ContactMerge.Into(question, purpose, cell.MergeWithinMs);
        if (mergeInto is not null) reasons.Set(ContactCheck.Duplicate, Finding.Merged, rule, customer.Open.Length);
    }

    public ContactVerdict Verdict()
    {
        var rule = cell.RuleOf(PackRuleKind.Expiry);
        var last = question.NotAfter?.ToUnixTimeMilliseconds() ?? 0;
        reasons.Set(ContactCheck.Expiry, Finding.Passed, rule, 0, last);
        if (drop is null && last > 0 && at > last) DropLate(rule, last);
        if (drop is { } reason) return new ContactVerdict.Drop(reason, reasons);
        if (mergeInto is not null) return new ContactVerdict.Merge(mergeInto, reasons);
        if (!isHeld) return new ContactVerdict.Allow(cell.Duties, reasons);
        var until = times.First(Math.Max(at, pauseUntil), out var dropped);
        if (dropped is { } none) return new ContactVerdict.Drop(none, reasons);
        if (last > 0 && until > last) DropLate(rule, last);
        return drop is { } late ? new ContactVerdict.Drop(late, reasons) : new ContactVerdict.Hold(DateTimeOffset.FromUnixTimeMilliseconds(until), reasons);
    }

    private void DropLate(short rule, long last)
    {
        reasons.Set(ContactCheck.Expiry, Finding.Dropped, rule, 0, last);
        Drop(DropReason.TooLate);
    }

    private void Drop(DropReason reason) => drop ??= reason;

    private static int Minute(long localMs) => (int)((localMs % ZoneClock.DayMs + ZoneClock.DayMs) % ZoneClock.DayMs / 60_000);
}
