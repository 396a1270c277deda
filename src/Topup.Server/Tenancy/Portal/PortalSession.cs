using Topup.Domain.Tenancy;

namespace Topup.Server.Tenancy.Portal;

/// <summary>Somebody looks at the portal of one tenant. Who they are, only the platform knows that sent them.</summary>
/// <param name="Locale">Empty: as the tenant, or the browser, says.</param>
/// <param name="Theme"><c>light</c>, <c>dark</c> or <c>auto</c>.</param>
/// <param name="ReturnUrl">Where the way back leads; empty: nowhere.</param>
/// <param name="EmbedOrigin">The only origin whose pages may frame this session; empty: none may.</param>
/// <param name="IsOfStaff">One of the operator's staff looks at what the tenant sees.</param>
internal sealed record PortalSession(
    string SessionId, string Tenant, PortalScope PortalScopes, string Locale, string Theme, string ReturnUrl, string EmbedOrigin, bool IsOfStaff)
{
    /// <summary>The same as the caller of a verb: of this tenant alone.</summary>
    public Caller Caller => new("portal:" + SessionId, "portal", Domain.Tenancy.PortalScopes.ScopesOf(PortalScopes), Tenant);

    public bool MayBuy => (PortalScopes & PortalScope.Buy) != 0;

    public bool MaySet => (PortalScopes & PortalScope.Settings) != 0;
}

/// <summary>What a link to a portal is to open.</summary>
/// <param name="MadeBy">The actor; see <see cref="Caller.Actor"/>.</param>
internal sealed record NewPortalSession(
    string Tenant, PortalScope Scopes, string Locale, string Theme, string ReturnUrl, string EmbedOrigin, string MadeBy);
