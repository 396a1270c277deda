using System.Diagnostics;
using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Catalog;
using Topup.Domain.Ledger;
using Topup.Server.Http;
using Topup.Server.Storage;
using Topup.Server.Tenancy;

namespace Topup.Server.Ledger;

/// <summary>How the ledger's refusals look on the wire. A shortage of credits is an answer; the rest are problems.</summary>
internal static class LedgerProblems
{
    /// <summary>The reason in an answer to a use; null: the refusal is a problem with the request itself.</summary>
    public static string? ReasonOf(LedgerRefusal refusal) => refusal switch
    {
        LedgerRefusal.InsufficientCredits => "insufficient_credits",
        LedgerRefusal.PlanLapsed => "plan_lapsed",
        LedgerRefusal.TypeDisabled => "type_disabled",
        LedgerRefusal.TenantSuspended => "tenant_suspended",
        LedgerRefusal.LimitReached => "limit_reached",
        LedgerRefusal.UsageTypeOff => "usage_type_off",
        LedgerRefusal.UsageTypeUnknown or LedgerRefusal.AmountTooLarge or LedgerRefusal.HoldNotPriced => null,
        LedgerRefusal.None or LedgerRefusal.TenantUnknown or LedgerRefusal.TypeUnknown or LedgerRefusal.KeyReused
            or LedgerRefusal.NotForSale or LedgerRefusal.HoldUnknown or LedgerRefusal.HoldClosed or LedgerRefusal.HoldDisputed or LedgerRefusal.GrantUnknown or LedgerRefusal.GrantClosed
            or LedgerRefusal.EntryUnknown or LedgerRefusal.EntryNotReversible or LedgerRefusal.ReversalTooLarge
            or LedgerRefusal.ExpiryPassed or LedgerRefusal.TooManyLots or LedgerRefusal.PoolFull => null,
    };

    /// <param name="type">Credit type of the pool; null where it is unknown.</param>
    public static Problem Of(LedgerRefusal refusal, long shortfall, CreditType? type) => refusal switch
    {
        LedgerRefusal.TenantUnknown => Problems.Of(404, ProblemCodes.TenantUnknown, "There is no tenant of this id.", "tenant"),
        LedgerRefusal.TypeUnknown => TypeUnknown(),
        LedgerRefusal.KeyReused => Problems.Of(409, ProblemCodes.IdempotencyKeyReused,
            "The idempotency key was used for another request. Send a new key, or the same request.", IdempotencyKey.Header),
        LedgerRefusal.UsageTypeUnknown => Problems.Of(404, ProblemCodes.UsageTypeUnknown,
            "The rate card in effect for the tenant's plan has no price for this usage type.", "usage_type"),
        LedgerRefusal.AmountTooLarge => Problems.Invalid("quantity",
            $"At the rate of the use, quantity comes to more than the {Limit(Amount.Max, type)} credits that one request may spend.", Limit(Amount.Max, type)),
        LedgerRefusal.UsageTypeOff => Problems.Of(409, ProblemCodes.LimitReached, "The use is switched off by a limit."),
        LedgerRefusal.LimitReached => Problems.Of(409, ProblemCodes.LimitReached, "A limit lets no more through for now."),
        LedgerRefusal.HoldNotPriced => Problems.Of(409, ProblemCodes.HoldNotPriced,
            "The hold was placed for an amount, not for uses of a rate card. Capture an amount.", "quantity"),
        LedgerRefusal.TenantSuspended => Problems.Of(409, ProblemCodes.TenantSuspended, "The tenant is suspended."),
        LedgerRefusal.TypeDisabled => Problems.Of(409, ProblemCodes.TypeDisabled, "The credit type is disabled."),
        LedgerRefusal.PlanLapsed => Problems.Of(409, ProblemCodes.PlanLapsed, "The tenant's plan has lapsed; its credits wait until it is back."),
        LedgerRefusal.NotForSale => Problems.Of(409, ProblemCodes.PackNotForSale, "The tenant's plan may not buy credits of this type."),
        LedgerRefusal.HoldUnknown => Problems.Of(404, ProblemCodes.HoldUnknown, "There is no hold of this id."),
        LedgerRefusal.HoldClosed => Problems.Of(409, ProblemCodes.HoldClosed, "The hold was captured, released or has expired. Consume instead."),
        LedgerRefusal.HoldDisputed => Problems.Of(409, ProblemCodes.HoldDisputed,
            "The hold belongs to a dispute over a payment. Only the dispute's outcome ends it."),
        LedgerRefusal.GrantUnknown => Problems.Of(404, ProblemCodes.GrantUnknown, "There is no grant of this id."),
        LedgerRefusal.GrantClosed => Problems.Of(409, ProblemCodes.GrantClosed, "Nothing of the grant is left to take back."),
        LedgerRefusal.EntryUnknown => Problems.Of(404, ProblemCodes.EntryUnknown, "There is no entry of this id.", "entry"),
        LedgerRefusal.EntryNotReversible => Problems.Of(409, ProblemCodes.EntryNotReversible,
            "Only a consume or a capture can be reversed. Void a grant, release a hold, refund a purchase.", "entry"),
        LedgerRefusal.ReversalTooLarge => Problems.Of(409, ProblemCodes.ReversalTooLarge,
            $"Only {Limit(shortfall, type)} of the entry is left to reverse.", "amount", Limit(shortfall, type)),
        LedgerRefusal.ExpiryPassed => Problems.Invalid("expires_at", "expires_at must be later than now, and later than effective_at."),
        LedgerRefusal.TooManyLots => Problems.Of(409, ProblemCodes.TooManyLots,
            $"A pool may have {Pool.OpenLotsMax} open lots. Spend, void or let some expire first.", limit: Pool.OpenLotsMax),
        LedgerRefusal.PoolFull => Problems.Of(409, ProblemCodes.PoolFull,
            $"A pool may hold {Limit(Amount.PoolMax, type)}.", "amount", Limit(Amount.PoolMax, type)),
        LedgerRefusal.InsufficientCredits => Problems.Of(402, ProblemCodes.InsufficientCredits,
            $"{Limit(shortfall, type)} is missing.", limit: Limit(shortfall, type)),
        LedgerRefusal.None => throw new UnreachableException("A request that was granted has no problem."),
    };

    public static Problem TypeUnknown() => Problems.Of(404, ProblemCodes.TypeUnknown, "There is no credit type of this code.", "type");

    /// <summary>A change that the database took back even when it was tried alone, such as after waiting too long for a lock, may be retried too.</summary>
    public static Problem Of(LaneFailure failure) => StorageFailure.Of(failure) ?? Problems.Of(503, ProblemCodes.StorageUnavailable,
        "The database did not take the change. Nothing was changed. Send the same request again.");

    public static Problem Busy() => Problems.Of(429, ProblemCodes.TooManyWaiting, "Too many changes wait already. Nothing was changed; retry in a second.");

    private static decimal Limit(long units, CreditType? type) => Amount.FromUnits(units, type?.Decimals ?? 0);
}
