using Topup.Contracts;

namespace Topup.Client;

public sealed partial class TopupClient
{
    /// <summary>Creates a tenant, or replaces what is known of one.</summary>
    /// <param name="id">The platform's own id of the tenant: 1 to 64 of <c>A-Z a-z 0-9 . _ : -</c></param>
    /// <param name="reason">Why, for the audit; at most 500 printable ASCII characters.</param>
    public Task<TenantView> SaveTenant(string id, TenantRequest request, string? reason = null, CancellationToken stop = default) =>
        Put($"/v1/tenants/{Segment(id)}", request, TopupJson.Default.TenantRequest, TopupJson.Default.TenantView, reason, stop);

    /// <summary>One tenant, with the current period of its allowance.</summary>
    public Task<TenantView> GetTenant(string id, CancellationToken stop = default) =>
        Get($"/v1/tenants/{Segment(id)}", TopupJson.Default.TenantView, stop);

    /// <summary>Tenants, in an order that stays.</summary>
    /// <param name="plan">Only those on this plan.</param>
    /// <param name="status">Only <c>active</c>, <c>lapsed</c> or <c>suspended</c> ones.</param>
    /// <param name="search">Only those with this in their id, name, e-mail or phone.</param>
    /// <param name="pools">Only those with a pool that is <c>low</c>, or <c>exhausted</c>.</param>
    /// <param name="sort"><c>name</c> or <c>newest</c>. Left out: an order that costs least.</param>
    public IAsyncEnumerable<TenantView> ListTenants(
        string? plan = null, string? status = null, string? search = null, string? pools = null, string? sort = null, CancellationToken stop = default) =>
        All((cursor, within) => ListTenantsPage(plan, status, search, pools, sort, null, cursor, within), stop);

    /// <summary>One page of <see cref="ListTenants"/>.</summary>
    public Task<Page<TenantView>> ListTenantsPage(
        string? plan = null, string? status = null, string? search = null, string? pools = null, string? sort = null, int? limit = null, string? cursor = null,
        CancellationToken stop = default) =>
        Get(Query("/v1/tenants", ("plan", plan), ("status", status), ("search", search), ("pools", pools), ("sort", sort), ("limit", Text(limit)), ("cursor", cursor)),
            TopupJson.Default.PageTenantView, stop);

    /// <summary>Makes an API key. The secret is in the reply and is never shown again, so the request is not repeated by itself.</summary>
    /// <param name="reason">Why, for the audit; at most 500 printable ASCII characters.</param>
    public Task<NewApiKey> CreateApiKey(ApiKeyRequest request, string? reason = null, CancellationToken stop = default) => Send(
        Message(HttpMethod.Post, "/v1/api-keys", Json(request, TopupJson.Default.ApiKeyRequest), ReasonHeader, reason),
        mayRepeat: false, TopupJson.Default.NewApiKey, stop);

    /// <summary>API keys, the oldest first, without their secrets.</summary>
    public IAsyncEnumerable<ApiKeyView> ListApiKeys(CancellationToken stop = default) =>
        All((cursor, within) => ListApiKeysPage(null, cursor, within), stop);

    /// <summary>One page of <see cref="ListApiKeys"/>.</summary>
    public Task<Page<ApiKeyView>> ListApiKeysPage(int? limit = null, string? cursor = null, CancellationToken stop = default) =>
        Get(Query("/v1/api-keys", ("limit", Text(limit)), ("cursor", cursor)), TopupJson.Default.PageApiKeyView, stop);

    /// <summary>Revokes an API key: at once on the server that is asked, within a second on others.</summary>
    /// <param name="reason">Why, for the audit; at most 500 printable ASCII characters.</param>
    public Task RevokeApiKey(string id, string? reason = null, CancellationToken stop = default) =>
        Delete($"/v1/api-keys/{Segment(id)}", reason, stop);

    /// <summary>Changes, the newest first: who did what to what, when and why.</summary>
    /// <param name="tenant">Only those of this tenant.</param>
    public IAsyncEnumerable<AuditView> ListAudit(string? tenant = null, CancellationToken stop = default) =>
        All((cursor, within) => ListAuditPage(tenant, null, null, cursor, within), stop);

    /// <summary>One page of <see cref="ListAudit"/>.</summary>
    /// <param name="tenant">Only those of this tenant.</param>
    /// <param name="search">Only those where this stands in the action, who did it, to what, or why.</param>
    public Task<Page<AuditView>> ListAuditPage(
        string? tenant = null, string? search = null, int? limit = null, string? cursor = null, CancellationToken stop = default) =>
        Get(Query("/v1/audit", ("tenant", tenant), ("search", search), ("limit", Text(limit)), ("cursor", cursor)), TopupJson.Default.PageAuditView, stop);
}
