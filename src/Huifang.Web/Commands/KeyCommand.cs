using System.CommandLine;
using Huifang.Accounts;
using Huifang.Storage;

namespace Huifang.Commands;

/// <summary><c>huifang key new</c> and <c>huifang key revoke</c>: keys of the wallet's own systems.</summary>
public static class KeyCommand
{
    public static Command Make()
    {
        var name = new Argument<string>("name") { Description = "Which system will use it." };
        var scopes = new Option<string[]>("--scope") { Description = $"What it may do: {string.Join(", ", Scope.All)}. All when left out.", AllowMultipleArgumentsPerToken = true };
        var days = new Option<int>("--days") { Description = "Days until it expires.", DefaultValueFactory = _ => 365 };
        var make = new Command("new", "Makes a key and prints it once.") { name, scopes, days };
        make.SetAction(async (parsed, stop) =>
        {
            var asked = parsed.GetValue(scopes) is { Length: > 0 } some ? some : [.. Scope.All];
            if (asked.FirstOrDefault(scope => !Scope.All.Contains(scope)) is { } unknown) return CommandLine.Wrong($"There is no scope {unknown}; there are: {string.Join(", ", Scope.All)}.");
            await using var house = await CommandLine.OpenHouse(stop);
            var key = await house.GetRequiredService<Store>().Write(tx => house.GetRequiredService<ApiKeyDesk>().Make(tx, parsed.GetValue(name)!, asked, TimeProvider.System.GetUtcNow().AddDays(parsed.GetValue(days))), stop);
            Console.WriteLine(key);
            return 0;
        });

        var id = new Argument<string>("id") { Description = "The part of the key between its first and second underscore." };
        var revoke = new Command("revoke", "Ends a key; it opens nothing from now on.") { id };
        revoke.SetAction(async (parsed, stop) =>
        {
            await using var house = await CommandLine.OpenHouse(stop);
            var ended = await house.GetRequiredService<Store>().Write(tx => house.GetRequiredService<ApiKeyDesk>().Revoke(tx, parsed.GetValue(id)!), stop);
            return ended == 1 ? 0 : CommandLine.Wrong("No key with this id is in force.");
        });
        return new Command("key", "Keys for the wallet's own systems.") { make, revoke };
    }
}
