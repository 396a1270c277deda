using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Catalog;
using Topup.Domain.Ledger;
using Topup.Server.Http;
using Topup.Server.Tenancy;

namespace Topup.Server.Ledger;

/// <summary><c>POST /v1/dry-runs/plan-change</c>: what another plan or status would do to a tenant.</summary>
internal sealed class DryRunPlanChange(LedgerReader reader)
{
    public async Task<IResult> Handle(HttpContext context)
    {
        var body = await Body.Read(context, Json.Wire.DryRunPlanChangeRequest);
        return body.Problem is { } problem
            ? problem.AsResult()
            : Reply.Of(await Run(context.Caller(), body.Value, context.RequestAborted), Json.Wire.DryRunPlanChangeReply);
    }

    public async Task<Outcome<DryRunPlanChangeReply>> Run(Caller caller, DryRunPlanChangeRequest asked, CancellationToken stop)
    {
        var status = TenantForm.StatusOf(asked.Status);
        if ((LedgerDesk.Tenant(caller, asked.Tenant) ?? Fields.Code("plan", asked.Plan) ?? status.Problem) is { } invalid) return invalid;
        var read = await reader.Tenant(asked.Tenant, Instant.Always, stop);
        if (read.Problem is { } unknown) return unknown;
        var before = read.Value;
        if (asked.Plan is { } plan && !before.Catalog.Plans.ContainsKey(plan)) return TenancyProblems.PlanUnknown(plan);
        var tenant = before.Tenant;
        return ReplyOf(before, before with { Tenant = tenant with { Plan = asked.Plan, Status = status.Value ?? tenant.Status } });
    }

    private static DryRunPlanChangeReply ReplyOf(TenantNow before, TenantNow after) => new()
    {
        Pools = [.. before.Types.Union(after.Types).OrderBy(type => type.Code, StringComparer.Ordinal).Select(type => new PoolChange
        {
            Type = type.Code,
            Name = type.Name,
            Unit = type.Unit,
            Before = State(before.Of(type)),
            After = State(after.Of(type)),
        })],
        RatesBefore = EstimateUses.View(before, amount: null),
        RatesAfter = EstimateUses.View(after, amount: null),
        PacksNoLongerSold =
        [
            .. before.Catalog.Packs.Values.Where(pack => IsSold(pack, before) && !IsSold(pack, after)).Select(pack => pack.Code)
                .Order(StringComparer.Ordinal),
        ],
    };

    private static PoolState State(PoolNow now)
    {
        var view = now.View();
        return new PoolState
        {
            Status = view.Status,
            Limit = view.Allowance.Limit,
            Left = view.Allowance.Left,
            Purchased = view.Remaining.Purchased,
            Held = view.Remaining.Held,
            Debt = view.Remaining.Debt,
            MayTopUp = now.MayTopUp,
        };
    }

    private static bool IsSold(Pack pack, TenantNow tenant) =>
        pack.IsSoldTo(tenant.Tenant.Plan) && tenant.Of(tenant.Catalog.Types[pack.Type]).Terms.PurchaseRefusal == LedgerRefusal.None;
}
