using Huifang.Consents;
using Huifang.Contacts;
using Huifang.Customers;
using Huifang.FollowUps;
using Huifang.Languages;

namespace Huifang.Web.Tests;

/// <summary>What a signed-in customer does, without script.</summary>
public sealed class PortalTests : IAsyncLifetime
{
    private Site _site = null!;
    private Visitor _zhou = null!;

    public async Task InitializeAsync()
    {
        _site = await Site.Open();
        _zhou = new Visitor(_site, Language.English);
        await _zhou.Get(_site.Enter("c-zhou"));
    }

    public async Task DisposeAsync()
    {
        _zhou.Dispose();
        await _site.DisposeAsync();
    }

    [Fact] // C4
    public async Task Settings_hold_from_the_moment_they_are_saved()
    {
        Assert.Contains("Saved and in force", (await _zhou.Send("/me/preferences", "/me/preferences",
            ("purpose", "Service"), ("order", "Sms"), ("order", "InApp"), ("order", "Voice"), ("use", "Sms"), ("use", "InApp"), ("hours", "pm"), ("most", "2"), ("language", "zh-Hant"))).Html
            .Replace("剛剛儲存，已經生效", "Saved and in force", StringComparison.Ordinal));
        var zhou = (await _site.Read(tx => _site.Get<CustomerDesk>().Find(tx, "c-zhou")))!;
        Assert.Equal([Channel.Sms, Channel.InApp], zhou.Preferences.Channels);
        Assert.Equal(5, zhou.Preferences.Hours.Count);
        Assert.Equal(2, zhou.Preferences.ContactsPerMonthMax);
        Assert.Equal(Language.Traditional, zhou.Language);
        var said = (await _site.Read(tx => _site.Get<ConsentDesk>().Of(tx, ["c-zhou"])))["c-zhou"].ToList();
        Assert.Contains(said, consent => consent is { Purpose: Purpose.Survey, Given: false, How: "portal" });
        Assert.DoesNotContain(said, consent => consent is { Purpose: Purpose.Service, Given: false });
    }

    [Fact] // C3, I11
    public async Task Stop_everything_ends_open_follow_ups_in_the_same_breath()
    {
        await _zhou.Send("/me/preferences", "/me/stop");
        Assert.Equal(FollowUpState.Withdrawn, (await _site.Read(tx => _site.Get<FollowUpDesk>().Find(tx, Site.Invited)))!.State);
        Assert.Contains("withdrawn", (await _zhou.Get("/me/preferences")).Html);
    }

    [Fact] // B2
    public async Task A_call_that_is_asked_for_gets_a_real_slot_and_only_one_at_a_time()
    {
        var slot = System.Text.RegularExpressions.Regex.Match((await _zhou.Get("/me/ask")).Html, """name="slot" value="([^"]+)""").Groups[1].Value;
        Assert.Contains("Choose a subject", (await _zhou.Send("/me/ask", "/me/ask", ("slot", slot))).Html);
        Assert.Contains("Your next call", (await _zhou.Send("/me/ask", "/me/ask", ("subject", "payment"), ("slot", slot))).Html);
        Assert.Equal(1, await _site.Read(tx => tx.One<long>("select count(*) from follow_ups f join slots s on s.follow_up_id = f.id where f.rule_key = 'asked' and f.state = 'Booked' and f.by_customer = 1")));
        Assert.Contains("You have a call already", (await _zhou.Send("/me/ask", "/me/ask", ("subject", "payment"), ("slot", slot))).Html);
    }

    [Fact] // V1
    public async Task The_state_of_calls_says_that_we_are_not_calling_and_who_says_somebody_is_gets_told_to_hang_up()
    {
        Assert.Contains("We are not calling you now", (await _zhou.Get("/me/call-status")).Html);
        Assert.Contains("This is not us. Hang up now.", (await _zhou.Get("/me/check")).Html);
    }

    [Fact] // E3
    public async Task Every_contact_stands_in_her_history_with_its_reason() =>
        Assert.Contains("/me/why/", (await _zhou.Get("/me/history")).Html);

    [Fact]
    public async Task A_portal_link_of_one_customer_shows_nothing_of_another()
    {
        Assert.DoesNotContain("4567", (await _zhou.Get("/me/preferences")).Html);
        Assert.Contains("4821", (await _zhou.Get("/me/preferences")).Html);
    }
}
