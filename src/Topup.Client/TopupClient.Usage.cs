using System.Globalization;
using Topup.Contracts;

namespace Topup.Client;

public sealed partial class TopupClient
{
    /// <summary>What a tenant used; without days, in its current period. One page of rows, and the totals.</summary>
    public Task<UsageView> GetUsage(string tenant, UsageFilter? filter = null, int? limit = null, string? cursor = null, CancellationToken stop = default) =>
        Get(UsagePath($"/v1/tenants/{Segment(tenant)}/usage", filter, limit, cursor, null), TopupJson.Default.UsageView, stop);

    /// <summary>What all tenants used, what was sold and what is left of it; without days, in this calendar month.</summary>
    public Task<OperatorUsageView> GetOperatorUsage(UsageFilter? filter = null, int? limit = null, string? cursor = null, CancellationToken stop = default) =>
        Get(UsagePath("/v1/usage", filter, limit, cursor, null), TopupJson.Default.OperatorUsageView, stop);

    /// <summary>Usage as CSV (RFC 4180), as it comes. Texts that a spreadsheet would run as a formula have a quote before them.</summary>
    /// <param name="tenant">Whose; null: of all tenants.</param>
    public Task<Stream> ExportUsage(string? tenant, UsageFilter? filter = null, CancellationToken stop = default)
    {
        var path = UsagePath(tenant is null ? "/v1/usage" : $"/v1/tenants/{Segment(tenant)}/usage", filter, null, null, "csv");
        return Send(() => new HttpRequestMessage(HttpMethod.Get, path), mayRepeat: true, HttpCompletionOption.ResponseHeadersRead,
            (response, within) => response.Content.ReadAsStreamAsync(within), stop);
    }

    /// <summary>At which hours of which weekdays a tenant uses the most of a credit type.</summary>
    public Task<PeaksView> GetUsagePeaks(string tenant, string type, CancellationToken stop = default) =>
        Get(Query($"/v1/tenants/{Segment(tenant)}/usage/peaks", ("type", type)), TopupJson.Default.PeaksView, stop);

    /// <summary>When a tenant's credits run out, and what to buy; of all its pools, or of one credit type.</summary>
    public async Task<IReadOnlyList<ForecastView>> GetForecast(string tenant, string? type = null, CancellationToken stop = default) =>
        (await Get(Query($"/v1/tenants/{Segment(tenant)}/forecast", ("type", type)), TopupJson.Default.PageForecastView, stop).ConfigureAwait(false)).Data;

    /// <summary>Says when a tenant is warned of one of its pools.</summary>
    /// <param name="reason">Why, for the audit.</param>
    public Task<AlertView> SaveAlerts(string tenant, string type, AlertRequest request, string? reason = null, CancellationToken stop = default) =>
        Put(Alerts(tenant, type), request, TopupJson.Default.AlertRequest, TopupJson.Default.AlertView, reason, stop);

    /// <summary>When a tenant is warned of one of its pools.</summary>
    public Task<AlertView> GetAlerts(string tenant, string type, CancellationToken stop = default) =>
        Get(Alerts(tenant, type), TopupJson.Default.AlertView, stop);

    /// <summary>When a tenant is warned, pool by pool.</summary>
    public async Task<IReadOnlyList<AlertView>> ListAlerts(string tenant, CancellationToken stop = default) =>
        (await Get($"/v1/tenants/{Segment(tenant)}/alerts", TopupJson.Default.PageAlertView, stop).ConfigureAwait(false)).Data;

    /// <summary>Warns as the credit type says.</summary>
    /// <param name="reason">Why, for the audit.</param>
    public Task DeleteAlerts(string tenant, string type, string? reason = null, CancellationToken stop = default) => Delete(Alerts(tenant, type), reason, stop);

    private static string Alerts(string tenant, string type) => $"/v1/tenants/{Segment(tenant)}/alerts/{Segment(type)}";

    private static string UsagePath(string path, UsageFilter? filter, int? limit, string? cursor, string? format) =>
        Query(path, ("from", Text(filter?.From)), ("to", Text(filter?.To)), ("type", filter?.Type), ("usage_type", filter?.UsageType), ("subject", filter?.Subject),
            ("group_by", filter?.GroupBy is { Count: > 0 } names ? string.Join(',', names) : null), ("top", Text(filter?.Top)),
            ("limit", Text(limit)), ("cursor", cursor), ("format", format));

    private static string? Text(DateOnly? date) => date?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
