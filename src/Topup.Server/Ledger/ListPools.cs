using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Ledger;
using Topup.Server.Http;
using Topup.Server.Tenancy;

namespace Topup.Server.Ledger;

/// <summary><c>GET /v1/tenants/{id}/pools</c> and <c>/pools/{type}</c>: what a tenant has, now or at a past moment.</summary>
internal sealed class ListPools(LedgerDesk desk, LedgerReader reader, LedgerHistory history, TimeProvider clock)
{
    public async Task<IResult> Handle(HttpContext context, string id)
    {
        if (LedgerDesk.Tenant(context.Caller(), id) is { } problem) return problem.AsResult();
        return Reply.Of(await Run(id, context.RequestAborted), Json.Wire.PagePoolView);
    }

    public async Task<Outcome<Page<PoolView>>> Run(string tenant, CancellationToken stop)
    {
        var pools = await reader.Pools(tenant, stop);
        return pools.Problem is { } unknown ? unknown : new Page<PoolView> { Data = [.. pools.Value.Select(pool => pool.View())] };
    }

    /// <param name="at">A past moment, ISO 8601 with offset; left out: now.</param>
    public async Task<IResult> HandleOne(HttpContext context, string id, string type, string? at)
    {
        var typed = await desk.TypeOf(type);
        if ((LedgerDesk.Tenant(context.Caller(), id) ?? typed.Problem) is { } problem) return problem.AsResult();
        var pool = await reader.Pool(id, typed.Value, context.RequestAborted);
        if (pool.Problem is { } unknown) return unknown.AsResult();
        if (at is null) return Reply.Of<PoolView>(pool.Value.View(), Json.Wire.PoolView);

        if (!Times.TryParse(at, out var moment) || moment > clock.GetUtcNow())
            return Problems.Invalid("at", "at must be a past time with an offset, such as 2026-01-31T09:00:00Z.").AsResult();
        var last = await history.LastEntry(id, type, Instant.From(moment), context.RequestAborted);
        return Reply.Of<PastPool>(new PastPool
        {
            Type = type,
            At = moment,
            Remaining = last is null
                ? LedgerViews.Remaining(default(Balance), false, Instant.Always, typed.Value)
                : LedgerViews.Remaining(last, typed.Value),
            Entry = last is null ? null : new LedgerId(id, type, last.Id).ToString(),
        }, Json.Wire.PastPool);
    }
}
