using Huifang.Consents;
using Huifang.Contacts;
using Huifang.Customers;

namespace Huifang.Tests.Contacts;

public sealed class ContactDeskTests // E1, E3
{
    private static ContactWish Call(string customer) => new(customer, Purpose.Service, Channel.Phone);

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_cleared_call_is_stored_with_its_reasons_and_counts_for_the_next(string database)
    {
        await using var house = await House.Open(database);
        var zhou = await house.Customer();
        var desk = house.Get<ContactDesk>();

        var first = await house.Write(tx => desk.Clear(tx, Call(zhou) with { FollowUpId = "f-1" }));
        Assert.NotNull(first.Clearance);
        Assert.True(first.Clearance.Duties.HasFlag(Duties.AskToRecord));
        var second = await house.Write(tx => desk.Clear(tx, Call(zhou)));
        Assert.Null(second.Clearance);
        Assert.Equal(house.Now.AddDays(1), Assert.IsType<ContactVerdict.Hold>(second.Verdict).Until);

        var why = await house.Read(tx => house.Get<WhyContacted>().OfFollowUp(tx, "f-1"));
        Assert.Equal(first.Verdict, why.AtContact!.Verdict);
        Assert.Contains(why.Checks, check => check is { Check: ContactCheck.Permission, AtContact.Finding: Finding.Passed, AtContactRule.Rule: "consent-care" });
        Assert.Equal(2, (await house.Read(tx => house.Get<WhyContacted>().OfCustomer(tx, zhou))).Count);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_no_from_a_clock_that_is_ahead_of_ours_holds_at_once(string database)
    {
        await using var house = await House.Open(database);
        var zhou = await house.Customer();
        // Another node, or our own before its clock was set back.
        house.Clock.Pass(TimeSpan.FromSeconds(40));
        await house.Write(tx => house.Get<ConsentDesk>().Withdraw(tx, zhou, [(Purpose.Service, Channel.Phone)], "customer", "portal"));
        house.Clock.Pass(TimeSpan.FromSeconds(-40));
        var answer = await house.Write(tx => house.Get<ContactDesk>().Clear(tx, Call(zhou)));
        Assert.Equal(DropReason.ConsentWithdrawn, Assert.IsType<ContactVerdict.Drop>(answer.Verdict).Reason);

        house.Clock.Pass(TimeSpan.FromSeconds(40));
        var an = await house.Customer("c-an");
        await house.Write(tx => house.Get<ConsentDesk>().Suppress(tx, an, null, null, "asked:portal", "customer"));
        house.Clock.Pass(TimeSpan.FromSeconds(-40));
        Assert.Equal(DropReason.Suppressed, Assert.IsType<ContactVerdict.Drop>((await house.Write(tx => house.Get<ContactDesk>().Clear(tx, Call(an)))).Verdict).Reason);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_call_to_a_foreign_number_obeys_that_country_too(string database) // E4
    {
        await using var house = await House.Open(database);
        var desk = house.Get<ContactDesk>();
        await house.Write(tx => house.Get<CustomerDesk>().Save(tx, [.. new[] { ("c-cn", "+8613812342690"), ("c-hk", "+85261234567"), ("c-jp", "+819012345678") }.Select(one =>
            new CustomerDraft(one.Item1, "安然", "zh-Hans", "Asia/Shanghai", "CN") { Points = [new(PointKind.Phone, one.Item2, true), new(PointKind.App, $"d-{one.Item1}", true)] })], "test"));
        foreach (var id in new[] { "c-cn", "c-hk", "c-jp" }) await house.Write(tx => house.Get<ConsentDesk>().Give(tx, id, [(Purpose.Service, Channel.Phone), (Purpose.Service, Channel.Voice)], "customer", "portal"));

        async Task<ContactVerdict> Ask(string id, Channel channel) => (await house.Write(tx => desk.Weigh(tx, [new ContactWish(id, Purpose.Service, channel) { Stage = ContactStage.Planned }])))[0].Verdict;
        Assert.IsType<ContactVerdict.Allow>(await Ask("c-cn", Channel.Phone));
        // Two packs beside the house's bind the call to Hong Kong, one her app; nobody knows Japan's, so that telephone stays silent and the app does not.
        Assert.Equal(2, (await Ask("c-hk", Channel.Phone)).Reasons[ContactCheck.Jurisdiction].Seen);
        Assert.Equal(1, (await Ask("c-hk", Channel.Voice)).Reasons[ContactCheck.Jurisdiction].Seen);
        Assert.Equal(DropReason.UnknownJurisdiction, Assert.IsType<ContactVerdict.Drop>(await Ask("c-jp", Channel.Phone)).Reason);
        Assert.IsType<ContactVerdict.Allow>(await Ask("c-jp", Channel.Voice));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_contact_that_did_not_happen_does_not_count(string database)
    {
        await using var house = await House.Open(database);
        var zhou = await house.Customer();
        var desk = house.Get<ContactDesk>();
        var first = await house.Write(tx => desk.Clear(tx, Call(zhou)));
        Assert.True(await house.Write(tx => desk.Undo(tx, first.DecisionId, "given back")));
        Assert.False(await house.Write(tx => desk.Undo(tx, first.DecisionId, "given back")));
        Assert.NotNull((await house.Write(tx => desk.Clear(tx, Call(zhou)))).Clearance);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Thirty_who_want_to_call_at_once_get_one_leave(string database)
    {
        await using var house = await House.Open(database);
        var zhou = await house.Customer();
        var desk = house.Get<ContactDesk>();
        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => house.Write(tx => desk.Clear(tx, Call(zhou)))));
        Assert.Single(answers, answer => answer.Clearance is not null);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task In_a_batch_the_first_contact_holds_the_second(string database)
    {
        await using var house = await House.Open(database);
        var zhou = await house.Customer();
        var answers = await house.Write(tx => house.Get<ContactDesk>().Weigh(tx, [Call(zhou), Call(zhou), Call("nobody")]));
        Assert.Equal([true, false, false], answers.Select(answer => answer.Clearance is not null));
        Assert.Equal(DropReason.Unreachable, Assert.IsType<ContactVerdict.Drop>(answers[2].Verdict).Reason);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Planning_is_no_contact(string database)
    {
        await using var house = await House.Open(database);
        var zhou = await house.Customer();
        var planned = await house.Write(tx => house.Get<ContactDesk>().Weigh(tx, [Call(zhou) with { Stage = ContactStage.Planned }]));
        Assert.Null(planned[0].Clearance);
        Assert.IsType<ContactVerdict.Allow>(planned[0].Verdict);
        Assert.NotNull((await house.Write(tx => house.Get<ContactDesk>().Clear(tx, Call(zhou)))).Clearance);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task What_she_takes_back_or_chooses_holds_at_once(string database)
    {
        await using var house = await House.Open(database);
        var (desk, consents) = (house.Get<ContactDesk>(), house.Get<ConsentDesk>());
        async Task<ContactVerdict> Ask(string id, Purpose purpose, Channel channel) => (await house.Write(tx => desk.Clear(tx, new(id, purpose, channel)))).Verdict;

        var withdrew = await house.Customer("c-withdrew");
        await house.Write(tx => consents.Withdraw(tx, withdrew, [(Purpose.Service, Channel.Phone)], "customer", "portal"));
        Assert.Equal(DropReason.ConsentWithdrawn, Assert.IsType<ContactVerdict.Drop>(await Ask(withdrew, Purpose.Service, Channel.Phone)).Reason);

        var never = await house.Customer("c-never");
        await house.Write(tx => consents.NeverAgain(tx, never, "customer", "sms"));
        Assert.Equal(DropReason.Suppressed, Assert.IsType<ContactVerdict.Drop>(await Ask(never, Purpose.Service, Channel.Sms)).Reason);
        Assert.IsType<ContactVerdict.Allow>(await Ask(never, Purpose.Complaint, Channel.Email));
        Assert.IsType<ContactVerdict.Allow>(await Ask(never, Purpose.Security, Channel.Push));

        var choosy = await house.Customer("c-choosy");
        await house.Write(tx => house.Get<CustomerDesk>().SavePreferences(tx, choosy,
            new([Channel.Voice], [new(DayOfWeek.Wednesday, new(14, 0), new(16, 0))], 4), "customer"));
        Assert.Equal(DropReason.Suppressed, Assert.IsType<ContactVerdict.Drop>(await Ask(choosy, Purpose.Service, Channel.Phone)).Reason);
        Assert.Equal(House.Morning.AddDays(1).AddHours(4), Assert.IsType<ContactVerdict.Hold>(await Ask(choosy, Purpose.Service, Channel.Voice)).Until);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Without_a_zone_or_a_country_nobody_is_called(string database)
    {
        await using var house = await House.Open(database);
        await house.Write(tx => house.Get<CustomerDesk>().Save(tx, [new CustomerDraft("c-lost", null, "en", null, "US") { Points = [new(PointKind.Phone, "+12125550100", true)] }], "test"));
        await house.Write(tx => house.Get<ConsentDesk>().Give(tx, "c-lost", [(Purpose.Service, Channel.Phone)], "customer", "portal"));
        var answer = await house.Write(tx => house.Get<ContactDesk>().Clear(tx, Call("c-lost")));
        Assert.Equal(DropReason.UnknownZone, Assert.IsType<ContactVerdict.Drop>(answer.Verdict).Reason);
    }
}
