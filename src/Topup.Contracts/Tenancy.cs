using System.Text.Json.Serialization;

namespace Topup.Contracts;

/// <summary>Create a tenant, or replace what is known of one.</summary>
public sealed record TenantRequest
{
    /// <summary>Shown on screens and in messages; 1 to 200 characters.</summary>
    public required string Name { get; init; }

    /// <summary>Code of the plan; null: on none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required string? Plan { get; init; }

    /// <summary>
    /// Day of the month on which the allowance comes back, 1 to 31; in a shorter month, its last day. Left out: it stays,
    /// and is 1 for a new tenant.
    /// </summary>
    public int? RenewalDay { get; init; }

    /// <summary>Left out: none.</summary>
    public string? Email { get; init; }

    /// <summary>E.164, such as +5511998765432. Left out: none.</summary>
    public string? Phone { get; init; }

    /// <summary>BCP 47, such as pt-BR. Left out: the operator's.</summary>
    public string? Locale { get; init; }

    /// <summary><c>active</c>, <c>lapsed</c> or <c>suspended</c>. Left out: it stays, and is active for a new tenant.</summary>
    public string? Status { get; init; }
}

public sealed record TenantView
{
    public required string Id { get; init; }
    public required string Name { get; init; }

    /// <summary>Absent: on no plan.</summary>
    public string? Plan { get; init; }

    /// <summary><c>active</c>, <c>lapsed</c> or <c>suspended</c>.</summary>
    public required string Status { get; init; }
    public required int RenewalDay { get; init; }
    public string? Email { get; init; }
    public string? Phone { get; init; }
    public string? Locale { get; init; }
    public required PeriodView Period { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
}

/// <summary>The current period of a tenant's allowance.</summary>
public sealed record PeriodView
{
    /// <summary>1 for the first; it only grows.</summary>
    public required int Number { get; init; }
    public required DateTimeOffset StartsAt { get; init; }

    /// <summary>The moment at which the next one begins.</summary>
    public required DateTimeOffset EndsAt { get; init; }
}

/// <summary>Make an API key.</summary>
public sealed record ApiKeyRequest
{
    /// <summary>What the key is for; 1 to 100 characters.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// Any of <c>consume</c>, <c>grant</c>, <c>purchase</c>, <c>read</c>, <c>tenants</c>, <c>catalog</c>, <c>keys</c>, or
    /// <c>all</c>. Only what the key that asks may do itself.
    /// </summary>
    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>The one tenant that the key may see. Left out: all of them.</summary>
    public string? Tenant { get; init; }

    /// <summary>When the key stops working. Left out: never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>A key that was just made.</summary>
public sealed record NewApiKey
{
    public required string Id { get; init; }

    /// <summary>The secret. It is shown this once and stored nowhere.</summary>
    public required string Key { get; init; }
}

public sealed record ApiKeyView
{
    public required string Id { get; init; }
    public required string Name { get; init; }

    /// <summary>The first eight characters of the key, to tell one from another.</summary>
    public required string Prefix { get; init; }
    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>The one tenant that the key may see; absent: all of them.</summary>
    public string? Tenant { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }
    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>To the minute; absent: never.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }
}

/// <summary>The data of a <c>tenant.created</c> and of a <c>plan.changed</c> event.</summary>
public sealed record TenantEvent
{
    public required string Tenant { get; init; }

    /// <summary>Absent: on no plan.</summary>
    public string? Plan { get; init; }

    /// <summary>Absent: was on none, or is new.</summary>
    public string? PreviousPlan { get; init; }
}
