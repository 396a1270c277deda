using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Tenancy;
using Topup.Server.Http;
using Topup.Server.Tenancy;

namespace Topup.Server.Catalog;

/// <summary><c>GET /v1/plans/{code}/rates</c>: what uses cost on a plan, for a page of prices that has no tenant.</summary>
internal sealed class EstimatePlan(CatalogCache cache, TimeProvider clock)
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/plans/{code}/rates", async (string code, string? amount, string? at, HttpContext context, EstimatePlan verb) =>
                Reply.Of(await verb.Run(code, amount, at, context.RequestAborted), Json.Wire.RatesView))
            .WithName("GetPlanRates").WithSummary("What uses cost on a plan, and with ?amount= how many that many credits pay for.")
            .Produces<RatesView>().MayRefuse(400, 401, 403, 404).RequireScope(Scope.Read);

    /// <param name="amount">Credits whose uses are to be counted; null: none.</param>
    /// <param name="at">The moment whose prices are asked for; null: now.</param>
    public async Task<Outcome<RatesView>> Run(string code, string? amount, string? at, CancellationToken stop)
    {
        var moment = clock.GetUtcNow();
        if (at is not null && !Times.TryParse(at, out moment))
            return Problems.Invalid("at", "at must be a time with an offset, such as 2026-01-31T09:00:00Z.");
        var asked = RateCardForm.AmountAsked(amount);
        if (asked.Problem is { } problem) return problem;
        var catalog = await cache.Refresh(stop);
        if (!catalog.Plans.ContainsKey(code)) return CatalogProblems.NoPlan();
        var card = catalog.RateCardOf(code, Instant.From(moment));
        return RateCardForm.Rates(code, card, rate => RateCardForm.Estimate(rate, catalog.Types[rate.Type], asked.Value));
    }
}
