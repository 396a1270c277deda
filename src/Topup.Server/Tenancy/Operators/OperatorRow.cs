using Topup.Domain.Tenancy;

namespace Topup.Server.Tenancy.Operators;

/// <summary>One of the operator's staff, as stored.</summary>
/// <param name="Password">Its hash; empty: invited, and has not come yet.</param>
/// <param name="SecondFactor">1: codes are asked for.</param>
/// <param name="CodeStep">Of the last code that was used.</param>
internal sealed record OperatorRow(
    string Id, string Email, string Name, long Role, long Enabled, string Password, long SecondFactor, long CodeStep,
    string Locale, string Theme, long CreatedAt, long UpdatedAt, long SignedInAt)
{
    public OperatorRole RoleOf => (OperatorRole)Role;

    public bool IsEnabled => Enabled != 0;

    public bool IsInvited => Password.Length == 0;

    public bool HasSecondFactor => SecondFactor != 0;

    /// <summary>Who it is in the audit.</summary>
    public string Actor => ActorOf(Id);

    public static string ActorOf(string id) => "staff:" + id;

    /// <summary>A record would write the hash of the password into a log.</summary>
    public override string ToString() => Actor;
}

internal sealed record SessionRow(
    string Id, byte[] Hash, string OperatorId, long CreatedAt, long SeenAt, long ConfirmedAt, long EndedAt, string Address, string Network, string UserAgent);

/// <summary>A token that works once, for one thing.</summary>
internal sealed record LinkRow(byte[] Hash, long Purpose, string OperatorId, long ExpiresAt)
{
    public LinkPurpose For => (LinkPurpose)Purpose;
}

/// <summary>What a link is for. The numbers are stored and never change.</summary>
internal enum LinkPurpose
{
    /// <summary>Makes the first owner, and nobody once there is one.</summary>
    FirstOwner = 0,

    /// <summary>Makes another owner: for who is at the server and can sign in no more.</summary>
    FurtherOwner = 1,

    Invitation = 2,
    NewPassword = 3,

    /// <summary>For who has lost the second factor too, which it turns off.</summary>
    NewPasswordAndFactor = 4,
}
