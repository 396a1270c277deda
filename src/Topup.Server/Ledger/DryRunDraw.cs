using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Ledger;
using Topup.Server.Http;
using Topup.Server.Tenancy;

namespace Topup.Server.Ledger;

/// <summary><c>POST /v1/dry-runs/draw</c>: what several uses in a row would draw, and which would be refused.</summary>
internal sealed class DryRunDraw(LedgerDesk desk, LedgerReader reader)
{
    private const int UsesMax = 100;

    public async Task<IResult> Handle(HttpContext context)
    {
        var body = await Body.Read(context, Json.Wire.DryRunDrawRequest);
        return body.Problem is { } problem
            ? problem.AsResult()
            : Reply.Of(await Run(context.Caller(), body.Value, context.RequestAborted), Json.Wire.DryRunDrawReply);
    }

    private async Task<Outcome<DryRunDrawReply>> Run(Caller caller, DryRunDrawRequest asked, CancellationToken stop)
    {
        var caps = LedgerDesk.Caps(asked.OnShortage);
        if ((LedgerDesk.Tenant(caller, asked.Tenant) ?? caps.Problem ?? Fields.Count("uses", asked.Uses.Count, UsesMax, min: 1)) is { } invalid) return invalid;
        var read = await reader.Tenant(asked.Tenant, Instant.Always, stop);
        if (read.Problem is { } unknown) return unknown;
        var tenant = read.Value;
        var uses = new Use[asked.Uses.Count];
        for (var at = 0; at < uses.Length; at++)
        {
            var use = await Price(asked.Uses[at], tenant);
            if (use.Problem is { } problem) return Within($"uses[{at}]", problem);
            uses[at] = use.Value;
        }
        var pools = uses.Select(use => use.Type).Distinct().ToDictionary(type => type, type => tenant.Of(tenant.Catalog.Types[type]));
        var decisions = DryRun.Draw(pools.ToDictionary(pool => pool.Key, pool => (pool.Value.Pool, pool.Value.Terms)), uses, caps.Value, tenant.Now);
        return new DryRunDrawReply { Draws = [.. decisions.Zip(uses, (decision, use) => View(decision, use, pools[use.Type]))] };
    }

    private async Task<Outcome<Use>> Price(DryRunUse? use, TenantNow tenant)
    {
        // A list on the wire may hold null, whatever its type here says.
        if (use is null) return Problems.Invalid("", "must not be null.");
        if (LedgerDesk.Words(use.UsageType, null, null) is { } invalid) return invalid;
        var read = await UseForm.Read(desk, use.Type, use.Amount, use.UsageType, use.Quantity, use.Dimensions);
        if (read.Problem is { } problem) return problem;
        var asked = read.Value;
        if (asked.Type.Length > 0) return tenant.Catalog.Types.ContainsKey(asked.Type) ? new Use(asked.Type, asked.Units) : LedgerProblems.TypeUnknown();
        var (rate, pricing) = asked.Price(tenant.Catalog, tenant.Tenant.Plan, use.UsageType!, tenant.Now);
        if (rate is null) return LedgerProblems.Of(LedgerRefusal.UsageTypeUnknown, 0, null);
        return pricing.Total is { } total
            ? new Use(rate.Type, total, pricing)
            : LedgerProblems.Of(LedgerRefusal.AmountTooLarge, 0, tenant.Catalog.Types[rate.Type]);
    }

    private static Problem Within(string item, Problem problem) => problem with
    {
        Field = string.IsNullOrEmpty(problem.Field) ? item : $"{item}.{problem.Field}",
        Detail = $"{item}: {problem.Detail}",
    };

    private static DryRunDrawn View(LedgerDecision decision, Use use, PoolNow pool) => new()
    {
        Type = use.Type,
        Amount = LedgerViews.Decimal(use.Units, pool.Type),
        Price = LedgerViews.Price(decision.Main?.Note.Pricing ?? use.Pricing, pool.Type),
        Allowed = decision.IsAllowed,
        Reason = LedgerProblems.ReasonOf(decision.Refusal),
        Drawn = LedgerViews.Drawn(decision.Main?.Draw ?? Draw.Nothing, pool.Key, pool.Type),
        Remaining = LedgerViews.Remaining(decision.Pool, pool.Type),
        Shortfall = decision.Shortfall > 0 ? LedgerViews.Decimal(decision.Shortfall, pool.Type) : null,
    };
}
