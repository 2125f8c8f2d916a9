namespace Huifang.Accounts;

/// <summary>A member of the operator's staff.</summary>
public sealed record Staff(string Id, string Login, string Name, IReadOnlyList<Role> Roles, string Language)
{
    public IReadOnlySet<string> Permissions => Permission.Of(Roles);
}

/// <summary>Why somebody was not let in. The page says the same sentence for the first three.</summary>
public enum SignInRefusal { UnknownLogin, WrongPassword, WrongCode, Locked, Disabled }

/// <summary>What came of an attempt to sign in.</summary>
public abstract record SignIn
{
    private SignIn() { }

    public sealed record In(Staff Staff, string SessionId) : SignIn;

    public sealed record Refused(SignInRefusal Reason, DateTimeOffset? LockedUntil) : SignIn;
}
