using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;

namespace Huifang.Webhooks;

/// <summary>
/// Which addresses on the internet we may speak to on somebody else's word: only public unicast ones. Source: IANA IPv4 and IPv6 Special-Purpose Address Registries, RFC 6890; OWASP ASVS 5.0 V1.3.6.
/// </summary>
public static class PublicAddress
{
    private static readonly ImmutableArray<IPNetwork> Special =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24",
            "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        }.Select(text => IPNetwork.Parse(text)),
    ];

    // Everything outside 2000::/3 is special; inside it these are.
    private static readonly ImmutableArray<IPNetwork> SpecialInside = [.. new[] { "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "2620:4f:8000::/48" }.Select(text => IPNetwork.Parse(text))];

    private static readonly IPNetwork Global6 = IPNetwork.Parse("2000::/3");

    /// <summary>Whether the address is public. IPv4 inside IPv6 in any of its dresses (mapped, compatible, translated by NAT64, 6to4, Teredo) is not: it would be a way around.</summary>
    public static bool IsPublic(IPAddress address) => address.AddressFamily switch
    {
        AddressFamily.InterNetwork => !Special.Any(network => network.Contains(address)),
        AddressFamily.InterNetworkV6 => !address.IsIPv4MappedToIPv6 && address.ScopeId == 0 && Global6.Contains(address) && !SpecialInside.Any(network => network.Contains(address)),
        _ => false,
    };

    /// <summary>Why an address that somebody named is not taken; null when its form is fine. Where its host leads is only known when it is called.</summary>
    /// <param name="allowed">Hosts with ports that the operator has named as reachable although they are not public.</param>
    public static string? Refuse(string text, IReadOnlyCollection<string> allowed)
    {
        if (text.Length > 2000 || !Uri.TryCreate(text, UriKind.Absolute, out var uri)) return "not-an-address";
        if (uri.UserInfo.Length > 0) return "names-a-user";
        if (uri.Fragment.Length > 0) return "has-a-fragment";
        if (allowed.Contains($"{uri.Host}:{uri.Port}")) return uri.Scheme is "https" or "http" ? null : "not-https";
        if (uri.Scheme != Uri.UriSchemeHttps) return "not-https";
        if (uri.Port != 443) return "not-port-443";
        // The URI class has undone what hides an address: octal, hexadecimal and single-number forms, full-width letters and dots.
        if (IPAddress.TryParse(uri.IdnHost.Trim('[', ']'), out var address)) return IsPublic(address) ? null : "not-public";
        return uri.HostNameType != UriHostNameType.Dns || !uri.IdnHost.Contains('.', StringComparison.Ordinal) || uri.IdnHost.EndsWith(".local", StringComparison.OrdinalIgnoreCase) || uri.IdnHost.EndsWith(".internal", StringComparison.OrdinalIgnoreCase) || uri.IdnHost.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase) ? "not-public" : null;
    }
}
