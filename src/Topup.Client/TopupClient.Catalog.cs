using Topup.Contracts;

namespace Topup.Client;

public sealed partial class TopupClient
{
    /// <summary>Defines what a credit buys, or changes it. Decimals and currency never change.</summary>
    /// <param name="reason">Why, for the audit; at most 500 printable ASCII characters.</param>
    public Task<CreditTypeView> SaveCreditType(string code, CreditTypeRequest request, string? reason = null, CancellationToken stop = default) =>
        Put($"/v1/credit-types/{Segment(code)}", request, TopupJson.Default.CreditTypeRequest, TopupJson.Default.CreditTypeView, reason, stop);

    /// <summary>One credit type.</summary>
    public Task<CreditTypeView> GetCreditType(string code, CancellationToken stop = default) =>
        Get($"/v1/credit-types/{Segment(code)}", TopupJson.Default.CreditTypeView, stop);

    /// <summary>All credit types, by code.</summary>
    public IAsyncEnumerable<CreditTypeView> ListCreditTypes(CancellationToken stop = default) =>
        All((cursor, within) => ListCreditTypesPage(null, cursor, within), stop);

    /// <summary>One page of <see cref="ListCreditTypes"/>.</summary>
    public Task<Page<CreditTypeView>> ListCreditTypesPage(int? limit = null, string? cursor = null, CancellationToken stop = default) =>
        Get(Query("/v1/credit-types", ("limit", Text(limit)), ("cursor", cursor)), TopupJson.Default.PageCreditTypeView, stop);

    /// <summary>Deletes a credit type that nothing counts in.</summary>
    /// <param name="reason">Why, for the audit; at most 500 printable ASCII characters.</param>
    public Task DeleteCreditType(string code, string? reason = null, CancellationToken stop = default) =>
        Delete($"/v1/credit-types/{Segment(code)}", reason, stop);

    /// <summary>Defines a tier that tenants are on, or changes it. New allowances apply at once.</summary>
    /// <param name="reason">Why, for the audit; at most 500 printable ASCII characters.</param>
    public Task<PlanView> SavePlan(string code, PlanRequest request, string? reason = null, CancellationToken stop = default) =>
        Put($"/v1/plans/{Segment(code)}", request, TopupJson.Default.PlanRequest, TopupJson.Default.PlanView, reason, stop);

    /// <summary>One plan.</summary>
    public Task<PlanView> GetPlan(string code, CancellationToken stop = default) =>
        Get($"/v1/plans/{Segment(code)}", TopupJson.Default.PlanView, stop);

    /// <summary>All plans, by code.</summary>
    public IAsyncEnumerable<PlanView> ListPlans(CancellationToken stop = default) =>
        All((cursor, within) => ListPlansPage(null, cursor, within), stop);

    /// <summary>One page of <see cref="ListPlans"/>.</summary>
    public Task<Page<PlanView>> ListPlansPage(int? limit = null, string? cursor = null, CancellationToken stop = default) =>
        Get(Query("/v1/plans", ("limit", Text(limit)), ("cursor", cursor)), TopupJson.Default.PagePlanView, stop);

    /// <summary>Deletes a plan that no tenant is on and no pack is sold to.</summary>
    /// <param name="reason">Why, for the audit; at most 500 printable ASCII characters.</param>
    public Task DeletePlan(string code, string? reason = null, CancellationToken stop = default) =>
        Delete($"/v1/plans/{Segment(code)}", reason, stop);

    /// <summary>Defines what tenants can buy, or changes its name, description, plans and whether it is for sale.</summary>
    /// <param name="reason">Why, for the audit; at most 500 printable ASCII characters.</param>
    public Task<PackView> SavePack(string code, PackRequest request, string? reason = null, CancellationToken stop = default) =>
        Put($"/v1/packs/{Segment(code)}", request, TopupJson.Default.PackRequest, TopupJson.Default.PackView, reason, stop);

    /// <summary>One pack.</summary>
    public Task<PackView> GetPack(string code, CancellationToken stop = default) =>
        Get($"/v1/packs/{Segment(code)}", TopupJson.Default.PackView, stop);

    /// <summary>All packs, by code.</summary>
    public IAsyncEnumerable<PackView> ListPacks(CancellationToken stop = default) =>
        All((cursor, within) => ListPacksPage(null, cursor, within), stop);

    /// <summary>One page of <see cref="ListPacks"/>.</summary>
    public Task<Page<PackView>> ListPacksPage(int? limit = null, string? cursor = null, CancellationToken stop = default) =>
        Get(Query("/v1/packs", ("limit", Text(limit)), ("cursor", cursor)), TopupJson.Default.PagePackView, stop);

    /// <summary>Deletes a pack. Credits that were bought with it stay.</summary>
    /// <param name="reason">Why, for the audit; at most 500 printable ASCII characters.</param>
    public Task DeletePack(string code, string? reason = null, CancellationToken stop = default) =>
        Delete($"/v1/packs/{Segment(code)}", reason, stop);

    /// <summary>Defines what uses cost on a plan from a date on, or changes a card that has not begun.</summary>
    /// <param name="reason">Why, for the audit; at most 500 printable ASCII characters.</param>
    public Task<RateCardView> SaveRateCard(string code, RateCardRequest request, string? reason = null, CancellationToken stop = default) =>
        Put($"/v1/rate-cards/{Segment(code)}", request, TopupJson.Default.RateCardRequest, TopupJson.Default.RateCardView, reason, stop);

    /// <summary>One rate card.</summary>
    public Task<RateCardView> GetRateCard(string code, CancellationToken stop = default) =>
        Get($"/v1/rate-cards/{Segment(code)}", TopupJson.Default.RateCardView, stop);

    /// <summary>Rate cards, by code.</summary>
    /// <param name="plan">Only those of this plan.</param>
    public IAsyncEnumerable<RateCardView> ListRateCards(string? plan = null, CancellationToken stop = default) =>
        All((cursor, within) => ListRateCardsPage(plan, null, cursor, within), stop);

    /// <summary>One page of <see cref="ListRateCards"/>.</summary>
    public Task<Page<RateCardView>> ListRateCardsPage(string? plan = null, int? limit = null, string? cursor = null, CancellationToken stop = default) =>
        Get(Query("/v1/rate-cards", ("plan", plan), ("limit", Text(limit)), ("cursor", cursor)), TopupJson.Default.PageRateCardView, stop);

    /// <summary>Deletes a rate card that has not begun.</summary>
    /// <param name="reason">Why, for the audit; at most 500 printable ASCII characters.</param>
    public Task DeleteRateCard(string code, string? reason = null, CancellationToken stop = default) =>
        Delete($"/v1/rate-cards/{Segment(code)}", reason, stop);

    /// <summary>What uses cost on a plan.</summary>
    /// <param name="amount">Credits whose uses are to be counted.</param>
    /// <param name="at">The moment whose prices are asked for; null: now.</param>
    public Task<RatesView> GetPlanRates(string plan, decimal? amount = null, DateTimeOffset? at = null, CancellationToken stop = default) =>
        Get(Query($"/v1/plans/{Segment(plan)}/rates", ("amount", Text(amount)), ("at", Text(at))), TopupJson.Default.RatesView, stop);
}
