using Topup.Contracts;

namespace Topup.Server.Web.Admin.Webhooks;

/// <summary>States of endpoints and deliveries as they are called on pages, and endpoints as they are typed.</summary>
internal static class WebhookWords
{
    public static readonly IReadOnlyList<string> Statuses = ["waiting", "delivered", "failed"];

    public static string StatusOf(Locale l, string status) => status switch
    {
        "waiting" => l.Words("Waiting"),
        "delivered" => l.Words("Delivered"),
        "failed" => l.Words("Failed, not tried again"),
        _ => status,
    };

    public static string ColourOf(string status) => status switch { "delivered" => "green", "failed" => "red", _ => "yellow" };

    public static string StateOf(Locale l, WebhookEndpointView endpoint) => endpoint switch
    {
        { DisabledReason: "gone" } => l.Words("Switched off: the receiver answered that it is gone"),
        { DisabledReason: not null } => l.Words("Switched off: it has failed for five days"),
        { Enabled: false } => l.Words("Off"),
        { FailingSince: { } since } => l.Words("Failing since {0}", l.Time(since)),
        _ => l.Words("On"),
    };

    public static string ColourOf(WebhookEndpointView endpoint) => endpoint switch
    {
        { DisabledReason: not null } or { Enabled: true, FailingSince: not null } => "red",
        { Enabled: true } => "green",
        _ => "secondary",
    };

    public static string EventsOf(Locale l, IReadOnlyList<string> events) => events is [EventTypes.Any] ? l.Words("All events") : string.Join(", ", events);

    /// <summary>What the last attempt came to: the status of the answer, or why there is none.</summary>
    public static string AnswerOf(Locale l, int? status, string? error) =>
        error ?? (status is { } answered ? l.Words("answered {0}", answered) : l.Words("not tried yet"));

    /// <summary>An endpoint as it is, to be saved with a change.</summary>
    public static WebhookEndpointRequest RequestOf(WebhookEndpointView endpoint) => new()
    {
        Url = endpoint.Url, Events = endpoint.Events, Description = endpoint.Description, Enabled = endpoint.Enabled, Tenant = endpoint.Tenant,
        AllowPrivate = endpoint.AllowPrivate,
    };

    public static WebhookEndpointRequest OfForm(IFormCollection form) => new()
    {
        Url = form["url"].ToString().Trim(), Events = form["all"] == "true" ? [EventTypes.Any] : [.. form["events"].OfType<string>()],
        Description = form["description"].ToString().Trim() is { Length: > 0 } words ? words : null,
        Tenant = form["tenant"].ToString().Trim() is { Length: > 0 } tenant ? tenant : null,
        Enabled = form["enabled"] == "true", AllowPrivate = form["allow_private"] == "true",
    };
}
