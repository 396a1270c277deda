using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Automation;
using Topup.Server.Http;

namespace Topup.Server.Automation.Webhooks;

/// <summary>Webhook endpoints and deliveries between the wire and their rows.</summary>
internal static class WebhookForm
{
    private const int UrlLengthMax = 1_000;
    private const int DescriptionLengthMax = 200;
    private const int EventsMax = 50;

    public static Problem? Check(WebhookEndpointRequest request) =>
        Url("url", request.Url, request.AllowPrivate)
        ?? Events(request.Events)
        ?? Fields.Text("description", request.Description, DescriptionLengthMax, min: 0)
        ?? Fields.TenantId("tenant", request.Tenant);

    /// <summary>The row with what a request says.</summary>
    public static EndpointRow With(this EndpointRow row, WebhookEndpointRequest request, Instant now) => row with
    {
        Url = request.Url, Events = [.. request.Events.Distinct()], Description = request.Description ?? "", Enabled = request.Enabled ?? true,
        Tenant = request.Tenant ?? "", AllowPrivate = request.AllowPrivate, UpdatedAt = now,
    };

    /// <summary>What a name resolves to is looked at when a connection is made; an address that is written out, now.</summary>
    public static Problem? Url(string field, string url, bool allowPrivate)
    {
        if (url.Length > UrlLengthMax) return Problems.Invalid(field, $"{field} must be at most {UrlLengthMax} characters.", UrlLengthMax);
        if (url.AsSpan().ContainsAnyExceptInRange('!', '~') || !Uri.TryCreate(url, UriKind.Absolute, out var parsed) || parsed.Host.Length == 0)
            return Problems.Invalid(field, $"{field} must be an address such as https://example.com/webhooks, in ASCII.");
        if (parsed.Scheme != Uri.UriSchemeHttps && !(allowPrivate && parsed.Scheme == Uri.UriSchemeHttp))
            return Problems.Invalid(field, $"{field} must begin with https://, or with allow_private = true with http://.");
        if (parsed.UserInfo.Length > 0) return Problems.Invalid(field, $"{field} must not have a user name or password.");
        if (parsed.Fragment.Length > 0) return Problems.Invalid(field, $"{field} must not have a fragment (#).");
        return !allowPrivate && IPAddress.TryParse(parsed.IdnHost, out var address) && !OutgoingHttp.IsPublic(address)
            ? Problems.Invalid(field, $"{field} leads to an address that is not public. If that is meant, give allow_private = true.")
            : null;
    }

    /// <param name="secret">Only where it was just made.</param>
    public static WebhookEndpointView View(EndpointRow row, Instant now, string? secret = null) => new()
    {
        Id = row.Id,
        Url = row.Url,
        Events = row.Events,
        Description = row.Description.Length == 0 ? null : row.Description,
        Enabled = row.Enabled,
        Tenant = row.Tenant.Length == 0 ? null : row.Tenant,
        AllowPrivate = row.AllowPrivate,
        DisabledReason = NameOf(row.DisabledReason),
        FailingSince = row.FailingSince.ToDateTimeOffsetOrNull(),
        OldSecretUntil = row.OldSecretUntil > now ? row.OldSecretUntil.ToDateTimeOffset() : null,
        CreatedAt = row.CreatedAt.ToDateTimeOffset(),
        UpdatedAt = row.UpdatedAt.ToDateTimeOffset(),
        Secret = secret,
    };

    public static WebhookDeliveryView View(DeliveryRow row) => new()
    {
        Id = row.Event,
        Endpoint = row.Endpoint,
        Type = row.Type,
        Position = row.Position,
        Tenant = row.Tenant.Length == 0 ? null : row.Tenant,
        Status = NameOf(row.Status),
        Attempts = row.Attempts,
        CreatedAt = row.CreatedAt.ToDateTimeOffset(),
        LastAttemptAt = row.Attempts == 0 ? null : row.AttemptedAt.ToDateTimeOffset(),
        LastStatus = row.LastStatus == 0 ? null : row.LastStatus,
        LastError = row.LastError.Length == 0 ? null : row.LastError,
        DurationMs = row.Attempts == 0 ? null : row.DurationMs,
        NextAttemptAt = row.Status == DeliveryStatus.Waiting ? row.DueAt.ToDateTimeOffset() : null,
        Reply = row.Reply.Length == 0 ? null : row.Reply,
    };

    public static string? NameOf(DisableReason reason) => reason switch
    {
        DisableReason.None => null,
        DisableReason.Gone => "gone",
        DisableReason.Failing => "failing",
    };

    public static string NameOf(DeliveryStatus status) => status switch
    {
        DeliveryStatus.Waiting => "waiting",
        DeliveryStatus.Delivered => "delivered",
        DeliveryStatus.Failed => "failed",
    };

    public static Outcome<DeliveryStatus?> StatusOf(string? name)
    {
        if (name is null) return (DeliveryStatus?)null;
        foreach (var status in Enum.GetValues<DeliveryStatus>())
            if (NameOf(status) == name) return (DeliveryStatus?)status;
        return Problems.Invalid("status", "status must be waiting, delivered or failed.");
    }

    /// <summary>For the audit. Of the url only where it leads: what stands behind the host may be a secret.</summary>
    public static string Words(EndpointRow row) => new JsonObject
    {
        ["server"] = new Uri(row.Url).GetLeftPart(UriPartial.Authority),
        ["events"] = string.Join(' ', row.Events),
        ["enabled"] = row.Enabled,
        ["tenant"] = row.Tenant.Length == 0 ? null : row.Tenant,
        ["allow_private"] = row.AllowPrivate,
    }.ToJsonString();

    private static Problem? Events(IReadOnlyList<string> events)
    {
        if (Fields.Count("events", events.Count, EventsMax, 1) is { } problem) return problem;
        for (var i = 0; i < events.Count; i++)
        {
            if (events[i] == EventTypes.Any && events.Count > 1) return Problems.Invalid("events", "* means all events, so it stands alone.");
            if (events[i] == EventTypes.Any || EventTypes.All.Contains(events[i])) continue;
            return Problems.Invalid(
                string.Create(CultureInfo.InvariantCulture, $"events[{i}]"), "An event is *, or one of those that docs/events.md lists, such as credits.low.");
        }
        return null;
    }
}
