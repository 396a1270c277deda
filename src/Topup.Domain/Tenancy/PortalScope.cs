namespace Topup.Domain.Tenancy;

/// <summary>What a portal session may do, always with its own tenant alone. The numbers are stored and never change.</summary>
[Flags]
public enum PortalScope
{
    /// <summary>Nothing, which no session has.</summary>
    None = 0,

    /// <summary>See balances, history, usage and receipts. Every session may.</summary>
    View = 1,

    /// <summary>Buy credits and add-ons.</summary>
    Buy = 2,

    /// <summary>Set limits and alerts.</summary>
    Settings = 4,
}

/// <summary>The names of portal scopes, and what they amount to.</summary>
public static class PortalScopes
{
    /// <summary>All of them, as they are spelled.</summary>
    public static readonly IReadOnlyList<string> Names = ["view", "buy", "settings"];

    /// <summary>What a session with these may do.</summary>
    public static Scope ScopesOf(PortalScope scopes) => Scope.Read
        | ((scopes & PortalScope.Buy) != 0 ? Scope.Purchase : Scope.None)
        | ((scopes & PortalScope.Settings) != 0 ? Scope.Limits : Scope.None);

    /// <summary>The scope of a name, or <see cref="PortalScope.None"/> when there is none of that name.</summary>
    public static PortalScope Of(string? name) => name switch
    {
        "view" => PortalScope.View,
        "buy" => PortalScope.Buy,
        "settings" => PortalScope.Settings,
        _ => PortalScope.None,
    };
}
