using System.Globalization;
using System.Text.Json.Nodes;
using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Catalog;
using Topup.Domain.Messaging;
using Topup.Server.Http;

namespace Topup.Server.Messaging.Suppressions;

/// <summary>Suppressions between the wire and their rows.</summary>
internal static class SuppressionForm
{
    private const int ReasonLengthMax = 200;

    public static Problem? Check(SuppressionRequest asked) =>
        Fields.Text("channel", asked.Channel, Code.LengthMax) ?? Fields.Code("channel", asked.Channel)
        ?? MessageForm.Recipient("recipient", asked.Channel, asked.Recipient)
        ?? Fields.TenantId("tenant", asked.Tenant)
        ?? Fields.Text("reason", asked.Reason, ReasonLengthMax);

    public static SuppressionView View(SuppressionRow row) => new()
    {
        Id = row.Id.ToString(), Channel = row.Channel, Recipient = row.Masked, Tenant = MessageForm.TextOrNull(row.Tenant),
        Cause = NameOf((SuppressionCause)row.Cause), Reason = MessageForm.TextOrNull(row.Reason), CreatedAt = new Instant(row.CreatedAt).ToDateTimeOffset(),
    };

    /// <summary>As it is audited: not even masked, for the audit is kept when a person is forgotten.</summary>
    public static string Words(SuppressionRow row) =>
        new JsonObject { ["channel"] = row.Channel, ["cause"] = NameOf((SuppressionCause)row.Cause) }.ToJsonString();

    private static string NameOf(SuppressionCause cause) => cause switch
    {
        SuppressionCause.None => throw new InvalidOperationException("A suppression without a cause was stored."),
        SuppressionCause.ByHand => "by_hand",
        SuppressionCause.Bounced => "bounced",
        SuppressionCause.OptedOut => "opted_out",
    };
}

/// <summary>Where a page of suppressions ended.</summary>
internal readonly record struct PlaceInSuppressions(long At, SuppressionId Id)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{At} {Id}");

    public static bool TryParse(string text, out PlaceInSuppressions place)
    {
        place = new PlaceInSuppressions(long.MaxValue, new SuppressionId("", ""));
        if (text.Length == 0) return true;
        if (text.Split(' ') is not [var number, var id] || !SuppressionId.TryParse(id, out var parsed)) return false;
        if (!long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var at)) return false;
        place = new PlaceInSuppressions(at, parsed);
        return true;
    }
}
