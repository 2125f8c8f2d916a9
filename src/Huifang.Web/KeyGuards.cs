using Huifang.Pkcs11;
using Huifang.Security;

namespace Huifang;

/// <summary>Which guard the operator named for the master keys.</summary>
public static class KeyGuards
{
    public static IKeyGuard Of(Settings settings) => settings.Hsm is { } hsm ? new Pkcs11Guard(hsm) : new PlainGuard();
}
