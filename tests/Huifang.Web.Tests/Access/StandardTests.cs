using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Huifang.Accounts;
using Huifang.Security;
using Microsoft.AspNetCore.Identity;

namespace Huifang.Web.Tests.Access;

/// <summary>OWASP ASVS 5.0, levels 1 and 2: docs/asvs.json answers each requirement, and what it says of the whole house is tried here.</summary>
public sealed partial class StandardTests
{
    private static readonly string Root = FindRoot();

    [Fact]
    public void Every_requirement_has_an_answer_and_every_test_named_in_it_exists()
    {
        using var table = JsonDocument.Parse(File.ReadAllText(Path.Combine(Root, "docs", "asvs.json")));
        var rows = table.RootElement.GetProperty("requirements").EnumerateArray().ToList();
        Assert.Equal((70, 183), (rows.Count(row => row.GetProperty("level").GetInt32() == 1), rows.Count(row => row.GetProperty("level").GetInt32() == 2)));
        Assert.Equal(253, rows.Select(row => row.GetProperty("id").GetString()).Distinct().Count());
        Assert.All(rows, row => Assert.True(row.GetProperty("how").GetString()!.Length > 5, row.ToString()));
        var tested = rows.Where(row => row.GetProperty("tests").GetArrayLength() > 0).ToList();
        Assert.True(tested.Count >= 200, $"{tested.Count} of 253 name a test.");
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Root, "tests"), "*.cs", SearchOption.AllDirectories).Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)))
        {
            var text = File.ReadAllText(file);
            if (ClassName().Match(text) is not { Success: true } name) continue;
            foreach (Match test in TestName().Matches(text)) known.Add($"{name.Groups[1].Value}.{test.Groups[1].Value}");
        }
        Assert.Empty(tested.SelectMany(row => row.GetProperty("tests").EnumerateArray().Select(test => test.GetString()!)).Where(test => !known.Contains(test)).Distinct());
    }

    /// <summary>The documents that the standard wants, by the heading under which each stands in docs/security.md; the figures in them are those of the code.</summary>
    [Fact]
    public void The_security_manual_answers_what_the_standard_wants_documented()
    {
        var manual = File.ReadAllText(Path.Combine(Root, "docs", "security.md"));
        foreach (var heading in new[] { "Input", "Limits", "Files", "Signing in", "Sessions", "Fields", "Keys", "Transport", "Connections", "Data", "Logs", "Parts of others" })
        {
            var section = Regex.Match(manual, $"^## {heading}$(.*?)(?=^## |\\z)", RegexOptions.Multiline | RegexOptions.Singleline).Groups[1].Value;
            Assert.True(section.Trim().Length > 200, $"docs/security.md says too little under \"{heading}\".");
        }
        string[] figures = [$"{SessionDesk.IdleLife.TotalMinutes:0} minutes", $"{SessionDesk.Life.TotalHours:0} hours", $"{Huifang.Guard.Limits.BodyBytesMax / 1024:0} KiB", $"{Huifang.Guard.Limits.LargeBytesMax / 1024 / 1024:0} MiB", $"{RecoveryCodes.Count} recovery codes"];
        Assert.All(figures, figure => Assert.Contains(figure, manual, StringComparison.Ordinal));
    }

    /// <summary>What the answers call absent is absent from the compiled product and its packages.</summary>
    [Fact]
    public void Nothing_is_linked_that_the_answers_say_is_not_there()
    {
        var linked = Directory.EnumerateFiles(AppContext.BaseDirectory, "*.deps.json").SelectMany(File.ReadLines).ToList();
        Assert.NotEmpty(linked);
        foreach (var absent in new[] { "System.DirectoryServices", "GraphQL", "memcache", "Enyim", "Saml", "LibreOffice", "LaTeX", "Antlr", "Roslyn.Scripting", "CodeAnalysis.Scripting", "SIPSorcery", "Turn.", "Duende", "OpenIddict", "IdentityServer" })
            Assert.DoesNotContain(linked, line => line.Contains(absent, StringComparison.OrdinalIgnoreCase));
        Assert.Equal(["Huifang/Storage/PostgresStore.cs"], Sources("*.cs").Where(source => source.Text.Contains("Process.Start(", StringComparison.Ordinal)).Select(source => source.Name));
        // The framework keeps the cookies' keys as XML; it reads what it wrote itself.
        Assert.Equal(["Huifang.Web/Accounts/CookieKeys.cs"], Sources("*.cs").Where(source => XmlUse().IsMatch(source.Text)).Select(source => source.Name));
    }

    /// <summary>No route of an authorization server or of back-channel logout is served.</summary>
    [Fact]
    public async Task The_house_gives_no_tokens_to_others()
    {
        await using var site = await AccessSite.Open();
        Assert.DoesNotContain(site.Routes, route => OAuthRoute().IsMatch(route.Route.RoutePattern.RawText ?? ""));
        using var http = Plain(site);
        foreach (var path in new[] { "/.well-known/openid-configuration", "/.well-known/oauth-authorization-server", "/authorize", "/token", "/connect/token" })
        {
            using var answer = await http.GetAsync(path);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }
    }

    [Fact]
    public void Source_builds_no_code_no_expression_and_no_SQL_out_of_what_was_typed()
    {
        var scripts = Sources("*.ts").ToList();
        Assert.NotEmpty(scripts);
        Assert.Empty(scripts.Where(source => ScriptFromText().IsMatch(source.Text)).Select(source => source.Name));
        Assert.Equal(["Huifang.Web/web/islands/call.ts", "Huifang.Web/web/islands/trusted.ts"], scripts.Where(source => source.Text.Contains("innerHTML", StringComparison.Ordinal)).Select(source => source.Name).Order(StringComparer.Ordinal));
        Assert.Equal(["Huifang.Web/web/islands/lib/device.ts"], scripts.Where(source => KeptInBrowser().IsMatch(source.Text)).Select(source => source.Name));
        var code = Sources("*.cs").ToList();
        Assert.Empty(code.Where(source => source.Text.Contains("BinaryFormatter", StringComparison.Ordinal) || source.Text.Contains("TypeNameHandling", StringComparison.Ordinal)).Select(source => source.Name));
        Assert.Empty(code.Where(source => ExpressionFromText().IsMatch(source.Text)).Select(source => source.Name));
        Assert.Empty(code.Where(source => source.Name.EndsWith("Table.cs", StringComparison.Ordinal) && QuotedValue().IsMatch(source.Text)).Select(source => source.Name));
    }

    [Fact]
    public void Ciphers_hashes_and_chance_are_the_approved_ones()
    {
        var code = Sources("*.cs").ToList();
        Assert.Empty(code.Where(source => WeakCrypto().IsMatch(source.Text)).Select(source => source.Name));
        Assert.Equal(["Huifang.Rules/Accounts/Totp.cs"], code.Where(source => source.Text.Contains("HMACSHA1", StringComparison.Ordinal)).Select(source => source.Name));
        // Chance that can be foreseen makes the demo's people, and what happens to a plan of a file on the command line; nothing else.
        Assert.All(code.Where(source => ForeseenChance().IsMatch(source.Text)), source => Assert.Matches("^Huifang.Web/Demo/|/Simulat|^Huifang.Web/Planning/RepairCommand", source.Name));
        Assert.Empty(code.Where(source => source.Text.Contains("ServerCertificateCustomValidationCallback", StringComparison.Ordinal) || source.Text.Contains("ServerCertificateValidationCallback", StringComparison.Ordinal) || source.Text.Contains("DangerousAcceptAny", StringComparison.Ordinal)).Select(source => source.Name));
        // Version 3 of the platform's hash: PBKDF2 with HMAC-SHA512 and 100,000 rounds or more.
        var hash = Convert.FromBase64String(new PasswordHasher<object>().HashPassword(new(), "x"));
        Assert.Equal((1, 2), (hash[0], System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(1))));
        Assert.True(System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(5)) >= 100_000);
    }

    [Fact]
    public async Task A_house_served_by_https_says_so_for_two_years_and_keeps_its_cookies_to_itself()
    {
        await using var site = await AccessSite.Open(tune: settings => settings with { PublicUrl = "https://care.example", Proxies = ["127.0.0.1"] });
        using var http = Plain(site);
        http.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
        using var staff = await http.GetAsync("/test/as/s-Agent");
        using var door = await http.GetAsync("/signin");
        var cookies = staff.Headers.GetValues("Set-Cookie").Concat(door.Headers.TryGetValues("Set-Cookie", out var more) ? more : []).ToList();
        Assert.NotEmpty(cookies);
        Assert.All(cookies.Where(cookie => !cookie.Contains("expires=Thu, 01 Jan 1970", StringComparison.OrdinalIgnoreCase)), cookie =>
        {
            Assert.StartsWith("__Host-", cookie, StringComparison.Ordinal);
            Assert.Contains("; secure", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("; path=/", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("domain=", cookie, StringComparison.OrdinalIgnoreCase);
        });
        Assert.Equal("max-age=63072000; includeSubDomains", door.Headers.GetValues("Strict-Transport-Security").Single());
    }

    [Fact]
    public async Task An_address_that_a_stranger_claims_is_not_believed()
    {
        await using var plain = await AccessSite.Open();
        await using var behind = await AccessSite.Open(tune: settings => settings with { Proxies = ["127.0.0.1"] });
        async Task<string> Seen(AccessSite site, string claimed)
        {
            using var http = Plain(site);
            http.DefaultRequestHeaders.Add("X-Forwarded-For", claimed);
            return await http.GetStringAsync("/test/address");
        }
        Assert.Contains("127.0.0.1", await Seen(plain, "203.0.113.9"));
        // One proxy: the last hop that it wrote counts, whatever the stranger wrote before it.
        Assert.Equal("198.51.100.7", await Seen(behind, "203.0.113.9, 198.51.100.7"));
    }

    [Fact]
    public async Task Every_answer_says_its_type_and_charset_and_opens_to_no_other_origin()
    {
        await using var site = await AccessSite.Open();
        using var http = Plain(site);
        http.DefaultRequestHeaders.Add("Origin", site.Address);
        foreach (var path in new[] { "/signin", "/recognise", "/health/live", "/nothing-here", "/v1/nothing-here", "/openapi/v1.json", "/v1/audit/key", "/transparency.csv", "/icon.svg" })
        {
            using var answer = await http.GetAsync(path);
            var bytes = await answer.Content.ReadAsByteArrayAsync();
            if (bytes.Length == 0) continue;
            var type = answer.Content.Headers.ContentType!;
            if (type.MediaType!.StartsWith("text/", StringComparison.Ordinal)) Assert.Equal((path, "utf-8"), (path, type.CharSet?.ToLowerInvariant()));
            Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"), path);
        }
    }

    [Fact]
    public async Task A_server_answers_no_method_folder_or_file_that_it_was_not_built_to()
    {
        await using var site = await AccessSite.Open();
        using var http = Plain(site);
        foreach (var method in new[] { "TRACE", "TRACK", "PROPFIND", "FOO" })
        {
            using var answer = await http.SendAsync(new HttpRequestMessage(new HttpMethod(method), "/signin"));
            Assert.True((int)answer.StatusCode is 400 or 404 or 405 or 501, $"{method} answered {(int)answer.StatusCode}");
        }
        foreach (var path in new[] { "/.git/HEAD", "/.env", "/appsettings.json", "/Huifang.Web.dll", "/huifang.db", "/keys/", "/wwwroot/", "/dist/", "/css/", "/islands/", "/web/islands/call.ts", "/metrics", "/swagger", "/debug", "/../huifang.db", "/%2e%2e/huifang.db" })
        {
            using var answer = await http.GetAsync(path);
            Assert.True((int)answer.StatusCode is 400 or 404, $"{path} answered {(int)answer.StatusCode}");
        }
    }

    [Theory] // Two lengths are two opinions on where a message ends.
    [InlineData("Content-Length: 4\r\nContent-Length: 11\r\n\r\nuser=x")]
    [InlineData("Content-Length: x\r\n\r\nuser=x")]
    [InlineData("Transfer-Encoding: gzip, identity\r\n\r\nuser=x")]
    [InlineData("Host: other.example\r\nContent-Length: 6\r\n\r\nuser=x")]
    public async Task A_message_with_two_ends_is_refused(string rest)
    {
        await using var site = await AccessSite.Open();
        using var line = new TcpClient();
        await line.ConnectAsync(IPAddress.Loopback, new Uri(site.Address).Port);
        await line.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"POST /signin HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n{rest}"));
        using var answer = new StreamReader(line.GetStream());
        Assert.StartsWith("HTTP/1.1 400", await answer.ReadLineAsync());
    }

    [Fact]
    public async Task What_breaks_inside_is_told_outside_only_as_broken()
    {
        await using var site = await AccessSite.Open();
        using var http = Plain(site);
        foreach (var type in new[] { "text/html", "application/json" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/test/broken") { Headers = { { "Accept", type } } };
            using var answer = await http.SendAsync(request);
            Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
            var said = await answer.Content.ReadAsStringAsync();
            foreach (var inside in new[] { "select secret", "InvalidOperationException", " at Huifang", ".cs:" }) Assert.DoesNotContain(inside, said, StringComparison.Ordinal);
        }
        // And the house goes on.
        using var alive = await http.GetAsync("/health/live");
        Assert.Equal(HttpStatusCode.OK, alive.StatusCode);
    }

    [Fact]
    public async Task Passwords_are_made_by_the_house_long_different_and_compared_as_typed()
    {
        await using var site = await AccessSite.Open();
        var made = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < 20; i++) await site.Write(async tx => made.Add((await site.Get<AccountDesk>().Add(tx, new Staff($"n{i}", $"n{i}", "N", [Role.Agent], "en"))).Password));
        Assert.Equal(20, made.Count);
        Assert.All(made, password => Assert.True(password.Length >= 20));
        var hasher = new PasswordHasher<object>();
        var hash = hasher.HashPassword(new(), new string('a', 200) + "é ");
        Assert.Equal(PasswordVerificationResult.Success, hasher.VerifyHashedPassword(new(), hash, new string('a', 200) + "é "));
        foreach (var near in new[] { new string('a', 200), new string('A', 200) + "é ", new string('a', 200) + "é", new string('a', 72) }) Assert.Equal(PasswordVerificationResult.Failed, hasher.VerifyHashedPassword(new(), hash, near));
        // No page offers a place to type a password of one's own, and none asks about one's childhood.
        Assert.DoesNotContain(Sources("*.razor"), source => source.Text.Contains("new-password", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_door_hides_what_is_typed_lets_managers_help_and_every_page_has_a_way_out()
    {
        await using var site = await AccessSite.Open();
        using var http = Plain(site);
        var door = await http.GetStringAsync("/signin");
        Assert.Matches("<input[^>]*name=\"password\"[^>]*type=\"password\"[^>]*autocomplete=\"current-password\"", door);
        Assert.DoesNotContain("onpaste", door, StringComparison.OrdinalIgnoreCase);
        await http.GetAsync("/test/as/s-Supervisor");
        foreach (var page in new[] { "/live", "/complaints", "/me/access" })
            if (await http.GetAsync(page) is { StatusCode: HttpStatusCode.OK } shown) Assert.Contains("action=\"/signout\"", await shown.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_house_that_is_no_demo_has_no_people_of_its_own_and_no_door_for_the_demo()
    {
        await using var site = await AccessSite.Open();
        using var http = Plain(site);
        foreach (var (method, route) in site.Routes.Where(one => one.Route.RoutePattern.RawText!.StartsWith("/demo", StringComparison.Ordinal)))
        {
            using var answer = await http.SendAsync(new HttpRequestMessage(new HttpMethod(method), Regex.Replace(route.RoutePattern.RawText!, "{.*?}", "x")));
            var away = (int)answer.StatusCode == 302 && answer.Headers.Location!.ToString() is "/" or "/demo" or "/recognise" or "/signin" && !answer.Headers.Contains("Set-Cookie");
            Assert.True(away || (int)answer.StatusCode is 400 or 404, $"{method} {route.RoutePattern.RawText} answered {(int)answer.StatusCode}");
        }
        using var folder = new Folder();
        await using var empty = Huifang.Storage.Store.Open(Path.Combine(folder.Path, "huifang.db"));
        await Huifang.Storage.Migrations.Apply(empty, TimeProvider.System);
        Assert.Equal((0, 0), await empty.Read(async tx => ((int)await tx.One<long>("select count(*) from staff"), (int)await tx.One<long>("select count(*) from api_keys"))));
    }

    [Fact]
    public async Task Whoever_signs_out_leaves_nothing_in_the_browsers_caches()
    {
        await using var site = await AccessSite.Open();
        using var http = Plain(site);
        await http.GetAsync("/test/customer/c-s-Agent");
        var token = Regex.Match(await http.GetStringAsync("/me/preferences"), "name=\"__RequestVerificationToken\"[^>]*value=\"([^\"]+)\"").Groups[1].Value;
        using var left = await http.PostAsync("/me/leave", new FormUrlEncodedContent([KeyValuePair.Create("__RequestVerificationToken", WebUtility.HtmlDecode(token))]));
        Assert.Equal("\"cache\"", left.Headers.GetValues("Clear-Site-Data").Single());
        using var after = await http.GetAsync("/me");
        Assert.NotEqual(HttpStatusCode.OK, after.StatusCode);
    }

    [Fact]
    public void Every_package_has_one_version_and_the_scripts_a_lock()
    {
        var packages = File.ReadAllText(Path.Combine(Root, "Directory.Packages.props"));
        Assert.Matches("ManagePackageVersionsCentrally>true<", packages);
        Assert.DoesNotMatch("Version=\"[^\"]*[*\\[(,]", packages);
        foreach (var project in Directory.EnumerateFiles(Path.Combine(Root, "src"), "*.csproj", SearchOption.AllDirectories)) Assert.DoesNotMatch("PackageReference[^>]*Version=", File.ReadAllText(project));
        Assert.True(File.Exists(Path.Combine(Root, "src", "Huifang.Web", "web", "package-lock.json")));
    }
}
