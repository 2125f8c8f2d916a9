using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using Huifang.Accounts;
using Huifang.Calls;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Huifang.Web.Tests.Access;

/// <summary>
/// Who may call what: every route is asked as nobody, a customer, each role and each scope of a key, at each verification level, about what is the asker's own,
/// a colleague's and another team's. docs/access.tsv is the agreed answer; a difference, a route without a row or a row without a route fails.
/// HUIFANG_WRITE_ACCESS=1 writes the file anew, for a person to read before it is committed.
/// </summary>
public sealed class MatrixTests : IAsyncLifetime
{
    private static readonly Relation[] Relations = [Relation.Own, Relation.Team, Relation.Other];
    private static readonly string File = Path.Combine(Root(), "docs", "access.tsv");
    private AccessSite _site = null!;

    public async Task InitializeAsync() => _site = await AccessSite.Open(provider: new("https://id.example", "huifang", null));

    public Task DisposeAsync() => _site.DisposeAsync().AsTask();

    [Fact]
    public void Every_route_says_who_may_call_it()
    {
        // The framework's own route for a navigation that we do not use stays closed.
        var silent = _site.Routes.Where(one => one.Route.RoutePattern.RawText != "/_framework/opaque-redirect").Where(one => one.Route.Metadata.GetMetadata<IAuthorizeData>() is null && one.Route.Metadata.GetMetadata<OpenAttribute>() is null).Select(Name).ToList();
        Assert.True(silent.Count == 0, $"Closed to everybody because they say nothing: {string.Join(", ", silent)}. Give each a permission, a scope or the customer's session, or Open(why).");
    }

    [Fact]
    public async Task A_route_that_says_nothing_is_closed_to_everybody()
    {
        // What has no row and no attribute: the fallback refuses it even to an administrator.
        var policy = await _site.Get<IAuthorizationPolicyProvider>().GetFallbackPolicyAsync();
        Assert.NotNull(policy);
        var forgotten = new DefaultHttpContext();
        forgotten.SetEndpoint(new Endpoint(null, null, "forgotten"));
        Assert.False((await _site.Get<IAuthorizationService>().AuthorizeAsync(StaffSession.Principal(new Staff("s", "s", "s", [.. Enum.GetValues<Role>()], "en"), "x"), forgotten, policy)).Succeeded);
    }

    [Fact]
    public async Task Every_route_lets_through_exactly_whom_the_matrix_names()
    {
        var askers = await Askers();
        var cells = new ConcurrentDictionary<(string Row, string Asker), HashSet<(Relation, Level, bool Fresh)>>();
        foreach (var level in Enum.GetValues<Level>())
        {
            await _site.Verify(level);
            await Ask(askers, level, fresh: true, cells);
        }
        _site.Pass(TimeSpan.FromMinutes(6));
        await Ask(askers, Level.StepUp, fresh: false, cells);

        var table = new StringBuilder("route");
        foreach (var asker in askers) table.Append('\t').Append(asker.Name);
        foreach (var one in _site.Routes)
        {
            table.Append('\n').Append(Name(one));
            foreach (var asker in askers) table.Append('\t').Append(Cell(one.Route, cells.GetValueOrDefault((Name(one), asker.Name)) ?? []));
        }
        var now = table.Append('\n').ToString();
        if (Environment.GetEnvironmentVariable("HUIFANG_WRITE_ACCESS") == "1") await System.IO.File.WriteAllTextAsync(File, now);
        var agreed = await System.IO.File.ReadAllLinesAsync(File);
        var differs = now.TrimEnd().Split('\n').Except(agreed).Select(line => $"now: {line}").Concat(agreed.Except(now.TrimEnd().Split('\n')).Select(line => $"agreed: {line}")).ToList();
        Assert.True(differs.Count == 0, $"The routes and docs/access.tsv differ. Read each line; when it is meant so, write the file anew with HUIFANG_WRITE_ACCESS=1.\n{string.Join('\n', differs.Take(40))}");
        Assert.DoesNotContain(agreed.Skip(1).SelectMany(line => line.Split('\t')), cell => cell.Length == 0);
    }

    [Fact]
    public async Task Nobody_and_no_customer_and_no_key_may_call_what_is_for_staff()
    {
        foreach (var line in (await System.IO.File.ReadAllLinesAsync(File)).Skip(1).Select(line => line.Split('\t')))
        {
            // A call has two sides, and its hub lets in the agent and the customer of that call.
            if (line[0].Contains("/hub/call", StringComparison.Ordinal)) continue;
            var staff = line[3..(3 + Enum.GetValues<Role>().Length)];
            if (line[1] == "-" && staff.Any(cell => cell != "-")) Assert.True(line[2] == "-" && line[(3 + staff.Length)..].All(cell => cell == "-"), line[0]);
        }
    }

    private sealed record Asker(string Name, string Id, HttpClient Http);

    private async Task<List<Asker>> Askers()
    {
        var askers = new List<Asker> { new("nobody", "s-Agent", _site.Signed()), new("customer", "s-Agent", await _site.Customer("c-s-Agent")) };
        foreach (var role in Enum.GetValues<Role>()) askers.Add(new(role.ToString().ToLowerInvariant(), $"s-{role}", await _site.Staff($"s-{role}")));
        foreach (var scope in Scope.All) askers.Add(new($"key:{scope}", "s-Agent", await _site.Key(scope)));
        return askers;
    }

    private Task Ask(List<Asker> askers, Level level, bool fresh, ConcurrentDictionary<(string, string), HashSet<(Relation, Level, bool)>> cells) =>
        Parallel.ForEachAsync(askers, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (asker, stop) =>
        {
            foreach (var one in _site.Routes)
                foreach (var relation in Relations)
                {
                    using var request = new HttpRequestMessage(new HttpMethod(one.Method), Address(one.Route, relation, asker.Id));
                    using var answer = await asker.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
                    // An open form without its token is refused after access was granted.
                    if ((int)answer.StatusCode == AccessSite.LetThrough || (answer.StatusCode == HttpStatusCode.BadRequest && one.Route.Metadata.GetMetadata<OpenAttribute>() is not null)) cells.GetOrAdd((Name(one), asker.Name), _ => []).Add((relation, level, fresh));
                    else Assert.True((int)answer.StatusCode is 401 or 403 or 302 or 303, $"{Name(one)} as {asker.Name} answered {(int)answer.StatusCode}.");
                }
        });

    private static string Name((string Method, RouteEndpoint Route) one) => $"{one.Method} /{one.Route.RoutePattern.RawText!.Trim('/')}";

    private static string Address(RouteEndpoint route, Relation relation, string asker)
    {
        var about = route.Metadata.GetMetadata<AboutAttribute>();
        var whose = relation switch { Relation.Own => asker, Relation.Team => "s-mate", _ => "s-far" };
        var parts = route.RoutePattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(part => part switch
        {
            Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart literal => literal.Content,
            Microsoft.AspNetCore.Routing.Patterns.RoutePatternParameterPart parameter when parameter.Name == about?.Part => about.Thing switch { Thing.Staff => whose, Thing.Customer => $"c-{whose}", var thing => $"{thing}-{whose}" },
            Microsoft.AspNetCore.Routing.Patterns.RoutePatternParameterPart parameter => parameter.ParameterPolicies.Count > 0 ? "1" : "x",
            _ => throw new System.Diagnostics.UnreachableException(),
        })));
        return "/" + string.Join('/', parts);
    }

    /// <summary>"-" nobody; "yes" whatever the thing and level; else the reach, "@V1" from which level on, "!" only with a fresh proof.</summary>
    private static string Cell(RouteEndpoint route, HashSet<(Relation Relation, Level Level, bool Fresh)> through)
    {
        if (through.Count == 0) return "-";
        var reach = Relations.Last(relation => through.Any(one => one.Relation == relation));
        var least = through.Where(one => one.Fresh).Min(one => one.Level);
        var needsFresh = through.All(one => one.Fresh);
        var whole = Relations.Where(relation => relation <= reach).SelectMany(relation => Enum.GetValues<Level>().Where(level => level >= least).Select(level => (relation, level, true)).Concat(needsFresh ? [] : [(relation, Level.StepUp, false)])).ToHashSet();
        Assert.True(whole.SetEquals(through), $"{route.RoutePattern.RawText} lets through a set without a name: {string.Join(' ', through)}");
        var name = route.Metadata.GetMetadata<AboutAttribute>() is not { } about || route.RoutePattern.GetParameter(about.Part) is null ? "yes" : reach switch { Relation.Own => "own", Relation.Team => "team", _ => "all" };
        return string.Create(CultureInfo.InvariantCulture, $"{name}{(least > Level.V0 ? $"@{least}" : "")}{(needsFresh ? "!" : "")}");
    }

    private static string Root()
    {
        var at = new DirectoryInfo(AppContext.BaseDirectory);
        while (!System.IO.File.Exists(Path.Combine(at!.FullName, "Huifang.slnx"))) at = at.Parent;
        return at.FullName;
    }
}
