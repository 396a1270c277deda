using System.Globalization;
using Topup.Contracts;
using Topup.Domain.Catalog;
using Topup.Domain.Ledger;
using Topup.Server.Http;
using Topup.Server.Tenancy;

namespace Topup.Server.Ledger;

/// <summary><c>POST /v1/check</c>: the question of a consume without its effect, and with the explanation.</summary>
internal sealed class CheckCredits(LedgerDesk desk, LedgerReader reader)
{
    public async Task<IResult> Handle(HttpContext context)
    {
        var body = await Body.Read(context, Json.Wire.ConsumeRequest);
        return body.Problem is { } problem
            ? problem.AsResult()
            : Reply.Of(await Run(context.Caller(), body.Value, context.RequestAborted), Json.Wire.CheckReply);
    }

    private async Task<Outcome<CheckReply>> Run(Caller caller, ConsumeRequest asked, CancellationToken stop)
    {
        var typed = await desk.TypeOf(asked.Type);
        if ((LedgerDesk.Tenant(caller, asked.Tenant) ?? typed.Problem
            ?? LedgerDesk.Words(asked.UsageType, asked.Subject, asked.Reference)) is { } invalid) return invalid;
        var type = typed.Value;
        var (units, caps) = (LedgerDesk.Units(asked.Amount, type), LedgerDesk.Caps(asked.OnShortage));
        if ((units.Problem ?? caps.Problem) is { } problem) return problem;
        var read = await reader.Pool(asked.Tenant, type, stop);
        return read.Problem is { } unknown ? unknown : ReplyOf(read.Value, units.Value, caps.Value);
    }

    private CheckReply ReplyOf(PoolNow now, long units, bool caps)
    {
        var type = now.Type;
        var decision = Consumption.Decide(now.Pool, now.Terms, units, caps, Note.None, now.Now);
        if (decision.Refusal != LedgerRefusal.None && LedgerProblems.ReasonOf(decision.Refusal) is null)
            throw new InvalidOperationException($"A check cannot be refused with {decision.Refusal}.");
        var explanation = Explanation.Of(decision, now.Terms, units, now.MayTopUp);
        return new CheckReply
        {
            Allowed = decision.IsAllowed,
            Reason = LedgerProblems.ReasonOf(decision.Refusal),
            WouldDraw = LedgerViews.Drawn(decision.Main?.Draw ?? Draw.Nothing, now.Key, type),
            Remaining = LedgerViews.Remaining(decision.Settled, type),
            Shortfall = decision.Shortfall > 0 ? LedgerViews.Decimal(decision.Shortfall, type) : null,
            Explanation = Sentence(decision, now, units),
            Fixes = [.. explanation.Fixes.Select(fix => View(fix, now))],
        };
    }

    private CheckFix View(Fix fix, PoolNow now) => new()
    {
        Action = fix.Kind switch
        {
            FixKind.TopUp => "top_up",
            FixKind.UseLess => "use_less",
            FixKind.EndHolds => "end_holds",
            FixKind.WaitForReset => "wait_for_reset",
            FixKind.RenewPlan => "renew_plan",
            FixKind.EnableType => "enable_type",
            FixKind.ReactivateTenant => "reactivate_tenant",
        },
        Amount = fix.Amount > 0 ? LedgerViews.Decimal(fix.Amount, now.Type) : null,
        At = fix.Kind == FixKind.WaitForReset ? fix.At.ToDateTimeOffset() : null,
        Url = fix.Kind == FixKind.TopUp ? desk.TopUpUrl(now.Key.Tenant, now.Key.Type) : null,
    };

    private static string Sentence(LedgerDecision decision, PoolNow now, long units)
    {
        var type = now.Type;
        var balance = decision.Settled.Balance;
        return decision.Refusal switch
        {
            LedgerRefusal.None when decision.Settled.Allowance.IsUnlimited =>
                $"Allowed: the allowance of {type.Name} is unlimited; the use is only counted.",
            LedgerRefusal.None when decision.Shortfall > 0 =>
                $"Allowed in part: {Text(decision.Main!.Amount, type)} of {Text(units, type)} are there.",
            LedgerRefusal.None =>
                $"Allowed: {Text(decision.Main!.Draw.Allowance, type)} from the allowance and " +
                $"{Text(decision.Main.Draw.Purchased, type)} from purchased credits.",
            LedgerRefusal.TenantSuspended => "Refused: the tenant is suspended, so nothing may be spent.",
            LedgerRefusal.TypeDisabled => $"Refused: the operator has disabled {type.Name}. Credits already bought are kept.",
            LedgerRefusal.PlanLapsed =>
                $"Refused: the plan has lapsed and {type.Name} needs an active one. Credits are kept and can be spent when the plan is back.",
            _ => $"Refused: {Text(units, type)} are asked for, {Text(balance.Available, type)} can be spent" +
                (balance.Held > 0 ? $", {Text(balance.Held, type)} are on hold" : "") +
                (balance.Debt > 0 ? $", {Text(balance.Debt, type)} of debt are paid first" : "") +
                $"; {Text(decision.Shortfall, type)} are missing.",
        };
    }

    private static string Text(long units, CreditType type) => LedgerViews.Decimal(units, type).ToString(CultureInfo.InvariantCulture);
}
