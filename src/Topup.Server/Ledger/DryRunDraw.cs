using Topup.Contracts;
using Topup.Domain.Ledger;
using Topup.Server.Http;
using Topup.Server.Tenancy;

namespace Topup.Server.Ledger;

/// <summary><c>POST /v1/dry-runs/draw</c>: what several uses in a row would draw, and which would be refused.</summary>
internal sealed class DryRunDraw(LedgerDesk desk, LedgerReader reader)
{
    private const int AmountsMax = 100;

    public async Task<IResult> Handle(HttpContext context)
    {
        var body = await Body.Read(context, Json.Wire.DryRunDrawRequest);
        return body.Problem is { } problem
            ? problem.AsResult()
            : Reply.Of(await Run(context.Caller(), body.Value, context.RequestAborted), Json.Wire.DryRunDrawReply);
    }

    private async Task<Outcome<DryRunDrawReply>> Run(Caller caller, DryRunDrawRequest asked, CancellationToken stop)
    {
        var typed = await desk.TypeOf(asked.Type);
        var caps = LedgerDesk.Caps(asked.OnShortage);
        if ((LedgerDesk.Tenant(caller, asked.Tenant) ?? typed.Problem ?? caps.Problem
            ?? Fields.Count("amounts", asked.Amounts.Count, AmountsMax, min: 1)) is { } invalid) return invalid;
        var units = new long[asked.Amounts.Count];
        for (var at = 0; at < units.Length; at++)
        {
            var amount = Fields.Amount($"amounts[{at}]", asked.Amounts[at], typed.Value.Decimals);
            if (amount.Problem is { } problem) return problem;
            units[at] = amount.Value;
        }
        var read = await reader.Pool(asked.Tenant, typed.Value, stop);
        if (read.Problem is { } unknown) return unknown;
        var now = read.Value;
        var decisions = DryRun.Draw(now.Pool, now.Terms, units, caps.Value, now.Now);
        return new DryRunDrawReply { Draws = [.. decisions.Zip(units, (decision, amount) => View(decision, amount, now))] };
    }

    private static DrawnThen View(LedgerDecision decision, long units, PoolNow now) => new()
    {
        Amount = LedgerViews.Decimal(units, now.Type),
        Allowed = decision.IsAllowed,
        Reason = LedgerProblems.ReasonOf(decision.Refusal),
        Drawn = LedgerViews.Drawn(decision.Main?.Draw ?? Draw.Nothing, now.Key, now.Type),
        Remaining = LedgerViews.Remaining(decision.Pool, now.Type),
        Shortfall = decision.Shortfall > 0 ? LedgerViews.Decimal(decision.Shortfall, now.Type) : null,
    };
}
