using Topup.Contracts;

namespace Topup.Client;

public sealed partial class TopupClient
{
    /// <summary>Defines an optional feature with a price a month, or changes it. A new price holds from the next charge on.</summary>
    /// <param name="reason">Why, for the audit; at most 500 printable ASCII characters.</param>
    public Task<AddOnView> SaveAddOn(string code, AddOnRequest request, string? reason = null, CancellationToken stop = default) =>
        Put($"/v1/addons/{Segment(code)}", request, TopupJson.Default.AddOnRequest, TopupJson.Default.AddOnView, reason, stop);

    /// <summary>One add-on.</summary>
    public Task<AddOnView> GetAddOn(string code, CancellationToken stop = default) =>
        Get($"/v1/addons/{Segment(code)}", TopupJson.Default.AddOnView, stop);

    /// <summary>All add-ons, by code.</summary>
    public IAsyncEnumerable<AddOnView> ListAddOns(CancellationToken stop = default) =>
        All((cursor, within) => ListAddOnsPage(null, cursor, within), stop);

    /// <summary>One page of <see cref="ListAddOns"/>.</summary>
    public Task<Page<AddOnView>> ListAddOnsPage(int? limit = null, string? cursor = null, CancellationToken stop = default) =>
        Get(Query("/v1/addons", ("limit", Text(limit)), ("cursor", cursor)), TopupJson.Default.PageAddOnView, stop);

    /// <summary>Deletes an add-on that no tenant has.</summary>
    /// <param name="reason">Why, for the audit; at most 500 printable ASCII characters.</param>
    public Task DeleteAddOn(string code, string? reason = null, CancellationToken stop = default) =>
        Delete($"/v1/addons/{Segment(code)}", reason, stop);

    /// <summary>A tenant's add-ons: what is on, what there is, what each costs now and at the renewal.</summary>
    public Task<TenantAddOnsView> GetTenantAddOns(string tenant, CancellationToken stop = default) =>
        Get($"/v1/tenants/{Segment(tenant)}/addons", TopupJson.Default.TenantAddOnsView, stop);

    /// <summary>Switches an add-on on, charged for the days of the cycle that are left, today included.</summary>
    /// <param name="key">One effect for this key, however often it is sent; null: a new one.</param>
    public Task<EnableAddOnReply> EnableAddOn(
        string tenant, string code, EnableAddOnRequest? request = null, string? key = null, CancellationToken stop = default) =>
        Change($"/v1/tenants/{Segment(tenant)}/addons/{Segment(code)}/enable", request ?? new EnableAddOnRequest(),
            TopupJson.Default.EnableAddOnRequest, TopupJson.Default.EnableAddOnReply, key, stop);

    /// <summary>Switches an add-on off and gives back the unused days, today included.</summary>
    /// <param name="key">One effect for this key, however often it is sent; null: a new one.</param>
    public Task<DisableAddOnReply> DisableAddOn(string tenant, string code, string? key = null, CancellationToken stop = default) =>
        Send(Message(HttpMethod.Post, $"/v1/tenants/{Segment(tenant)}/addons/{Segment(code)}/disable", null, KeyHeader, key ?? NewKey()), mayRepeat: true,
            TopupJson.Default.DisableAddOnReply, stop);

    /// <summary>What switching an add-on would charge or give back. Nothing is saved.</summary>
    public Task<AddOnDryRunReply> DryRunAddOn(AddOnDryRunRequest request, CancellationToken stop = default) =>
        Ask("/v1/dry-runs/addon", request, TopupJson.Default.AddOnDryRunRequest, TopupJson.Default.AddOnDryRunReply, stop);

    /// <summary>How add-ons are renewed.</summary>
    public Task<AddOnSettings> GetAddOnSettings(CancellationToken stop = default) => Get("/v1/settings/addons", TopupJson.Default.AddOnSettings, stop);

    /// <summary>Sets how add-ons are renewed.</summary>
    /// <param name="reason">Why, for the audit; at most 500 printable ASCII characters.</param>
    public Task<AddOnSettings> SaveAddOnSettings(AddOnSettings settings, string? reason = null, CancellationToken stop = default) =>
        Put("/v1/settings/addons", settings, TopupJson.Default.AddOnSettings, TopupJson.Default.AddOnSettings, reason, stop);
}
