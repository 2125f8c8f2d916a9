namespace Huifang.Accounts;

/// <summary>A member of the operator's staff.</summary>
public sealed record Staff(string Id, string Login, string Name, IReadOnlyList<Role> Roles, string Language)
{
    /// <summary>The team when nobody says otherwise.</summary>
    public const string FirstTeam = "care";

    /// <summary>Whose calls and shifts a supervisor sees besides her own.</summary>
    public string Team { get; init; } = FirstTeam;

    /// <summary>When she left; her sessions ended with it.</summary>
    public DateTimeOffset? DisabledAt { get; init; }

    /// <summary>What she may do and how far it reaches: as shipped, until <c>RoleDesk</c> says what the operator changed.</summary>
    public IReadOnlyDictionary<string, Reach> Grants { get; init; } = Permission.Of(Roles);

    public bool May(string permission) => Grants.ContainsKey(permission);
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
