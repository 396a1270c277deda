using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Ledger;
using Topup.Server.Catalog;
using Topup.Server.Http;
using Topup.Server.Tenancy;

namespace Topup.Server.Ledger;

/// <summary><c>GET /v1/tenants/{id}/rates</c>: what uses cost a tenant, and how many of each are left.</summary>
internal sealed class EstimateUses(LedgerReader reader)
{
    /// <param name="amount">Credits whose uses are to be counted; null: none.</param>
    public async Task<IResult> Handle(HttpContext context, string id, string? amount)
    {
        var asked = RateCardForm.AmountAsked(amount);
        if ((LedgerDesk.Tenant(context.Caller(), id) ?? asked.Problem) is { } invalid) return invalid.AsResult();
        var tenant = await reader.Tenant(id, Instant.Always, context.RequestAborted);
        return tenant.Problem is { } unknown
            ? unknown.AsResult()
            : Reply.Of<RatesView>(View(tenant.Value, asked.Value), Json.Wire.RatesView);
    }

    public static RatesView View(TenantNow tenant, long? amount) => RateCardForm.Rates(tenant.Tenant.Plan, tenant.RateCard, rate =>
    {
        var pool = tenant.Of(tenant.Catalog.Types[rate.Type]);
        return RateCardForm.Estimate(rate, pool.Type, amount) with
        {
            UsesLeft = Estimate.UsesLeft(rate, pool.Pool, pool.Terms),
            Reason = LedgerProblems.ReasonOf(pool.Terms.SpendingRefusal),
        };
    });
}
