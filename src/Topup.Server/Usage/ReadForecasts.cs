using Topup.Contracts;
using Topup.Server.Catalog;
using Topup.Server.Http;
using Topup.Server.Ledger;
using Topup.Server.Tenancy;

namespace Topup.Server.Usage;

/// <summary><c>GET /v1/tenants/{id}/forecast</c>: when the credits run out, pool by pool or of one type.</summary>
internal sealed class ReadForecasts(LedgerDesk desk, LedgerReader reader, Forecaster forecaster, CatalogCache catalogs)
{
    public async Task<IResult> Handle(HttpContext context, string id, string? type)
    {
        if (LedgerDesk.Tenant(context.Caller(), id) is { } problem) return problem.AsResult();
        var pools = await Pools(id, type, context.RequestAborted);
        if (pools.Problem is { } unknown) return unknown.AsResult();
        var views = new List<ForecastView>();
        foreach (var pool in pools.Value) views.Add(await Of(pool, context.RequestAborted));
        return Reply.Of<Page<ForecastView>>(new Page<ForecastView> { Data = views }, Json.Wire.PageForecastView);
    }

    public async Task<ForecastView> Of(PoolNow pool, CancellationToken stop) =>
        ForecastForm.View(await forecaster.Of(pool, stop), pool, forecaster.Today(pool), catalogs.Current.Packs.Values);

    private async Task<Outcome<IReadOnlyList<PoolNow>>> Pools(string tenant, string? type, CancellationToken stop)
    {
        if (type is null) return await reader.Pools(tenant, stop);
        var typed = await desk.TypeOf(type);
        if (typed.Problem is { } unknown) return unknown;
        var pool = await reader.Pool(tenant, typed.Value, stop);
        return pool.Problem is { } nobody ? nobody : new List<PoolNow> { pool.Value };
    }
}
