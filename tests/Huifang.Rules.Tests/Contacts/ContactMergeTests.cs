using static Huifang.Contacts.ContactScene;

namespace Huifang.Contacts;

public sealed class ContactMergeTests // E2, E3
{
    private static readonly OpenFollowUp Quarterly = new("b", "quarter-4", Purpose.Service, TuesdayAfternoon.AddHours(40), false);

    private static string? Merged(ContactQuestion question) => (ContactRules.Decide(question) as ContactVerdict.Merge)?.Into;

    [Fact]
    public void Several_due_reasons_become_one_contact() => Assert.Equal("b", Merged(Call(Zhou with { Open = [Quarterly] })));

    [Fact]
    public void What_is_due_much_later_stays_apart() => Assert.Null(Merged(Call(Zhou with { Open = [Quarterly with { At = TuesdayAfternoon.AddHours(73) }] })));

    [Fact]
    public void The_same_cause_is_never_contacted_twice()
    {
        Assert.Equal("b", Merged(Call(Zhou with { Open = [Quarterly with { Cause = "withdrawal-1", At = TuesdayAfternoon.AddDays(9) }] })));
        Assert.Equal(DropReason.AlreadyDone, ContactRules.Decide(Call(Zhou with { Finished = [new("withdrawal-1", Purpose.Service)] })).Dropped());
    }

    [Theory]
    [InlineData(Purpose.Security)]
    [InlineData(Purpose.Marketing)]
    public void Warnings_are_not_delayed_and_selling_does_not_ride_along(Purpose purpose)
    {
        Assert.Null(Merged(Call(Zhou with { Open = [Quarterly] }) with { Purpose = purpose }));
        Assert.Null(Merged(Call(Zhou with { Open = [Quarterly with { Purpose = purpose }] })));
    }

    [Fact]
    public void Of_two_open_follow_ups_exactly_one_merges_into_the_other()
    {
        OpenFollowUp mine = new("a", "withdrawal-1", Purpose.Service, TuesdayAfternoon, false), other = Quarterly;
        var zhou = Zhou with { Open = [mine, other] };
        Assert.Null(Merged(Call(zhou) with { FollowUpId = "a" }));
        Assert.Equal("a", Merged(Call(zhou) with { FollowUpId = "b", Cause = other.Cause }));
        var booked = Zhou with { Open = [mine, other with { IsBooked = true }] };
        Assert.Equal("b", Merged(Call(booked) with { FollowUpId = "a" }));
        Assert.Null(Merged(Call(booked) with { FollowUpId = "b", Cause = other.Cause, BookedAt = TuesdayAfternoon.AddDays(-1) }));
    }

    [Fact]
    public void A_message_about_one_follow_up_is_not_swallowed_by_another() =>
        Assert.IsType<ContactVerdict.Allow>(ContactRules.Decide(Call(Zhou with { Open = [Quarterly with { Id = "0" }] }) with { FollowUpId = "x", Channel = Channel.Sms }));
}
