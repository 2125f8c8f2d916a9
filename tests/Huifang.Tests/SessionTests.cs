using Huifang.Accounts;

namespace Huifang.Tests;

/// <summary>Sessions, recovery codes and passkeys as they are remembered.</summary>
public sealed class SessionTests
{
    private static async Task<(House House, SessionDesk Desk)> Open(string database)
    {
        var house = await House.Open(database);
        await house.Write(tx => house.Get<AccountDesk>().Add(tx, new Staff("s-1", "lin", "林静", [Role.Agent], "zh-Hans"), "correct horse battery"));
        return (house, house.Get<SessionDesk>());
    }

    private static async Task<string> In(House house) => (await house.Write(tx => house.Get<AccountDesk>().DemoSignIn(tx, "s-1", "test")))!.SessionId;

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_session_ends_when_it_lies_idle_and_after_twelve_hours_even_when_used(string database)
    {
        var (house, desk) = await Open(database);
        await using var _ = house;
        var (idle, used) = (await In(house), await In(house));
        for (var i = 0; i < 12; i++)
        {
            house.Clock.Pass(TimeSpan.FromMinutes(59));
            await house.Write(tx => desk.Seen(tx, used));
            Assert.NotNull(await house.Read(tx => desk.Signed(tx, used)));
            Assert.Equal(i < 2, await house.Read(tx => desk.Signed(tx, idle)) is not null);
        }
        house.Clock.Pass(TimeSpan.FromMinutes(13));
        Assert.Null(await house.Read(tx => desk.Signed(tx, used)));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_person_ends_her_other_sessions_and_nobody_elses(string database)
    {
        var (house, desk) = await Open(database);
        await using var _ = house;
        await house.Write(tx => house.Get<AccountDesk>().Add(tx, new Staff("s-2", "he", "何佳", [Role.Agent], "zh-Hans")));
        var (here, there, hers) = (await In(house), await In(house), (await house.Write(tx => house.Get<AccountDesk>().DemoSignIn(tx, "s-2", "test")))!.SessionId);
        Assert.False(await house.Write(tx => desk.End(tx, hers, "s-1", "s-1")));
        Assert.Equal(1, await house.Write(tx => desk.EndAll(tx, "s-1", here, "s-1")));
        Assert.NotNull(await house.Read(tx => desk.Signed(tx, here)));
        Assert.Null(await house.Read(tx => desk.Signed(tx, there)));
        Assert.NotNull(await house.Read(tx => desk.Signed(tx, hers)));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_recovery_code_opens_once_even_for_two_who_bring_it_together_and_new_ones_end_the_old(string database)
    {
        var (house, _) = await Open(database);
        await using var __ = house;
        var codes = await house.Write(tx => house.Get<RecoveryCodes>().Make(tx, "s-1"));
        Assert.Equal((10, 10), (codes.Count, codes.Distinct().Count()));
        var both = await Task.WhenAll(Enumerable.Range(0, 2).Select(i => house.SignIn("lin", "correct horse battery", codes[0], $"device {i}")));
        Assert.Single(both.OfType<SignIn.In>());
        Assert.Equal(9, await house.Read(tx => house.Get<RecoveryCodes>().Left(tx, "s-1")));
        await house.Write(tx => house.Get<RecoveryCodes>().Make(tx, "s-1"));
        Assert.IsType<SignIn.Refused>(await house.SignIn("lin", "correct horse battery", codes[1], "test"));
        // Only hashes stand in the table.
        Assert.All(await house.Read(tx => tx.Query<byte[]>("select hash from recovery_codes")), hash => Assert.Equal(32, hash.Length));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_recovery_code_needs_the_password_and_proves_nothing_later(string database)
    {
        var (house, desk) = await Open(database);
        await using var _ = house;
        var codes = await house.Write(tx => house.Get<RecoveryCodes>().Make(tx, "s-1"));
        Assert.IsType<SignIn.Refused>(await house.SignIn("lin", "wrong", codes[0], "test"));
        Assert.Equal(10, await house.Read(tx => house.Get<RecoveryCodes>().Left(tx, "s-1")));
        var session = await In(house);
        var signed = (await house.Read(tx => desk.Signed(tx, session)))!;
        Assert.Equal(SignInRefusal.WrongCode, await house.Write(tx => house.Get<AccountDesk>().Prove(tx, signed, codes[0])));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_proof_makes_the_session_fresh_and_wrong_codes_lock_the_account(string database)
    {
        var (house, desk) = await Open(database);
        await using var _ = house;
        var session = await In(house);
        house.Clock.Pass(TimeSpan.FromMinutes(30));
        var signed = (await house.Read(tx => desk.Signed(tx, session)))!;
        var code = (await house.Read(tx => house.Get<AccountDesk>().DemoCode(tx, "lin")))!;
        Assert.Null(await house.Write(tx => house.Get<AccountDesk>().Prove(tx, signed, code)));
        Assert.Equal(house.Now, (await house.Read(tx => desk.Signed(tx, session)))!.ProvedAt);
        Assert.Equal(SignInRefusal.WrongCode, await house.Write(tx => house.Get<AccountDesk>().Prove(tx, signed, code)));
        for (var i = 0; i < 4; i++) await house.Write(tx => house.Get<AccountDesk>().Prove(tx, signed, "000000"));
        house.Clock.Pass(TimeSpan.FromMinutes(1));
        code = (await house.Read(tx => house.Get<AccountDesk>().DemoCode(tx, "lin")))!;
        Assert.Equal(SignInRefusal.Locked, await house.Write(tx => house.Get<AccountDesk>().Prove(tx, signed, code)));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_challenge_is_answered_once_by_whom_and_for_what_it_was_made(string database)
    {
        var (house, _) = await Open(database);
        await using var __ = house;
        var desk = house.Get<PasskeyDesk>();
        async Task<string?> Spend(string id, CeremonyPurpose purpose, string? staff) => await house.Write(tx => desk.Spend(tx, id, purpose, staff));
        var id = await house.Write(tx => desk.Begin(tx, CeremonyPurpose.Enrol, "s-1", "challenge"));
        Assert.Null(await Spend(id, CeremonyPurpose.Prove, "s-1"));
        Assert.Null(await Spend(id, CeremonyPurpose.Enrol, "s-2"));
        Assert.Null(await Spend(id, CeremonyPurpose.Enrol, null));
        var both = await Task.WhenAll(Spend(id, CeremonyPurpose.Enrol, "s-1"), Spend(id, CeremonyPurpose.Enrol, "s-1"));
        Assert.Single(both, state => state == "challenge");
        id = await house.Write(tx => desk.Begin(tx, CeremonyPurpose.SignIn, null, "challenge"));
        house.Clock.Pass(TimeSpan.FromMinutes(5));
        Assert.Null(await Spend(id, CeremonyPurpose.SignIn, null));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_key_whose_counter_runs_backwards_or_stands_is_a_copy(string database)
    {
        var (house, _) = await Open(database);
        await using var __ = house;
        var desk = house.Get<PasskeyDesk>();
        await house.Write(tx => desk.Keep(tx, new Passkey("k1", "s-1", "desk", [1], 5, "", false, false, [], [], default, null)));
        Assert.True(await house.Write(tx => desk.Used(tx, "k1", 6, false)));
        Assert.False(await house.Write(tx => desk.Used(tx, "k1", 6, false)));
        Assert.False(await house.Write(tx => desk.Used(tx, "k1", 4, false)));
        // Nobody else's name on the same key.
        await house.Write(tx => house.Get<AccountDesk>().Add(tx, new Staff("s-2", "he", "何佳", [Role.Agent], "zh-Hans")));
        Assert.False(await house.Write(tx => desk.Keep(tx, new Passkey("k1", "s-2", "desk", [1], 5, "", false, false, [], [], default, null))));
        Assert.False(await house.Write(tx => desk.Remove(tx, "s-2", "k1")));
    }
}
