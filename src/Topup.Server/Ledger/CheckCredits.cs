using System.Globalization;
using Topup.Contracts;
using Topup.Domain.Catalog;
using Topup.Domain.Ledger;
using Topup.Server.Http;
using Topup.Server.Ledger.Limits;
using Topup.Server.Tenancy;

namespace Topup.Server.Ledger;

/// <summary><c>POST /v1/check</c>: the question of a consume without its effect, and with the explanation.</summary>
internal sealed class CheckCredits(LedgerDesk desk, LedgerReader reader, TimeZoneInfo zone)
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
        if ((LedgerDesk.Tenant(caller, asked.Tenant) ?? LedgerDesk.Words(asked.UsageType, asked.Subject, asked.Reference)) is { } invalid) return invalid;
        var use = await UseForm.Read(desk, asked.Type, asked.Amount, asked.UsageType, asked.Quantity, asked.Dimensions);
        var caps = LedgerDesk.Caps(asked.OnShortage);
        if ((use.Problem ?? caps.Problem) is { } problem) return problem;
        var note = Note.None with { Subject = asked.Subject ?? "", UsageType = asked.UsageType ?? "" };
        var read = await reader.Use(asked.Tenant, use.Value, note, stop);
        return read.Problem is { } unknown ? unknown : ReplyOf(read.Value, caps.Value);
    }

    private CheckReply ReplyOf(UseNow use, bool caps)
    {
        var (now, units) = (use.Pool, use.Units);
        var type = now.Type;
        var decision = use.Forbidding is { } forbidding && now.Terms.SpendingRefusal == LedgerRefusal.None
            ? Limited(now, forbidding)
            : Consumption.Decide(now.Pool, now.Terms, units, caps, use.Note, now.Now);
        if (decision.Refusal != LedgerRefusal.None && LedgerProblems.ReasonOf(decision.Refusal) is null)
            throw new InvalidOperationException($"A check cannot be refused with {decision.Refusal}.");
        var explanation = Explanation.Of(decision, now.Terms, units, now.MayTopUp, use.Forbidding, zone);
        return new CheckReply
        {
            Allowed = decision.IsAllowed,
            Reason = LedgerProblems.ReasonOf(decision.Refusal),
            Price = LedgerViews.Price(use.Note.Pricing, type),
            Limit = IsLimit(decision.Refusal) ? LimitForm.View(use.Forbidding!, type, zone) : null,
            WouldDraw = LedgerViews.Drawn(decision.Main?.Draw ?? Draw.Nothing, now.Key, type),
            Remaining = LedgerViews.Remaining(decision.Settled, type),
            Shortfall = decision.Shortfall > 0 ? LedgerViews.Decimal(decision.Shortfall, type) : null,
            Explanation = Sentence(decision, use),
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
            FixKind.WaitForLimit => "wait_for_limit",
            FixKind.ChangeLimit => "change_limit",
        },
        Amount = fix.Amount > 0 ? LedgerViews.Decimal(fix.Amount, now.Type) : null,
        At = fix.Kind is FixKind.WaitForReset or FixKind.WaitForLimit ? fix.At.ToDateTimeOffset() : null,
        Url = fix.Kind == FixKind.TopUp ? desk.TopUpUrl(now.Key.Tenant, now.Key.Type) : null,
    };

    private static LedgerDecision Limited(PoolNow now, Limit limit) => new()
    {
        Refusal = limit.Kind == LimitKind.Off ? LedgerRefusal.UsageTypeOff : LedgerRefusal.LimitReached, Pool = now.Pool, Settled = now.Pool,
    };

    private static bool IsLimit(LedgerRefusal refusal) => refusal is LedgerRefusal.UsageTypeOff or LedgerRefusal.LimitReached;

    private static string Sentence(LedgerDecision decision, UseNow use)
    {
        var (type, units) = (use.Pool.Type, use.Units);
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
            LedgerRefusal.UsageTypeOff => $"Refused: the limit {use.Forbidding!.Code} switches it off{Whose(use.Forbidding)}.",
            LedgerRefusal.LimitReached => $"Refused: the limit {use.Forbidding!.Code} lets no more through{Whose(use.Forbidding)} for now.",
            LedgerRefusal.PlanLapsed =>
                $"Refused: the plan has lapsed and {type.Name} needs an active one. Credits are kept and can be spent when the plan is back.",
            _ => $"Refused: {Text(units, type)} are asked for, {Text(balance.Available, type)} can be spent" +
                (balance.Held > 0 ? $", {Text(balance.Held, type)} are on hold" : "") +
                (balance.Debt > 0 ? $", {Text(balance.Debt, type)} of debt are paid first" : "") +
                $"; {Text(decision.Shortfall, type)} are missing.",
        };
    }

    private static string Whose(Limit limit) => limit.Subject.Length == 0 ? "" : $" for {limit.Subject}";

    private static string Text(long units, CreditType type) => LedgerViews.Decimal(units, type).ToString(CultureInfo.InvariantCulture);
}
