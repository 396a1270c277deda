namespace Topup.Contracts;

/// <summary>Make a link to a tenant's portal.</summary>
public sealed record PortalSessionRequest
{
    public required string Tenant { get; init; }

    /// <summary>
    /// What may be done there: <c>view</c>, which is always among them; <c>buy</c>; <c>settings</c>, which are limits and alerts
    /// and need a key with the scope limits.
    /// </summary>
    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>Language, such as <c>pt-BR</c>. Left out: the tenant's, or the browser's.</summary>
    public string? Locale { get; init; }

    /// <summary><c>light</c>, <c>dark</c> or <c>auto</c>. Left out: auto.</summary>
    public string? Theme { get; init; }

    /// <summary>An https address of at most 500 characters, to which the portal leads back.</summary>
    public string? ReturnUrl { get; init; }

    /// <summary>The origin whose pages frame the portal, one of the allowed ones. Left out: it is not framed.</summary>
    public string? Embed { get; init; }
}

/// <summary>A link to a portal.</summary>
public sealed record PortalSessionView
{
    /// <summary>Opens once. Send the buyer's browser there; do not store it.</summary>
    public required string Url { get; init; }

    /// <summary>Until when it can be opened.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>Where the portal may be shown.</summary>
public sealed record PortalSettings
{
    /// <summary>Origins whose pages may frame it, such as <c>https://app.example.com</c>; at most 50. Nothing set: none.</summary>
    public IReadOnlyList<string> AllowedOrigins { get; init; } = [];
}
