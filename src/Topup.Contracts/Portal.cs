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

/// <summary>Where the portal may be shown, and what it shows.</summary>
public sealed record PortalSettings
{
    /// <summary>Origins whose pages may frame it, such as <c>https://app.example.com</c>; at most 50. Nothing set: none.</summary>
    public IReadOnlyList<string> AllowedOrigins { get; init => field = value ?? []; } = [];

    /// <summary>Whether tenants see how many credits are left. Left out: yes.</summary>
    public bool? ShowRemaining { get; init; }

    /// <summary>Whether tenants see what their plan gives, and how much of it is left. Left out: yes.</summary>
    public bool? ShowPlanCredits { get; init; }

    /// <summary>Whether packs are shown with their descriptions. Left out: yes.</summary>
    public bool? ShowDescriptions { get; init; }

    /// <summary>Codes of credit types that the portal leaves out, at most 100; they are spent and counted as before. Left out: none.</summary>
    public IReadOnlyList<string>? HiddenTypes { get; init; }
}

/// <summary>What the operator's pages and the portal are called, and how they look.</summary>
public sealed record BrandSettings
{
    /// <summary>At most 60 characters. Left out: the name of the business.</summary>
    public string? Name { get; init; }

    /// <summary>Colour of links, marks and charts, such as <c>#0b5cad</c>. Left out: blue.</summary>
    public string? Accent { get; init; }

    /// <summary>Colour of the button to top up. Left out: that of the accent.</summary>
    public string? Button { get; init; }

    /// <summary>What the portal is called in the platform's own menu, at most 40 characters. Left out: Top up.</summary>
    public string? MenuLabel { get; init; }

    /// <summary>A <c>data:</c> address of a PNG or WebP, base64, of at most 64 KiB. Left out: none.</summary>
    public string? Logo { get; init; }

    /// <summary>What the pages show: the colours, changed as little as is needed to be read. What is sent of it is not looked at.</summary>
    public BrandColoursView? Colours { get; init; }
}

/// <summary>The colours of the pages.</summary>
public sealed record BrandColoursView
{
    public required BrandThemeView Light { get; init; }
    public required BrandThemeView Dark { get; init; }
}

/// <summary>The colours of light pages, or of dark ones, each <c>#rrggbb</c>.</summary>
public sealed record BrandThemeView
{
    public required string Accent { get; init; }

    /// <summary>What is read on the accent.</summary>
    public required string AccentText { get; init; }
    public required string Button { get; init; }

    /// <summary>What is read on the button.</summary>
    public required string ButtonText { get; init; }
}
