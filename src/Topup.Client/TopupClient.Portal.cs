using Topup.Contracts;

namespace Topup.Client;

public sealed partial class TopupClient
{
    /// <summary>Makes a link to a tenant's portal, which opens once, within 60 seconds.</summary>
    public Task<PortalSessionView> CreatePortalSession(PortalSessionRequest request, CancellationToken stop = default) => Send(
        Message(HttpMethod.Post, "/v1/portal-sessions", Json(request, TopupJson.Default.PortalSessionRequest), ReasonHeader, null), mayRepeat: true,
        TopupJson.Default.PortalSessionView, stop);

    /// <summary>Where the portal may be shown, and what it shows.</summary>
    public Task<PortalSettings> GetPortalSettings(CancellationToken stop = default) => Get("/v1/settings/portal", TopupJson.Default.PortalSettings, stop);

    /// <summary>Sets where the portal may be shown, and what it shows.</summary>
    /// <param name="reason">Why, for the audit; at most 500 printable ASCII characters.</param>
    public Task<PortalSettings> SavePortalSettings(PortalSettings settings, string? reason = null, CancellationToken stop = default) =>
        Put("/v1/settings/portal", settings, TopupJson.Default.PortalSettings, TopupJson.Default.PortalSettings, reason, stop);

    /// <summary>What the pages are called, and how they look.</summary>
    public Task<BrandSettings> GetBrandSettings(CancellationToken stop = default) => Get("/v1/settings/brand", TopupJson.Default.BrandSettings, stop);

    /// <summary>Sets what the pages are called, and how they look. The reply has the colours as they are shown.</summary>
    /// <param name="reason">Why, for the audit; at most 500 printable ASCII characters.</param>
    public Task<BrandSettings> SaveBrandSettings(BrandSettings settings, string? reason = null, CancellationToken stop = default) =>
        Put("/v1/settings/brand", settings, TopupJson.Default.BrandSettings, TopupJson.Default.BrandSettings, reason, stop);
}
