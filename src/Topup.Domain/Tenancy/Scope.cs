namespace Topup.Domain.Tenancy;

/// <summary>What an API key, or somebody who has signed in, may do. Stored by name, so the numbers may change.</summary>
[Flags]
public enum Scope
{
    None = 0,

    /// <summary>Consume and check credits, holds, reversals.</summary>
    Consume = 1,

    /// <summary>Grant credits and void grants.</summary>
    Grant = 2,

    /// <summary>Start purchases and portal sessions.</summary>
    Purchase = 4,

    /// <summary>Read everything the key may see.</summary>
    Read = 8,

    /// <summary>Create and change tenants.</summary>
    Tenants = 16,

    /// <summary>Change credit types, plans, packs and webhook endpoints. Never of a key that is bound to one tenant.</summary>
    Catalog = 32,

    /// <summary>API keys and staff.</summary>
    Keys = 64,

    /// <summary>Set the limits and alerts of tenants, as a tenant's own admin does.</summary>
    Limits = 128,

    /// <summary>All of the above, and what is added later.</summary>
    All = Consume | Grant | Purchase | Read | Tenants | Catalog | Keys | Limits,
}

/// <summary>The names under which scopes are stored and shown.</summary>
public static class Scopes
{
    /// <summary>What a key that is bound to one tenant can never do: the catalogue is everybody's.</summary>
    public const Scope NeverOfOneTenant = Scope.Catalog;

    private static readonly (Scope Scope, string Name)[] Names =
    [
        (Scope.Consume, "consume"),
        (Scope.Grant, "grant"),
        (Scope.Purchase, "purchase"),
        (Scope.Read, "read"),
        (Scope.Tenants, "tenants"),
        (Scope.Catalog, "catalog"),
        (Scope.Keys, "keys"),
        (Scope.Limits, "limits"),
    ];

    /// <summary>The names of the scopes in a set; <c>all</c> alone when it has all of them.</summary>
    public static IReadOnlyList<string> NamesOf(Scope scopes) =>
        scopes == Scope.All
            ? ["all"]
            : [.. Names.Where(pair => (scopes & pair.Scope) != 0).Select(pair => pair.Name)];

    /// <summary>The scope of a name, or <see cref="Scope.None"/> when there is none of that name.</summary>
    public static Scope Of(string name) =>
        name == "all" ? Scope.All : Names.FirstOrDefault(pair => pair.Name == name).Scope;
}
