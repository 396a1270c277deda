using Topup.Contracts;
using Topup.Server.Http;
using Topup.Server.Ledger;
using Topup.Server.Tenancy;

namespace Topup.Server.Usage;

/// <summary><c>GET /v1/tenants/{id}/alerts</c> and <c>/alerts/{type}</c>: when a tenant is warned, as it has said or else the credit type.</summary>
internal sealed class ReadAlerts(LedgerDesk desk, LedgerReader reader)
{
    public async Task<IResult> Handle(HttpContext context, string id)
    {
        if (LedgerDesk.Tenant(context.Caller(), id) is { } problem) return problem.AsResult();
        return Reply.Of(await Run(id, context.RequestAborted), Json.Wire.PageAlertView);
    }

    public async Task<Outcome<Page<AlertView>>> Run(string tenant, CancellationToken stop)
    {
        var pools = await reader.Pools(tenant, stop);
        return pools.Problem is { } unknown ? unknown : new Page<AlertView> { Data = [.. pools.Value.Select(View)] };
    }

    public async Task<IResult> HandleOne(HttpContext context, string id, string type)
    {
        var typed = await desk.TypeOf(type);
        if ((LedgerDesk.Tenant(context.Caller(), id) ?? typed.Problem) is { } problem) return problem.AsResult();
        var pool = await reader.Pool(id, typed.Value, context.RequestAborted);
        return pool.Problem is { } unknown ? unknown.AsResult() : Reply.Of<AlertView>(View(pool.Value), Json.Wire.AlertView);
    }

    private static AlertView View(PoolNow pool) => AlertForm.View(pool.Pool.Thresholds, pool.Type);
}
