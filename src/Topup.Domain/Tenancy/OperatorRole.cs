namespace Topup.Domain.Tenancy;

/// <summary>What one of the operator's staff is for. The numbers are stored and never change.</summary>
public enum OperatorRole
{
    /// <summary>May do everything, also with keys and staff.</summary>
    Owner = 0,

    /// <summary>May do everything but with keys and staff.</summary>
    Manager = 1,

    /// <summary>Reads everything and changes nothing.</summary>
    Support = 2,
}

/// <summary>The names of roles, and what they may do.</summary>
public static class OperatorRoles
{
    /// <summary>All of them, as they are spelled.</summary>
    public static readonly IReadOnlyList<string> Names = ["owner", "manager", "support"];

    /// <summary>What somebody of this role may do.</summary>
    public static Scope ScopesOf(OperatorRole role) => role switch
    {
        OperatorRole.Owner => Scope.All,
        OperatorRole.Manager => Scope.All & ~Scope.Keys,
        OperatorRole.Support => Scope.Read,
    };

    /// <summary>How the role is spelled.</summary>
    public static string NameOf(OperatorRole role) => Names[(int)role];

    /// <summary>The role of a name; null: there is none of that name.</summary>
    public static OperatorRole? Of(string? name) => name switch
    {
        "owner" => OperatorRole.Owner,
        "manager" => OperatorRole.Manager,
        "support" => OperatorRole.Support,
        _ => null,
    };
}
