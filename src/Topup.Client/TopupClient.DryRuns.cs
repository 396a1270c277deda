using Topup.Contracts;

namespace Topup.Client;

public sealed partial class TopupClient
{
    /// <summary>What uses cost a tenant now, and how many of each are left.</summary>
    /// <param name="amount">Credits whose uses are to be counted too.</param>
    public Task<RatesView> GetTenantRates(string tenant, decimal? amount = null, CancellationToken stop = default) =>
        Get(Query($"/v1/tenants/{Segment(tenant)}/rates", ("amount", Text(amount))), TopupJson.Default.RatesView, stop);

    /// <summary>What another plan or status would do to a tenant. Nothing is changed.</summary>
    public Task<DryRunPlanChangeReply> DryRunPlanChange(DryRunPlanChangeRequest request, CancellationToken stop = default) =>
        Ask("/v1/dry-runs/plan-change", request, TopupJson.Default.DryRunPlanChangeRequest, TopupJson.Default.DryRunPlanChangeReply, stop);

    /// <summary>What a tenant would have at a future time, if nothing were used or bought until then. Nothing is changed.</summary>
    public Task<DryRunExpiryReply> DryRunExpiry(DryRunExpiryRequest request, CancellationToken stop = default) =>
        Ask("/v1/dry-runs/expiry", request, TopupJson.Default.DryRunExpiryRequest, TopupJson.Default.DryRunExpiryReply, stop);

    /// <summary>What several uses in a row would draw. Nothing is spent.</summary>
    public Task<DryRunDrawReply> DryRunDraw(DryRunDrawRequest request, CancellationToken stop = default) =>
        Ask("/v1/dry-runs/draw", request, TopupJson.Default.DryRunDrawRequest, TopupJson.Default.DryRunDrawReply, stop);
}
