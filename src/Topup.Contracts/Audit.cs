using System.Text.Json;

namespace Topup.Contracts;

/// <summary>One change: who did what to what, when and why. It holds no personal data.</summary>
public sealed record AuditView
{
    public required string Id { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>
    /// <c>key:</c> and the id of an API key, <c>staff:</c> and the id of one of the staff, <c>portal:</c> and the id of a
    /// portal session, or <c>server</c> for what the server does by itself.
    /// </summary>
    public required string Actor { get; init; }

    /// <summary>Such as <c>tenant.changed</c>.</summary>
    public required string Action { get; init; }

    /// <summary>Id or code of what was changed.</summary>
    public required string Target { get; init; }
    public string? Tenant { get; init; }

    /// <summary>Absent: it did not exist.</summary>
    public JsonElement? Before { get; init; }

    /// <summary>Absent: it exists no more.</summary>
    public JsonElement? After { get; init; }

    /// <summary>What the <c>Topup-Reason</c> header of the request said.</summary>
    public string? Reason { get; init; }
}
