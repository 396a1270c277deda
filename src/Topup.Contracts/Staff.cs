namespace Topup.Contracts;

/// <summary>Invite somebody to the operator's staff.</summary>
public sealed record StaffInvitation
{
    public required string Email { get; init; }

    /// <summary><c>owner</c> may do everything; <c>manager</c> all but keys and staff; <c>support</c> only reads.</summary>
    public required string Role { get; init; }
}

/// <summary>Change what one of the staff may do.</summary>
public sealed record StaffRequest
{
    /// <summary><c>owner</c>, <c>manager</c> or <c>support</c>.</summary>
    public required string Role { get; init; }

    /// <summary>Whether they may sign in. False ends their sessions at once.</summary>
    public required bool Enabled { get; init; }
}

/// <summary>Make a link by which one of the staff sets a new password.</summary>
public sealed record StaffResetRequest
{
    /// <summary>True: the link also turns their second factor off, for who has lost it.</summary>
    public bool? SecondFactor { get; init; }
}

/// <summary>A link that works once, to be handed to whom it is for.</summary>
public sealed record StaffLink
{
    /// <summary>Of whom it is for.</summary>
    public required string Id { get; init; }

    /// <summary>It is shown this once and stored nowhere.</summary>
    public required string Url { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
}

public sealed record StaffView
{
    public required string Id { get; init; }
    public required string Email { get; init; }

    /// <summary>Absent: they were invited and have not come yet.</summary>
    public string? Name { get; init; }

    /// <summary><c>owner</c>, <c>manager</c> or <c>support</c>.</summary>
    public required string Role { get; init; }
    public required bool Enabled { get; init; }

    /// <summary><c>invited</c> or <c>active</c>.</summary>
    public required string Status { get; init; }

    /// <summary>Whether codes are asked for when they sign in.</summary>
    public required bool SecondFactor { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Absent: never.</summary>
    public DateTimeOffset? SignedInAt { get; init; }
}
