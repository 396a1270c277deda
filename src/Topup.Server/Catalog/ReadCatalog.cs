using Topup.Contracts;
using Topup.Domain.Catalog;
using Topup.Domain.Tenancy;
using Topup.Server.Http;
using Topup.Server.Tenancy;

namespace Topup.Server.Catalog;

/// <summary>Shows the catalogue, as it is now on all servers.</summary>
internal sealed class ReadCatalog(CatalogCache cache)
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/credit-types/{code}", async (string code, HttpContext context, ReadCatalog verb) =>
                Reply.Of(await verb.Type(code, context.Caller(), context.RequestAborted), Json.Wire.CreditTypeView))
            .WithName("GetCreditType").WithSummary("Show one credit type.")
            .Produces<CreditTypeView>().MayRefuse(401, 403, 404).RequireScope(Scope.Read);
        routes.MapGet("/v1/credit-types", async (string? limit, string? cursor, HttpContext context, ReadCatalog verb) =>
                Reply.Of(await verb.Types(limit, cursor, context.Caller(), context.RequestAborted), Json.Wire.PageCreditTypeView))
            .WithName("ListCreditTypes").WithSummary("List credit types by code.")
            .Produces<Page<CreditTypeView>>().MayRefuse(400, 401, 403).RequireScope(Scope.Read);

        routes.MapGet("/v1/plans/{code}", async (string code, HttpContext context, ReadCatalog verb) =>
                Reply.Of(await verb.Plan(code, context.RequestAborted), Json.Wire.PlanView))
            .WithName("GetPlan").WithSummary("Show one plan.")
            .Produces<PlanView>().MayRefuse(401, 403, 404).RequireScope(Scope.Read);
        routes.MapGet("/v1/plans", async (string? limit, string? cursor, HttpContext context, ReadCatalog verb) =>
                Reply.Of(await verb.Plans(limit, cursor, context.RequestAborted), Json.Wire.PagePlanView))
            .WithName("ListPlans").WithSummary("List plans by code.")
            .Produces<Page<PlanView>>().MayRefuse(400, 401, 403).RequireScope(Scope.Read);

        routes.MapGet("/v1/packs/{code}", async (string code, HttpContext context, ReadCatalog verb) =>
                Reply.Of(await verb.Pack(code, context.RequestAborted), Json.Wire.PackView))
            .WithName("GetPack").WithSummary("Show one pack.")
            .Produces<PackView>().MayRefuse(401, 403, 404).RequireScope(Scope.Read);
        routes.MapGet("/v1/packs", async (string? limit, string? cursor, HttpContext context, ReadCatalog verb) =>
                Reply.Of(await verb.Packs(limit, cursor, context.RequestAborted), Json.Wire.PagePackView))
            .WithName("ListPacks").WithSummary("List packs by code.")
            .Produces<Page<PackView>>().MayRefuse(400, 401, 403).RequireScope(Scope.Read);

        routes.MapGet("/v1/addons/{code}", async (string code, HttpContext context, ReadCatalog verb) =>
                Reply.Of(await verb.AddOn(code, context.RequestAborted), Json.Wire.AddOnView))
            .WithName("GetAddOn").WithSummary("Show one add-on.")
            .Produces<AddOnView>().MayRefuse(401, 403, 404).RequireScope(Scope.Read);
        routes.MapGet("/v1/addons", async (string? limit, string? cursor, HttpContext context, ReadCatalog verb) =>
                Reply.Of(await verb.AddOns(limit, cursor, context.RequestAborted), Json.Wire.PageAddOnView))
            .WithName("ListAddOns").WithSummary("List add-ons by code.")
            .Produces<Page<AddOnView>>().MayRefuse(400, 401, 403).RequireScope(Scope.Read);

        routes.MapGet("/v1/rate-cards/{code}", async (string code, HttpContext context, ReadCatalog verb) =>
                Reply.Of(await verb.RateCard(code, context.Caller(), context.RequestAborted), Json.Wire.RateCardView))
            .WithName("GetRateCard").WithSummary("Show one rate card.")
            .Produces<RateCardView>().MayRefuse(401, 403, 404).RequireScope(Scope.Read);
        routes.MapGet("/v1/rate-cards", async (string? plan, string? limit, string? cursor, HttpContext context, ReadCatalog verb) =>
                Reply.Of(await verb.RateCards(plan, limit, cursor, context.Caller(), context.RequestAborted), Json.Wire.PageRateCardView))
            .WithName("ListRateCards").WithSummary("List rate cards by code; with ?plan= those of one plan.")
            .Produces<Page<RateCardView>>().MayRefuse(400, 401, 403).RequireScope(Scope.Read);
    }

    /// <summary>All of it, for pages that show it as lists; each by code.</summary>
    public async Task<WholeCatalog> All(Caller caller, CancellationToken stop)
    {
        var catalog = await cache.Refresh(stop);
        return new WholeCatalog(
            [.. catalog.Types.Values.OrderBy(type => type.Code, StringComparer.Ordinal).Select(type => ViewFor(caller, type))],
            [.. catalog.Plans.Values.OrderBy(plan => plan.Code, StringComparer.Ordinal).Select(plan => CatalogForm.View(plan, catalog))],
            [.. catalog.Packs.Values.OrderBy(pack => pack.Code, StringComparer.Ordinal).Select(pack => CatalogForm.View(pack, catalog))],
            [.. catalog.RateCards.Values.OrderBy(card => card.Code, StringComparer.Ordinal).Select(card => ViewFor(caller, card, catalog))],
            [.. catalog.AddOns.Values.OrderBy(addOn => addOn.Code, StringComparer.Ordinal).Select(addOn => CatalogForm.View(addOn, catalog))]);
    }

    public async Task<Outcome<CreditTypeView>> Type(string code, Caller caller, CancellationToken stop) =>
        (await cache.Refresh(stop)).Types.TryGetValue(code, out var type) ? ViewFor(caller, type) : CatalogProblems.NoType();

    public async Task<Outcome<PlanView>> Plan(string code, CancellationToken stop)
    {
        var catalog = await cache.Refresh(stop);
        return catalog.Plans.TryGetValue(code, out var plan) ? CatalogForm.View(plan, catalog) : CatalogProblems.NoPlan();
    }

    public async Task<Outcome<PackView>> Pack(string code, CancellationToken stop)
    {
        var catalog = await cache.Refresh(stop);
        return catalog.Packs.TryGetValue(code, out var pack) ? CatalogForm.View(pack, catalog) : CatalogProblems.NoPack();
    }

    public async Task<Outcome<AddOnView>> AddOn(string code, CancellationToken stop)
    {
        var catalog = await cache.Refresh(stop);
        return catalog.AddOns.TryGetValue(code, out var addOn) ? CatalogForm.View(addOn, catalog) : CatalogProblems.NoAddOn();
    }

    public async Task<Outcome<RateCardView>> RateCard(string code, Caller caller, CancellationToken stop)
    {
        var catalog = await cache.Refresh(stop);
        return catalog.RateCards.TryGetValue(code, out var card) ? ViewFor(caller, card, catalog) : CatalogProblems.NoRateCard();
    }

    public async Task<Outcome<Page<CreditTypeView>>> Types(string? limit, string? cursor, Caller caller, CancellationToken stop) =>
        PageOf(limit, cursor, (await cache.Refresh(stop)).Types.Values, type => type.Code, type => ViewFor(caller, type));

    public async Task<Outcome<Page<PlanView>>> Plans(string? limit, string? cursor, CancellationToken stop)
    {
        var catalog = await cache.Refresh(stop);
        return PageOf(limit, cursor, catalog.Plans.Values, plan => plan.Code, plan => CatalogForm.View(plan, catalog));
    }

    public async Task<Outcome<Page<PackView>>> Packs(string? limit, string? cursor, CancellationToken stop)
    {
        var catalog = await cache.Refresh(stop);
        return PageOf(limit, cursor, catalog.Packs.Values, pack => pack.Code, pack => CatalogForm.View(pack, catalog));
    }

    public async Task<Outcome<Page<AddOnView>>> AddOns(string? limit, string? cursor, CancellationToken stop)
    {
        var catalog = await cache.Refresh(stop);
        return PageOf(limit, cursor, catalog.AddOns.Values, addOn => addOn.Code, addOn => CatalogForm.View(addOn, catalog));
    }

    /// <param name="plan">Only those of this plan; null: all.</param>
    public async Task<Outcome<Page<RateCardView>>> RateCards(string? plan, string? limit, string? cursor, Caller caller, CancellationToken stop)
    {
        if (Fields.Code("plan", plan) is { } problem) return problem;
        var catalog = await cache.Refresh(stop);
        var cards = catalog.RateCards.Values.Where(card => plan is null || card.Plan == plan);
        return PageOf(limit, cursor, cards, card => card.Code, card => ViewFor(caller, card, catalog));
    }

    private static CreditTypeView ViewFor(Caller caller, CreditType type)
    {
        var view = CatalogForm.View(type);
        return caller.TenantId is null ? view : CatalogForm.WithoutCosts(view);
    }

    private static RateCardView ViewFor(Caller caller, RateCard card, CatalogSnapshot catalog)
    {
        var view = RateCardForm.View(card, catalog);
        return caller.TenantId is null ? view : RateCardForm.WithoutCosts(view);
    }

    private static Outcome<Page<TView>> PageOf<T, TView>(
        string? limit, string? cursor, IEnumerable<T> all, Func<T, string> codeOf, Func<T, TView> view)
    {
        var page = Paging.Read(limit, cursor);
        if (page.Problem is { } problem) return problem;
        var rows = all
            .Where(one => string.CompareOrdinal(codeOf(one), page.Value.After) > 0)
            .OrderBy(codeOf, StringComparer.Ordinal)
            .Take(page.Value.Rows)
            .ToList();
        var shown = page.Value.Of(rows, codeOf);
        return new Page<TView> { Data = [.. shown.Data.Select(view)], NextCursor = shown.NextCursor };
    }
}

/// <summary>The catalogue at one moment.</summary>
internal sealed record WholeCatalog(
    IReadOnlyList<CreditTypeView> Types, IReadOnlyList<PlanView> Plans, IReadOnlyList<PackView> Packs, IReadOnlyList<RateCardView> RateCards,
    IReadOnlyList<AddOnView> AddOns);
