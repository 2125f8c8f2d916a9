using System.CommandLine;
using Huifang.Accounts;
using Huifang.Storage;

namespace Huifang.Commands;

/// <summary><c>huifang staff add</c>: takes up a member of staff from the machine itself; how the first administrator gets in.</summary>
public static class StaffCommand
{
    public static Command Make()
    {
        var login = new Argument<string>("login") { Description = "What she types to sign in: 2–40 lower-case letters, digits, dots, hyphens." };
        var name = new Argument<string>("name") { Description = "As customers and colleagues see it." };
        var roles = new Option<Role[]>("--role") { Description = $"One or more of {string.Join(", ", Enum.GetNames<Role>())}.", Required = true, AllowMultipleArgumentsPerToken = true };
        var language = new Option<string>("--language") { Description = "zh-Hans, zh-Hant or en.", DefaultValueFactory = _ => Languages.Language.Simplified };
        var add = new Command("add", "Takes up a member of staff; prints password and authenticator secret once.") { login, name, roles, language };
        add.SetAction(async (parsed, stop) =>
        {
            var asked = parsed.GetValue(login)!;
            if (asked.Length is < 2 or > 40 || asked.Any(c => !(char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '-'))) return CommandLine.Wrong("A login is 2 to 40 lower-case letters, digits, dots and hyphens.");
            if (Languages.Language.For(parsed.GetValue(language)) is not { } speaks) return CommandLine.Wrong($"The pages speak {string.Join(", ", Languages.Language.All)}.");
            await using var house = await CommandLine.OpenHouse(stop);
            var store = house.GetRequiredService<Store>();
            if ((await store.Read(tx => house.GetRequiredService<AccountDesk>().All(tx), stop)).Any(s => s.Login == asked)) return CommandLine.Wrong($"{asked} is taken.");
            var secrets = await store.Write(tx => house.GetRequiredService<AccountDesk>().Add(tx, new Staff(house.GetRequiredService<Ids>().New(), asked, parsed.GetValue(name)!, parsed.GetValue(roles)!, speaks)), stop);
            Console.WriteLine($"login {secrets.Login}\npassword {secrets.Password}\nauthenticator otpauth://totp/Huifang:{secrets.Login}?secret={secrets.TotpSecret}&issuer=Huifang");
            return 0;
        });
        return new Command("staff", "Members of staff.") { add };
    }
}
