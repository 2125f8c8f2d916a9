using Huifang.Calendars;
using static Huifang.Contacts.ContactScene;

namespace Huifang.Contacts;

public sealed class ContactRulesTests // E1, E2, E3, E4
{
    [Fact]
    public void A_wanted_call_on_a_working_afternoon_is_allowed_and_every_check_is_on_record()
    {
        var verdict = Assert.IsType<ContactVerdict.Allow>(ContactRules.Decide(Call(Zhou)));
        Assert.Equal(Enum.GetValues<ContactCheck>().Except([ContactCheck.Gap]), verdict.Reasons.Made().Select(reason => reason.Check));
        Assert.All(verdict.Reasons.Made(), reason => Assert.NotNull(verdict.Reasons.RuleOf(reason)));
        Assert.True(verdict.Duties.HasFlag(Duties.AskToRecord | Duties.VerifyBothSides));
    }

    [Theory]
    [InlineData(Purpose.Service, DropReason.Suppressed)]
    [InlineData(Purpose.Complaint, DropReason.Suppressed)]
    [InlineData(Purpose.Marketing, DropReason.Suppressed)]
    [InlineData(Purpose.Security, null)]
    public void Never_again_stops_everything_but_warnings(Purpose purpose, DropReason? expected)
    {
        var silent = Zhou with { Silences = [Silence.Everything(TuesdayAfternoon.AddDays(-1))] };
        Assert.Equal(expected, ContactRules.Decide(Call(silent) with { Purpose = purpose }).Dropped());
    }

    [Fact]
    public void A_number_of_somebody_else_stops_warnings_on_it_too_and_they_go_into_the_app()
    {
        var wrong = Zhou with { Silences = [new(ChannelSet.Of(Channel.Phone, Channel.Sms), PurposeSet.All, TuesdayAfternoon.AddDays(-1), SilenceCause.WrongPerson)] };
        var verdict = ContactRules.Decide(Call(wrong) with { Purpose = Purpose.Security, Channel = Channel.Sms, Others = [Channel.Phone, Channel.Push] });
        Assert.Equal(Channel.Push, Assert.IsType<ContactVerdict.Reroute>(verdict).Channel);
        Assert.Equal(Finding.Dropped, verdict.Reasons[ContactCheck.Suppression].Finding);
    }

    [Fact]
    public void A_pause_holds_until_its_end_and_then_the_hours_count()
    {
        var ends = Local("Asia/Shanghai", "2026-11-26 22:00");
        var paused = Zhou with { Silences = [Silence.Everything(TuesdayAfternoon.AddDays(-1)) with { Cause = SilenceCause.Pause, Until = ends }] };
        Assert.Equal(Local("Asia/Shanghai", "2026-11-27 09:00"), ContactRules.Decide(Call(paused)).Held());
    }

    [Fact]
    public void Without_a_consent_on_file_there_is_no_call() =>
        Assert.Equal(DropReason.NoConsent, ContactRules.Decide(Call(Zhou with { Consents = [] })).Dropped());

    [Fact]
    public void A_contract_is_not_consent_for_a_call_but_a_ground_for_a_letter()
    {
        var contract = Zhou with { Consents = [new(Purpose.Service, null, true, TuesdayAfternoon.AddDays(-9), ConsentBasis.Contract)] };
        Assert.Equal(DropReason.NoConsent, ContactRules.Decide(Call(contract)).Dropped());
        Assert.IsType<ContactVerdict.Allow>(ContactRules.Decide(Call(contract) with { Channel = Channel.Email }));
    }

    [Fact]
    public void A_withdrawal_counts_from_its_very_instant()
    {
        var withdrawn = Zhou with { Consents = Zhou.Consents.Add(new(Purpose.Service, Channel.Phone, false, TuesdayAfternoon)) };
        Assert.Equal(DropReason.ConsentWithdrawn, ContactRules.Decide(Call(withdrawn)).Dropped());
        Assert.IsType<ContactVerdict.Allow>(ContactRules.Decide(Call(withdrawn) with { At = TuesdayAfternoon.AddMilliseconds(-1) }));
    }

    [Fact]
    public void A_general_yes_does_not_undo_no_calls_but_a_later_yes_to_calls_does()
    {
        ConsentFact no = new(Purpose.Service, Channel.Phone, false, TuesdayAfternoon.AddDays(-3)), general = new(Purpose.Service, null, true, TuesdayAfternoon.AddDays(-2));
        Assert.Equal(DropReason.ConsentWithdrawn, ContactRules.Decide(Call(Zhou with { Consents = [no, general] })).Dropped());
        Assert.IsType<ContactVerdict.Allow>(ContactRules.Decide(Call(Zhou with { Consents = [no, general, no with { IsGiven = true, At = TuesdayAfternoon.AddDays(-1) }] })));
    }

    [Fact]
    public void A_consent_that_ran_out_is_withdrawn() => Assert.Equal(DropReason.ConsentWithdrawn,
        ContactRules.Decide(Call(Zhou with { Consents = [new(Purpose.Service, null, true, TuesdayAfternoon.AddDays(-9), Until: TuesdayAfternoon)] })).Dropped());

    [Fact]
    public void One_upsell_line_makes_the_call_marketing()
    {
        var careOnly = Zhou with { Consents = [new(Purpose.Service, null, true, TuesdayAfternoon.AddDays(-9))] };
        var verdict = ContactRules.Decide(Call(careOnly) with { Sells = true });
        Assert.Equal(DropReason.NoConsent, verdict.Dropped());
        Assert.Equal(Finding.Changed, verdict.Reasons[ContactCheck.Purpose].Finding);
        Assert.IsType<ContactVerdict.Allow>(ContactRules.Decide(Call(careOnly)));
    }

    [Theory]
    [InlineData("2026-11-24 08:59", "2026-11-24 09:00")]
    [InlineData("2026-11-24 09:00", null)]
    [InlineData("2026-11-24 19:59", null)]
    [InlineData("2026-11-24 20:00", "2026-11-25 09:00")]
    [InlineData("2026-10-01 14:00", "2026-10-08 09:00")] // National Day, seven days
    [InlineData("2026-02-15 10:00", "2026-02-24 09:00")] // Spring Festival, nine days
    [InlineData("2026-10-10 10:00", null)]               // a Saturday that is worked
    [InlineData("2026-11-28 10:00", null)]               // a plain Saturday is no holiday
    public void Chinese_hours_and_holidays(string at, string? until)
    {
        var verdict = ContactRules.Decide(Call(Zhou) with { At = Local("Asia/Shanghai", at) });
        Assert.Equal(until is null ? null : Local("Asia/Shanghai", until), verdict.Held());
        Assert.Equal(until is null, verdict is ContactVerdict.Allow);
    }

    [Fact]
    public void The_customers_own_hours_hold_a_planned_call_but_not_one_that_she_booked()
    {
        var office = Zhou with { OwnHours = WeekHours.On([DayOfWeek.Monday, DayOfWeek.Wednesday], new(11, 0), new(17, 0)) };
        Assert.Equal(Local("Asia/Shanghai", "2026-11-25 11:00"), ContactRules.Decide(Call(office)).Held());
        Assert.IsType<ContactVerdict.Allow>(ContactRules.Decide(Call(office) with { BookedAt = TuesdayAfternoon.AddDays(-1) }));
    }

    [Fact]
    public void Hours_that_never_meet_the_law_are_dropped_and_not_held_for_ever() => Assert.Equal(DropReason.NoTimeFits,
        ContactRules.Decide(Call(Zhou with { OwnHours = WeekHours.Daily(new(22, 0), new(23, 0)) })).Dropped());

    [Theory]
    [InlineData(new[] { 24.0 }, null)]
    [InlineData(new[] { 23.0 }, "2026-11-24 15:00")]
    [InlineData(new[] { 25.0, 27.0 }, "2026-11-30 11:00")]
    [InlineData(new[] { 25.0, 30.0 }, "2026-11-30 09:00")] // free at 08:00, when it is too early
    [InlineData(new[] { 200.0, 300.0, 400.0, 698.0 }, "2026-11-25 12:00")]
    public void Calls_are_capped_over_rolling_windows(double[] hoursAgo, string? free) =>
        Assert.Equal(free is null ? null : Local("Asia/Shanghai", free), ContactRules.Decide(Call(Zhou.Called(hoursAgo))).Held());

    [Theory]
    [InlineData(3, false)]
    [InlineData(2, true)]
    [InlineData(0, true)]
    public void The_customers_own_limit_is_kept(int max, bool refused)
    {
        var verdict = ContactRules.Decide(Call(Zhou.Called(200, 300)) with { Customer = Zhou.Called(200, 300) with { MonthMax = max } });
        Assert.Equal(refused, verdict is not ContactVerdict.Allow);
        Assert.Equal(max == 0 ? DropReason.NoTimeFits : null, verdict.Dropped());
    }

    [Fact]
    public void A_booked_call_ignores_caps_and_holidays_but_neither_law_nor_duties()
    {
        var question = Call(Zhou.Called(1, 2, 3)) with { BookedAt = TuesdayAfternoon.AddDays(-1) };
        Assert.True(Assert.IsType<ContactVerdict.Allow>(ContactRules.Decide(question)).Duties.HasFlag(Duties.AskToRecord | Duties.VerifyBothSides));
        Assert.IsType<ContactVerdict.Allow>(ContactRules.Decide(question with { At = Local("Asia/Shanghai", "2026-10-01 10:00"), BookedAt = Local("Asia/Shanghai", "2026-09-30 10:00") }));
        Assert.IsType<ContactVerdict.Hold>(ContactRules.Decide(question with { At = Local("Asia/Shanghai", "2026-11-24 21:00") }));
        Assert.Equal(DropReason.ConsentWithdrawn, ContactRules.Decide(question with { Customer = Zhou with { Consents = [new(Purpose.Service, null, false, TuesdayAfternoon)] } }).Dropped());
    }

    [Fact]
    public void A_fraud_confirmation_is_above_the_caps_and_its_message_above_the_night()
    {
        var night = Local("Asia/Shanghai", "2026-11-24 03:00");
        var warning = Call((Zhou with { Consents = [] }).Called(1, 2, 3)) with { Purpose = Purpose.Security };
        Assert.True(Assert.IsType<ContactVerdict.Allow>(ContactRules.Decide(warning)).Duties.HasFlag(Duties.VerifyBothSides));
        Assert.IsType<ContactVerdict.Allow>(ContactRules.Decide(warning with { At = night, Channel = Channel.Push }));
        Assert.Equal(Local("Asia/Shanghai", "2026-11-24 08:00"), ContactRules.Decide(warning with { At = night }).Held());
    }

    [Fact]
    public void The_hold_out_group_is_left_alone_but_warned_and_answered()
    {
        Assert.Equal(DropReason.HeldOut, ContactRules.Decide(Call(Zhou) with { IsHeldOut = true }).Dropped());
        Assert.IsType<ContactVerdict.Allow>(ContactRules.Decide(Call(Zhou) with { IsHeldOut = true, Purpose = Purpose.Complaint }));
        Assert.IsType<ContactVerdict.Allow>(ContactRules.Decide(Call(Zhou) with { IsHeldOut = true, Purpose = Purpose.Security }));
        Assert.IsType<ContactVerdict.Allow>(ContactRules.Decide(Call(Zhou) with { IsHeldOut = true, BookedAt = TuesdayAfternoon.AddDays(-1) }));
    }

    [Fact]
    public void What_is_not_known_closes_the_door()
    {
        Assert.Equal(DropReason.UnknownZone, ContactRules.Decide(Call(Zhou with { Zones = [] })).Dropped());
        Assert.Equal(DropReason.UnknownJurisdiction, ContactRules.Decide(Call(Zhou) with { Pack = null }).Dropped());
        Assert.Equal(DropReason.Unreachable, ContactRules.Decide(Call(Zhou with { Reachable = [] })).Dropped());
        Assert.Equal(DropReason.UnknownCalendar, ContactRules.Decide(Call(Zhou) with { At = Local("Asia/Shanghai", "2031-05-05 10:00") }).Dropped());
        Assert.Null(PackShelf.Shipped.For(["CN", "ZZ"], new(2026, 11, 24)));
        Assert.Null(PackShelf.Shipped.For([], new(2026, 11, 24)));
    }

    [Fact]
    public void A_warning_in_the_app_needs_no_zone() => Assert.IsType<ContactVerdict.Allow>(
        ContactRules.Decide(Call(Zhou with { Zones = [] }) with { Purpose = Purpose.Security, Channel = Channel.InApp }));

    [Fact]
    public void In_a_year_that_is_not_published_the_expected_holidays_are_kept_and_the_rest_is_provisional()
    {
        Assert.IsType<ContactVerdict.Hold>(ContactRules.Decide(Call(Zhou) with { At = Local("Asia/Shanghai", "2027-02-06 10:00") }));
        var plain = ContactRules.Decide(Call(Zhou) with { At = Local("Asia/Shanghai", "2027-03-10 10:00") });
        Assert.Equal(Finding.Provisional, plain.Reasons[ContactCheck.Holidays].Finding);
    }

    [Fact]
    public void Two_possible_zones_leave_only_the_hours_that_suit_both()
    {
        var somewhere = Zhou with { Zones = [Zone("America/New_York"), Zone("America/Los_Angeles")] };
        var question = Call(somewhere) with { Pack = Pack("US"), At = Local("America/New_York", "2026-11-24 09:30") };
        Assert.Equal(Local("America/Los_Angeles", "2026-11-24 09:00"), ContactRules.Decide(question).Held());
        Assert.Equal(Local("America/Los_Angeles", "2026-11-25 09:00"), ContactRules.Decide(question with { At = Local("America/New_York", "2026-11-24 20:00") }).Held());
    }

    [Fact]
    public void Two_possible_laws_keep_the_holidays_of_both()
    {
        var question = Call(Zhou) with { Pack = Pack("CN", "US"), At = Local("Asia/Shanghai", "2026-11-26 10:00") };
        Assert.Equal(Local("Asia/Shanghai", "2026-11-27 09:00"), ContactRules.Decide(question).Held()); // Thanksgiving
    }

    [Theory]
    [InlineData("DE", true)]
    [InlineData("SG", false)]
    [InlineData("CN", true)]
    public void Singapore_gets_no_links_in_sms(string jurisdiction, bool links) => Assert.Equal(links, Pack(jurisdiction).LinksInSms(Purpose.Service));

    [Fact]
    public void After_its_deadline_a_contact_has_no_point()
    {
        Assert.Equal(DropReason.TooLate, ContactRules.Decide(Call(Zhou) with { NotAfter = TuesdayAfternoon.AddMinutes(-1) }).Dropped());
        Assert.Equal(DropReason.TooLate, ContactRules.Decide(Call(Zhou.Called(1)) with { NotAfter = TuesdayAfternoon.AddHours(22) }).Dropped());
        Assert.IsType<ContactVerdict.Hold>(ContactRules.Decide(Call(Zhou.Called(1)) with { NotAfter = TuesdayAfternoon.AddHours(24) }));
    }
}
