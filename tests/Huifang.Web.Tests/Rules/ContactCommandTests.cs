using System.Text.Json;
using Huifang.Commands;

namespace Huifang.Web.Tests.Rules;

public sealed class ContactCommandTests
{
    private static async Task<(int Code, string Out, string Error)> Run(string file, params string[] more)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var (before, errorBefore) = (Console.Out, Console.Error);
        Console.SetOut(output);
        Console.SetError(error);
        try { return (await CommandLine.Run(["contact", "decide", "--customer", file, "--purpose", "Service", "--channel", "Phone", .. more]), output.ToString(), error.ToString()); }
        finally { Console.SetOut(before); Console.SetError(errorBefore); }
    }

    private static string File(string json)
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("huifang-cli-").FullName, "customer.json");
        System.IO.File.WriteAllText(path, json);
        return path;
    }

    [Fact]
    public async Task The_decision_is_json_with_every_reason_and_its_source()
    {
        var file = File("""{"id":"zhou","timeZone":"Asia/Shanghai","country":"CN","reachable":["Phone"],"consents":[{"purpose":"Service","given":true,"at":"2026-03-02T10:00:00+08:00"}]}""");
        var (code, output, _) = await Run(file, "--at", "2026-11-24T21:00:00+08:00");
        Assert.Equal(0, code);
        using var json = JsonDocument.Parse(output);
        Assert.Equal(("Hold", "2026-11-25T09:00:00+08:00"), (json.RootElement.GetProperty("decision").GetString(), json.RootElement.GetProperty("until").GetString()));
        Assert.All(json.RootElement.GetProperty("reasons").EnumerateArray(), reason => Assert.NotEmpty(reason.GetProperty("source").GetString()!));
    }

    [Fact]
    public async Task What_is_wrong_with_the_input_is_said_and_the_exit_code_is_2()
    {
        var (missing, _, said) = await Run("/nowhere/at-all.json", "--at", "2026-11-24T14:00:00+08:00");
        Assert.Equal((2, true), (missing, said.Contains("no file", StringComparison.Ordinal)));
        var (bad, _, named) = await Run(File("""{"id":"a","doNotContct":[],"timeZone":"Mars"}"""), "--at", "2026-11-24T14:00:00+08:00");
        Assert.Equal(2, bad);
        Assert.Contains("doNotContct", named, StringComparison.Ordinal);
        Assert.Contains("timeZone", named, StringComparison.Ordinal);
        var (when, _, instant) = await Run(File("""{"id":"a"}"""), "--at", "tomorrow");
        Assert.Equal((2, true), (when, instant.Contains("--at", StringComparison.Ordinal)));
    }
}
