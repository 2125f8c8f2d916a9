using System.Collections.Immutable;
using System.Text.Json;
using Huifang.Calendars;
using Huifang.Data;

namespace Huifang.Complaints;

/// <summary>All versions of the complaint packs. Old versions stay, so that an old deadline can be explained.</summary>
public sealed class ComplaintPackShelf(ImmutableArray<ComplaintPack> packs)
{
    private static readonly Lazy<ComplaintPackShelf> FromAssembly = new(() => new([.. ShippedData.Names("complaints.packs").Select(name => Read(ShippedData.Json(name)))]));

    /// <summary>The packs that ship with the product.</summary>
    public static ComplaintPackShelf Shipped => FromAssembly.Value;

    public ImmutableArray<ComplaintPack> Packs => packs;

    /// <summary>The version of a pack in force on a date; the newest when it is not in force then.</summary>
    public ComplaintPack? Find(string id, DateOnly? on = null) =>
        packs.Where(pack => pack.Id == id).OrderByDescending(pack => on is { } date && pack.IsInForce(date)).ThenByDescending(pack => pack.InForceFrom).FirstOrDefault();

    public ComplaintPack? Find(string id, string version) => packs.FirstOrDefault(pack => pack.Id == id && pack.Version == version);

    /// <summary>The pack for a customer's country, or null: then the strictest of all decides, because we do not know the law.</summary>
    public ComplaintPack? For(string? country, DateOnly on) =>
        country is null ? null : packs.Where(pack => pack.Covers(country) && pack.IsInForce(on)).OrderByDescending(pack => pack.Jurisdiction == country).ThenByDescending(pack => pack.InForceFrom).FirstOrDefault();

    /// <summary>Reads one pack. Throws <see cref="FormatException"/> with the path of what is wrong.</summary>
    public static ComplaintPack Read(JsonElement json)
    {
        var root = new DataReader(json, "$");
        var calendar = CalendarShelf.Find(root.Text("calendar")) ?? throw root.At("calendar").Wrong("is not on the shelf");
        var zone = ZoneClock.Find(root.Text("zone")) ?? throw root.At("zone").Wrong("is not a time zone");
        var pack = new ComplaintPack
        {
            Id = root.Text("id"),
            Version = root.Text("version"),
            Jurisdiction = root.Text("jurisdiction"),
            Members = [.. root.List("members").Select(member => member.Text())],
            InForceFrom = root.Date("inForceFrom"),
            InForceUntil = root.Has("inForceUntil") ? root.Date("inForceUntil") : null,
            Title = root.Localized("title"),
            Time = new(calendar, zone, root.Time("opens"), root.Time("closes")),
            LateReceiptCountsNextDay = root.Has("lateReceiptCountsNextDay") && root.Flag("lateReceiptCountsNextDay"),
            Clocks = [.. root.List("clocks").Select(Clock), .. Own.Value],
            Stops = [.. root.List("stops").Select(stop => new StopRule(stop.Text("reason"), stop.Localized("text"), stop.Source("source"), stop.Has("daysMax") ? stop.Int("daysMax") : null))],
            Referral = new(root.At("referral").Localized("text"), root.At("referral").Source("source")),
            KeepYears = root.Int("keepYears"),
        };
        if (pack.Clocks.CountBy(clock => clock.Id).FirstOrDefault(count => count.Value > 1) is { Key: { } twice }) throw root.Wrong($"has two clocks \"{twice}\"");
        if (pack.Clocks.SelectMany(clock => clock.Extends).FirstOrDefault(other => pack.Clock(other) is null) is { } lost) throw root.Wrong($"extends \"{lost}\", which it does not have");
        return pack.Clocks.Any(clock => clock.Kind == ClockKind.FinalResponse && clock.AppliesTo([])) ? pack : throw root.Wrong("has no final response for an ordinary matter");
    }

    // Our own promises run beside every law and only make it stricter.
    private static readonly Lazy<ImmutableArray<ClockRule>> Own = new(() =>
        [.. new DataReader(ShippedData.Json(ShippedData.Names("complaints").Single(name => name.EndsWith(".promises.json", StringComparison.Ordinal))), "$").List("clocks").Select(clock => Clock(clock) with { IsOwn = true })]);

    private static ClockRule Clock(DataReader json)
    {
        var amount = json.Int("amount");
        return amount is < 1 or > 1000 ? throw json.At("amount").Wrong("is not between 1 and 1,000") : new()
        {
            Id = json.Text("id"),
            Kind = json.At("kind").Enum<ClockKind>(),
            From = json.At("from").Enum<ClockStart>(),
            Amount = amount,
            Unit = json.At("unit").Enum<ClockUnit>(),
            Text = json.Localized("text"),
            Source = json.Source("source"),
            End = json.Has("end") ? json.At("end").Enum<ClockEnd>() : ClockEnd.EndOfDay,
            RollsOverHolidays = json.Has("rollsOverHolidays") && json.Flag("rollsOverHolidays"),
            When = [.. json.List("when").Select(fact => fact.Enum<CaseFact>())],
            Unless = [.. json.List("unless").Select(fact => fact.Enum<CaseFact>())],
            Extends = [.. json.List("extends").Select(other => other.Text())],
            Duties = json.List("duties").Aggregate(ExtensionDuty.None, (duties, duty) => duties | duty.Enum<ExtensionDuty>()),
            CanStop = json.Has("canStop") && json.Flag("canStop"),
        };
    }
}
