using System.Text;
using Huifang.Accounts;

namespace Huifang.Tests;

public sealed class AccountTests
{
    [Theory] // RFC 6238, appendix B, the last six of eight digits.
    [InlineData(59, "287082"), InlineData(1111111109, "081804"), InlineData(1111111111, "050471"), InlineData(1234567890, "005924"), InlineData(2000000000, "279037")]
    public void Codes_are_those_of_the_standard(long seconds, string code) =>
        Assert.Equal(code, Totp.CodeAt(Encoding.ASCII.GetBytes("12345678901234567890"), Totp.StepAt(DateTimeOffset.FromUnixTimeSeconds(seconds))));

    [Fact]
    public void A_secret_is_typed_in_base_32() => Assert.Equal("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", Totp.Base32(Encoding.ASCII.GetBytes("12345678901234567890")));

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Password_and_code_let_in_once_and_a_seen_code_not_again(string database)
    {
        await using var house = await House.Open(database);
        var desk = house.Get<AccountDesk>();
        var secrets = await house.Write(tx => desk.Add(tx, new Staff("s-1", "lin", "林静", [Role.Agent], "zh-Hans")));
        var code = (await house.Read(tx => desk.DemoCode(tx, "lin")))!;

        var first = Assert.IsType<SignIn.In>(await house.SignIn("Lin", secrets.Password, code, "test"));
        Assert.Equal("林静", (await house.Read(tx => house.Get<SessionDesk>().Signed(tx, first.SessionId)))!.Staff.Name);
        Assert.Equal(SignInRefusal.WrongCode, Assert.IsType<SignIn.Refused>(await house.SignIn("lin", secrets.Password, code, "test")).Reason);

        await house.Write(tx => desk.SignOut(tx, first.SessionId, "s-1"));
        Assert.Null(await house.Read(tx => house.Get<SessionDesk>().Signed(tx, first.SessionId)));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Five_failures_lock_for_a_quarter_of_an_hour_even_for_the_right_one(string database)
    {
        await using var house = await House.Open(database);
        var desk = house.Get<AccountDesk>();
        var secrets = await house.Write(tx => desk.Add(tx, new Staff("s-1", "lin", "林静", [Role.Agent], "zh-Hans")));
        for (var i = 0; i < 5; i++) await house.SignIn("lin", "wrong", "000000", "test");

        var code = (await house.Read(tx => desk.DemoCode(tx, "lin")))!;
        Assert.Equal(SignInRefusal.Locked, Assert.IsType<SignIn.Refused>(await house.SignIn("lin", secrets.Password, code, "test")).Reason);
        house.Clock.Pass(TimeSpan.FromMinutes(16));
        code = (await house.Read(tx => desk.DemoCode(tx, "lin")))!;
        Assert.IsType<SignIn.In>(await house.SignIn("lin", secrets.Password, code, "test"));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_password_that_was_changed_while_it_was_tried_opens_nothing(string database)
    {
        await using var house = await House.Open(database);
        var desk = house.Get<AccountDesk>();
        await house.Write(tx => desk.Add(tx, new Staff("s-1", "lin", "林静", [Role.Agent], "zh-Hans"), "the old one"));
        await house.Write(tx => desk.Add(tx, new Staff("s-2", "ma", "马跃", [Role.Agent], "zh-Hans"), "the new one"));
        var tried = (await house.Read(tx => desk.LockOf(tx, "lin"))).Try("the old one");
        var unknown = (await house.Read(tx => desk.LockOf(tx, "nobody"))).Try("nobody has this password");

        await house.Write(tx => tx.Run("update staff set password_hash = (select password_hash from staff where id = 's-2') where id = 's-1'"));
        var code = (await house.Read(tx => desk.DemoCode(tx, "lin")))!;
        Assert.Equal(SignInRefusal.WrongPassword, Assert.IsType<SignIn.Refused>(await house.Write(tx => desk.SignIn(tx, tried, code, "test"))).Reason);
        Assert.Equal(SignInRefusal.UnknownLogin, Assert.IsType<SignIn.Refused>(await house.Write(tx => desk.SignIn(tx, unknown, code, "test"))).Reason);
        Assert.IsType<SignIn.In>(await house.SignIn("lin", "the new one", code));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Many_guesses_at_once_are_counted_like_one_after_another(string database)
    {
        await using var house = await House.Open(database);
        var desk = house.Get<AccountDesk>();
        await house.Write(tx => desk.Add(tx, new Staff("s-1", "lin", "林静", [Role.Agent], "zh-Hans"), "correct horse battery"));
        var wrong = (await house.Read(tx => desk.LockOf(tx, "lin"))).Try("wrong");
        var answers = await Task.WhenAll(Enumerable.Range(0, 24).Select(_ => house.Write(tx => desk.SignIn(tx, wrong, "000000", "test"))));
        Assert.Equal(5, answers.Count(answer => answer is SignIn.Refused { Reason: SignInRefusal.WrongPassword }));
        Assert.Equal(19, answers.Count(answer => answer is SignIn.Refused { Reason: SignInRefusal.Locked }));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_key_opens_until_it_expires_or_is_revoked(string database)
    {
        await using var house = await House.Open(database);
        var desk = house.Get<ApiKeyDesk>();
        var key = await house.Write(tx => desk.Make(tx, "wallet", [Scope.Events], house.Now.AddDays(1)));
        Assert.Equal("wallet", (await house.Read(tx => desk.Find(tx, key)))!.Name);
        Assert.Null(await house.Read(tx => desk.Find(tx, key[..^1] + (key[^1] == '0' ? '1' : '0'))));
        house.Clock.Pass(TimeSpan.FromDays(2));
        Assert.Null(await house.Read(tx => desk.Find(tx, key)));
    }

    [Fact]
    public async Task A_link_opens_what_it_was_made_for_until_its_time_and_no_changed_letter()
    {
        await using var house = await House.Open(Databases.Sqlite);
        var links = house.Get<Links>();
        var followUp = Guid.CreateVersion7().ToString();
        var token = links.Make(LinkKind.Booking, followUp, house.Now.AddHours(1));
        Assert.True(token.Length <= 43);
        Assert.Equal(followUp, Assert.IsType<LinkReading.Valid>(links.Read(token)).Subject);
        Assert.Equal("c-zhou", Assert.IsType<LinkReading.Valid>(links.Read(links.Make(LinkKind.Portal, "c-zhou", house.Now.AddHours(1)))).Subject);

        for (var i = 0; i < token.Length; i++)
        {
            var changed = token.ToCharArray();
            changed[i] = changed[i] == 'A' ? 'B' : 'A';
            // The last letter carries bits that no byte has; changed only there, the token is the same bytes or not valid at all.
            if (links.Read(new string(changed)) is LinkReading.Valid valid) Assert.Equal((token.Length - 1, followUp), (i, valid.Subject));
        }
        house.Clock.Pass(TimeSpan.FromHours(2));
        Assert.IsType<LinkReading.Expired>(links.Read(token));
    }
}
