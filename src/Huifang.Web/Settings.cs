namespace Huifang;

/// <summary>What the house is told from outside: environment variables only, each with a default that works.</summary>
/// <param name="DataFolder">HUIFANG_DATA: where the database, the keys and the recordings are. Default: <c>data</c>.</param>
/// <param name="Database">HUIFANG_DATABASE: <c>postgres://…</c> or a file. Default: <c>huifang.db</c> in the data folder.</param>
/// <param name="Urls">HUIFANG_URLS: the addresses to listen on. Default: <c>http://localhost:5080</c>.</param>
/// <param name="IsDemo">HUIFANG_DEMO=1: messages are shown instead of sent, and /demo lets anybody in as anybody. Only ever on loopback.</param>
public sealed record Settings(string DataFolder, string Database, string Urls, bool IsDemo)
{
    public string KeyFolder { get; init; } = Path.Combine(DataFolder, "keys");

    /// <summary>HUIFANG_AUDIT_ANCHOR: the file outside the database to which the audit log's signed heads are appended; best on another disk or host. Default: <c>audit/anchors.jsonl</c> in the data folder.</summary>
    public string AnchorFile { get; init; } = Path.Combine(DataFolder, "audit", "anchors.jsonl");

    /// <summary>HUIFANG_TSA: the address of a time-stamp authority (RFC 3161) that confirms each head.</summary>
    public Uri? TimeStampAuthority { get; init; }

    /// <summary>HUIFANG_HSM (a PKCS#11 module), HUIFANG_HSM_TOKEN (its label), HUIFANG_HSM_PIN_FILE, HUIFANG_HSM_KEY: the HSM that guards the master keys; none: they lie in files.</summary>
    public Pkcs11.Pkcs11Settings? Hsm { get; init; }

    /// <summary>HUIFANG_ZONE: where the operator's staff sit.</summary>
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.FindSystemTimeZoneById(Variable("HUIFANG_ZONE") ?? "Asia/Shanghai");

    /// <summary>HUIFANG_OIDC: the issuer of the operator's own identity provider; HUIFANG_OIDC_CLIENT, HUIFANG_OIDC_SECRET_FILE, HUIFANG_OIDC_CLAIM: who we are there, and which claim holds the login.</summary>
    public OpenId.ProviderSettings? Provider { get; init; } = Variable("HUIFANG_OIDC") is { } issuer
        ? new(issuer, Variable("HUIFANG_OIDC_CLIENT") ?? "huifang", Variable("HUIFANG_OIDC_SECRET_FILE") is { } file ? File.ReadAllText(file).Trim() : null, Variable("HUIFANG_OIDC_CLAIM") ?? "preferred_username") : null;

    /// <summary>HUIFANG_PROXIES: addresses of our own proxies, with commas; only they may say for whom they ask.</summary>
    public IReadOnlyList<string> Proxies { get; init; } = Variable("HUIFANG_PROXIES")?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    /// <summary>People reach us by https.</summary>
    public bool IsSecure => PublicUrl.StartsWith("https://", StringComparison.Ordinal);

    /// <summary>HUIFANG_LIMITS: how often anybody may ask.</summary>
    public Guard.Limits Limits { get; init; } = Guard.Limits.FromEnvironment(Variable("HUIFANG_LIMITS"));

    /// <summary>HUIFANG_FETCH_ALLOW: hosts with ports, separated by commas, that webhooks may reach although they are not public (<c>10.1.2.3:8443</c>).</summary>
    public IReadOnlyList<string> FetchAllowed { get; init; } = [];

    /// <summary>Where a start keeps what the next one need not make again; null: nowhere. Default: <c>cache</c> in the data folder.</summary>
    public string? CacheFolder { get; init; }

    public Ground Ground => new(Database, KeyFolder) { AnchorFile = AnchorFile, Zone = Zone, CacheFolder = CacheFolder };

    /// <summary>The address that customers' links carry. HUIFANG_PUBLIC_URL, else the first address that we listen on.</summary>
    public string PublicUrl { get; init; } = Urls.Split(';')[0];

    public static Settings FromEnvironment()
    {
        var data = Variable("HUIFANG_DATA") ?? Path.Combine(Directory.GetCurrentDirectory(), "data");
        var settings = new Settings(data, Variable("HUIFANG_DATABASE") ?? Path.Combine(data, "huifang.db"), Variable("HUIFANG_URLS") ?? "http://localhost:5080", Variable("HUIFANG_DEMO") == "1") { CacheFolder = Path.Combine(data, "cache") };
        if (Variable("HUIFANG_KEYS") is { } keys) settings = settings with { KeyFolder = keys };
        if (Variable("HUIFANG_AUDIT_ANCHOR") is { } anchors) settings = settings with { AnchorFile = anchors };
        if (Variable("HUIFANG_HSM") is { } module)
            settings = settings with { Hsm = new(module, Variable("HUIFANG_HSM_TOKEN") ?? "huifang", Variable("HUIFANG_HSM_PIN_FILE") ?? throw new InvalidOperationException("HUIFANG_HSM is set; HUIFANG_HSM_PIN_FILE must name the file that holds the PIN."), Variable("HUIFANG_HSM_KEY") ?? "huifang-master") };
        if (Variable("HUIFANG_FETCH_ALLOW") is { } hosts) settings = settings with { FetchAllowed = hosts.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) };
        if (Variable("HUIFANG_TSA") is { } authority) settings = settings with { TimeStampAuthority = new Uri(authority) };
        return Variable("HUIFANG_PUBLIC_URL") is { } url ? settings with { PublicUrl = url.TrimEnd('/') } : settings;
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
