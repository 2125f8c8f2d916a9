using System.Net;
using System.Text.RegularExpressions;

namespace Huifang.Web.Tests.Access;

/// <summary>What the tests of the standard read: the tree, and what they look for in it.</summary>
public sealed partial class StandardTests
{
    private static IEnumerable<(string Name, string Text)> Sources(string pattern) =>
        Directory.EnumerateFiles(Path.Combine(Root, "src"), pattern, SearchOption.AllDirectories).Select(file => (Name: Path.GetRelativePath(Path.Combine(Root, "src"), file).Replace('\\', '/'), file))
            .Where(one => !one.Name.Contains("/obj/", StringComparison.Ordinal) && !one.Name.Contains("/bin/", StringComparison.Ordinal) && !one.Name.Contains("node_modules", StringComparison.Ordinal))
            .Select(one => (one.Name, File.ReadAllText(one.file)));

    private static HttpClient Plain(AccessSite site) => new(new HttpClientHandler { CookieContainer = new CookieContainer(), AllowAutoRedirect = false }) { BaseAddress = new Uri(site.Address) };

    private static string FindRoot()
    {
        var at = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(at!.FullName, "Huifang.slnx"))) at = at.Parent;
        return at.FullName;
    }

    private sealed class Folder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("huifang-empty-").FullName;
        public void Dispose() => Directory.Delete(Path, recursive: true);
    }

    [GeneratedRegex(@"class (\w+Tests)\b")] private static partial Regex ClassName();
    [GeneratedRegex(@"public (?:async )?(?:Task|void|ValueTask) (\w+)\(")] private static partial Regex TestName();
    [GeneratedRegex(@"\b(XmlReader|XmlDocument|XDocument|XElement|XPath|XmlSerializer)\b")] private static partial Regex XmlUse();
    [GeneratedRegex(@"(^|/)(authorize|token|introspect|revoke|userinfo|jwks|device_authorization|backchannel)(/|$)")] private static partial Regex OAuthRoute();
    [GeneratedRegex(@"\beval\(|new Function\(|postMessage\(|addEventListener\('message'|document\.write|setTimeout\('|javascript:")] private static partial Regex ScriptFromText();
    [GeneratedRegex(@"\b(localStorage|sessionStorage|indexedDB)\b")] private static partial Regex KeptInBrowser();
    [GeneratedRegex(@"new Regex\((?!"")|Regex\.(Match|Matches|Replace|IsMatch|Split)\([^,]+, *\$""")] private static partial Regex ExpressionFromText();
    [GeneratedRegex(@"'\{[a-z]")] private static partial Regex QuotedValue();
    [GeneratedRegex(@"\b(MD5|TripleDES|RC2|DESCrypto|CipherMode|RijndaelManaged|RSAEncryptionPadding\.Pkcs1|SHA1\.)")] private static partial Regex WeakCrypto();
    [GeneratedRegex(@"\bnew Random\(|\bRandom\.Shared\b")] private static partial Regex ForeseenChance();
}
