using System.Text.Json;
using Huifang.Commands;

namespace Huifang.Web.Tests.Complaints;

public sealed class DeadlineCommandTests
{
    private static async Task<(int Code, string Out, string Error)> Run(params string[] args)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var (before, errorBefore) = (Console.Out, Console.Error);
        Console.SetOut(output);
        Console.SetError(error);
        try { return (await CommandLine.Run(["deadline", .. args]), output.ToString(), error.ToString()); }
        finally { Console.SetOut(before); Console.SetError(errorBefore); }
    }

    [Theory]
    [InlineData("cn"), InlineData("eu-psd2"), InlineData("uk-disp"), InlineData("us-cfpb"), InlineData("us-reg-e"), InlineData("hk"), InlineData("sg"), InlineData("tw")]
    public async Task Every_clock_of_a_pack_is_printed_with_its_reason(string pack)
    {
        var (code, output, _) = await Run("--pack", pack, "--received", "2026-12-24T23:59:00+08:00");
        Assert.Equal(0, code);
        using var json = JsonDocument.Parse(output);
        var clocks = json.RootElement.GetProperty("clocks").EnumerateArray().ToList();
        Assert.Contains(clocks, clock => clock.GetProperty("kind").GetString() == "FinalResponse" && clock.GetProperty("applies").GetBoolean());
        Assert.All(clocks, clock => Assert.NotEmpty(clock.GetProperty("explanation").GetString() + clock.GetProperty("source").GetString()));
        Assert.All(clocks.SelectMany(clock => clock.GetProperty("skipped").EnumerateArray()), day => Assert.NotEmpty(day.GetProperty("why").GetString()!));
    }

    [Theory]
    [InlineData("mars", "2026-11-24T14:00:00+08:00", "mars")]
    [InlineData("cn", "2026-02-30T14:00:00+08:00", "not an instant")]
    [InlineData("cn", "2026-11-24T14:00:00", "not an instant")]
    [InlineData("cn", "yesterday", "not an instant")]
    [InlineData("cn", "1026-11-24T14:00:00Z", "between the years")]
    public async Task What_cannot_be_computed_is_said(string pack, string received, string said)
    {
        var (code, output, error) = await Run("--pack", pack, "--received", received);
        Assert.Equal(2, code);
        Assert.Empty(output);
        Assert.Contains(said, error, StringComparison.Ordinal);
    }
}
