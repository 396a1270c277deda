using System.Text.Json.Serialization;
using Topup.Domain;
using Topup.Domain.Checkout;

namespace Topup.Server.Checkout.AutoTopUps;

/// <summary>A tenant's automatic top-up of one credit type, as it is stored.</summary>
internal sealed record AutoTopUpRow
{
    public required string Tenant { get; init; }
    public required string Type { get; init; }
    public required AutoTopUpRule Rule { get; init; }
    public required AutoTopUpState State { get; init; }

    /// <summary>It is not looked at before. While an attempt is under way, this keeps other servers away from it.</summary>
    public required Instant CheckAt { get; init; }

    /// <summary>Counts the changes of the row: of any number of servers that want to order, the one that changes it first does.</summary>
    public long Version { get; init; }
}

/// <summary>An automatic top-up to look at.</summary>
/// <param name="LastEntry">The last entry of its pool.</param>
internal sealed record DueAutoTopUp(string Tenant, string Type, long Version, long LastEntry);

[JsonSerializable(typeof(AutoTopUpRule))]
[JsonSerializable(typeof(AutoTopUpState))]
internal sealed partial class AutoTopUpStoreJson : JsonSerializerContext;
