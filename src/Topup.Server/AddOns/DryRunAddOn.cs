using Topup.Contracts;
using Topup.Domain.AddOns;
using Topup.Domain.Ledger;
using Topup.Server.Http;
using Topup.Server.Ledger;
using Topup.Server.Tenancy;

namespace Topup.Server.AddOns;

/// <summary><c>POST /v1/dry-runs/addon</c>: what switching an add-on would charge or give back, without doing it.</summary>
internal sealed class DryRunAddOn(AddOnOutlook outlooks)
{
    public async Task<IResult> Handle(HttpContext context)
    {
        var body = await Body.Read(context, Json.Wire.AddOnDryRunRequest);
        return body.Problem is { } problem
            ? problem.AsResult()
            : Reply.Of(await Run(context.Caller(), body.Value, context.RequestAborted), Json.Wire.AddOnDryRunReply);
    }

    public async Task<Outcome<AddOnDryRunReply>> Run(Caller caller, AddOnDryRunRequest asked, CancellationToken stop)
    {
        if ((LedgerDesk.Tenant(caller, asked.Tenant) ?? Fields.Code("addon", asked.Addon)) is { } invalid) return invalid;
        if (asked.Action is not ("enable" or "disable")) return Problems.Invalid("action", "action must be enable or disable.");
        var outlook = await outlooks.Of(asked.Tenant, onlyOpen: asked.Action == "enable", stop);
        if (outlook.Problem is { } unknown) return unknown;
        var now = outlook.Value;
        if (!now.Catalog.AddOns.TryGetValue(asked.Addon, out var addOn)) return AddOnProblems.Unknown();

        var decision = asked.Action == "enable" ? now.Enable(addOn) : now.Disable(addOn);
        var (type, entry) = (now.Catalog.Types[addOn.Type], decision.Ledger.Main);
        var isAllowed = decision.Refusal == AddOnRefusal.None && decision.Ledger.IsAllowed;
        return new AddOnDryRunReply
        {
            Tenant = asked.Tenant,
            Addon = addOn.Code,
            Action = asked.Action,
            Allowed = isAllowed,
            Reason = AddOnProblems.ReasonOf(decision.Refusal) ?? (isAllowed ? null : LedgerProblems.ReasonOf(decision.Ledger.Refusal)),
            Charge = LedgerViews.Decimal(decision.Charge, type),
            GivenBack = LedgerViews.Decimal(asked.Action == "disable" ? entry?.Asked ?? 0 : 0, type),
            Drawn = LedgerViews.Drawn(entry?.Draw ?? Draw.Nothing, new PoolKey(asked.Tenant, type.Code), type),
            Remaining = LedgerViews.Remaining(isAllowed ? decision.Ledger.Pool : decision.Ledger.Settled, type),
            Missing = LedgerViews.Decimal(decision.Missing, type),
            CycleDays = now.Cycle.Days,
            DaysLeft = now.Cycle.DaysFrom(now.Today),
            RenewsOn = now.Cycle.End,
        };
    }
}
