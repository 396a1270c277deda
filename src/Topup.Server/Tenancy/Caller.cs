using Topup.Domain.Tenancy;

namespace Topup.Server.Tenancy;

/// <summary>Who asks: an API key that is in force, or somebody who has signed in.</summary>
/// <param name="KeyId">The id of a key; of somebody else its kind and id, such as <c>staff:</c> and the id of an operator.</param>
/// <param name="Scopes">What it may do, after what a key of one tenant never may is taken off.</param>
/// <param name="TenantId">The one tenant it may see; null: all of them.</param>
internal sealed record Caller(string KeyId, string Name, Scope Scopes, string? TenantId)
{
    /// <summary>Who it is in the audit.</summary>
    public string Actor => ActorOf(KeyId);

    /// <summary>The same of a <see cref="KeyId"/> that was kept.</summary>
    public static string ActorOf(string keyId) => keyId.Contains(':', StringComparison.Ordinal) ? keyId : "key:" + keyId;

    public bool May(Scope scope) => (Scopes & scope) == scope;

    /// <summary>Whether the tenant exists as far as this caller may know.</summary>
    public bool MaySee(string tenantId) => TenantId is null || TenantId == tenantId;
}

internal static class CallerExtensions
{
    /// <summary>The caller of a route that requires a scope.</summary>
    public static Caller Caller(this HttpContext context) =>
        context.Features.Get<Caller>()
        ?? throw new InvalidOperationException("The route requires no scope, so nobody was asked who they are.");

    /// <summary>Only keys with this scope may call; others get 401 or 403.</summary>
    public static TBuilder RequireScope<TBuilder>(this TBuilder route, Scope scope)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new RequiredScope(scope));
}

internal sealed record RequiredScope(Scope Scope);
