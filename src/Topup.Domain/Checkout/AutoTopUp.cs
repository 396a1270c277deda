using Topup.Domain.Ledger;
using Topup.Domain.Tenancy;

namespace Topup.Domain.Checkout;

/// <summary>
/// Buys credits before a pool runs out, because a person of the tenant agreed to it. At most one attempt is under way for
/// a rule, never more than its cap is spent in a month, and a method that keeps failing is left alone until a person
/// says so.
/// </summary>
public static class AutoTopUp
{
    /// <summary>Failures in a row after which the rule is suspended.</summary>
    public const int FailuresMax = 3;

    public const string CapReason = "monthly_cap";

    /// <summary>How long a method that declined is left alone. Card networks fine those who ask more often.</summary>
    public static readonly TimeSpan BackOff = TimeSpan.FromHours(1);

    /// <summary>
    /// Reasons that another try in an hour would not cure: of cards, by the codes of their networks as Stripe names them; of ours,
    /// what a person must see to first.
    /// </summary>
    private static readonly HashSet<string> Hard =
    [
        "authentication_required", "expired_card", "lost_card", "stolen_card", "pickup_card", "restricted_card", "invalid_account",
        "card_not_supported", "stop_payment_order", "revocation_of_authorization", "revocation_of_all_authorizations", "resource_missing",
        "payment_method_unexpected_state", "no_saved_card", "pack_unknown", "not_credited", "needs_review",
    ];

    /// <summary>How many smallest units the pool is short of; 0: it has enough, and nothing is bought.</summary>
    /// <param name="pool">As of now. What is held still counts, and debt counts against it.</param>
    /// <param name="pending">Credits of purchases whose money is under way.</param>
    public static long Missing(AutoTopUpRule rule, Pool pool, long pending)
    {
        var remaining = pool.Balance.Total - pool.Balance.Debt + pending;
        var threshold = ThresholdOf(rule, pool);
        return pool.Allowance.IsUnlimited || remaining >= threshold ? 0 : Math.Max((rule.Target ?? threshold) - remaining, 0);
    }

    /// <summary>
    /// Percent are of the period's allowance with what it carried over, and where there is none, of the total after the last
    /// refill. In smallest units.
    /// </summary>
    public static long ThresholdOf(AutoTopUpRule rule, Pool pool)
    {
        if (rule.ThresholdPercent is not { } percent) return rule.Threshold;
        var whole = (pool.Allowance.Limit ?? 0) + pool.Allowance.RolledOver;
        if (whole == 0) whole = pool.RefillMark;
        // Rounded up: "less than 20 percent" and "less than the rounded number" are the same for whole units.
        return (whole * percent + 99) / 100;
    }

    /// <param name="missing">From <see cref="Missing"/>.</param>
    /// <param name="price">What an order would cost, in minor units.</param>
    /// <param name="spent">What the rule has ordered in <paramref name="month"/> so far, and did not fail.</param>
    /// <param name="month">The calendar month of the operator's time zone.</param>
    /// <param name="last">The rule's last purchase; null: none.</param>
    public static AutoTopUpDecision Decide(
        AutoTopUpRule rule, AutoTopUpState state, long missing, long price, long spent, BillingPeriod month, Purchase? last, Instant now)
    {
        if (state.IsSuspended || state.IsEnded || state.Attempt is not null) return AutoTopUpDecision.Nothing;
        if (now < state.WaitsUntil) return AutoTopUpDecision.Wait(state.WaitsUntil);
        if (missing == 0) return AutoTopUpDecision.Nothing;
        if (ObjectionTo(last) is { } objection) return AutoTopUpDecision.Suspend(objection);
        return price > rule.MonthlyCap - spent ? AutoTopUpDecision.CapReached(month.End) : AutoTopUpDecision.Order;
    }

    /// <summary>What became of an attempt whose purchase is as given.</summary>
    public static AutoTopUpOutcome OutcomeOf(Purchase purchase) => purchase.Status switch
    {
        PurchaseStatus.Created or PurchaseStatus.Pending or PurchaseStatus.Processing => AutoTopUpOutcome.UnderWay,
        PurchaseStatus.Failed => AutoTopUpOutcome.Declined(purchase.Failure.Length > 0 ? purchase.Failure : "failed"),
        PurchaseStatus.Expired => AutoTopUpOutcome.Declined("expired"),
        PurchaseStatus.Canceled => AutoTopUpOutcome.Declined("canceled"),
        PurchaseStatus.NeedsReview => AutoTopUpOutcome.Declined("needs_review"),
        PurchaseStatus.Paid => purchase.OwesCredits ? AutoTopUpOutcome.UnderWay : AutoTopUpOutcome.Declined("needs_review"),
        // The money went to the balance instead: the pool is as low as before, and would be charged for again and again.
        PurchaseStatus.Credited or PurchaseStatus.PartlyRefunded or PurchaseStatus.Refunded or PurchaseStatus.Disputed or PurchaseStatus.DisputeWon
            or PurchaseStatus.DisputeLost => purchase.LotType == purchase.Type ? AutoTopUpOutcome.Succeeded : AutoTopUpOutcome.Declined("not_credited"),
    };

    /// <summary>The state after an attempt, and what is told of it.</summary>
    public static AutoTopUpChange After(AutoTopUpState state, AutoTopUpOutcome outcome, Instant now)
    {
        if (outcome.IsUnderWay) return new AutoTopUpChange(state, null);
        var ended = state with { Attempt = null, LastAt = now };
        if (outcome.Reason.Length == 0)
            return new AutoTopUpChange(ended with { Failures = 0, WaitsUntil = Instant.Always, Reason = "" }, AutoTopUpNews.Succeeded);

        var failures = state.Failures + 1;
        ended = ended with { Failures = failures };
        if (failures >= FailuresMax || Hard.Contains(outcome.Reason)) return Suspend(ended, outcome.Reason);
        // Told at the first failure, while there is time to do something about it, and not again at the second.
        return new AutoTopUpChange(ended with { WaitsUntil = now.Plus(BackOff), Reason = outcome.Reason }, failures == 1 ? AutoTopUpNews.Failed : null);
    }

    public static AutoTopUpChange Suspend(AutoTopUpState state, string reason) =>
        new(state with { IsSuspended = true, WaitsUntil = Instant.Always, Reason = reason }, AutoTopUpNews.Suspended);

    /// <summary>The cap keeps the rule from ordering until the month ends; it is told once a month.</summary>
    public static AutoTopUpChange ReachCap(AutoTopUpState state, BillingPeriod month) => state.CapToldUntil == month.End
        ? new AutoTopUpChange(state, null)
        : new AutoTopUpChange(state with { CapToldUntil = month.End, Reason = CapReason }, AutoTopUpNews.Failed);

    /// <summary>A person has seen to it: the rule may order again, at once, whatever became of the last order.</summary>
    public static AutoTopUpState Resume(AutoTopUpState state) => state with
    {
        IsSuspended = false, Failures = 0, WaitsUntil = Instant.Always, Reason = "", CapToldUntil = Instant.Always,
        LastOrder = state.IsSuspended ? "" : state.LastOrder,
    };

    /// <summary>
    /// The state under another rule. A suspension, a back-off and an attempt under way outlive the change, so that nothing
    /// is charged twice by saving; what the old cap said does not.
    /// </summary>
    public static AutoTopUpState UnderNewRule(AutoTopUpState state) =>
        state with { IsEnded = false, Reason = state.Reason == CapReason ? "" : state.Reason, CapToldUntil = Instant.Always };

    /// <summary>Whoever took the money of the last purchase back did not want it: another is not bought without asking.</summary>
    private static string? ObjectionTo(Purchase? last) => last switch
    {
        { Dispute: DisputeState.Open or DisputeState.Lost } => "disputed",
        { Status: PurchaseStatus.Refunded } => "refunded",
        _ => null,
    };
}

/// <summary>What an automatic top-up may do next.</summary>
public readonly record struct AutoTopUpDecision(AutoTopUpStep Step, Instant Until, string Reason)
{
    public static readonly AutoTopUpDecision Nothing = new(AutoTopUpStep.Nothing, Instant.Always, "");
    public static readonly AutoTopUpDecision Order = new(AutoTopUpStep.Order, Instant.Always, "");

    public static AutoTopUpDecision Wait(Instant until) => new(AutoTopUpStep.Wait, until, "");

    public static AutoTopUpDecision CapReached(Instant until) => new(AutoTopUpStep.CapReached, until, AutoTopUp.CapReason);

    public static AutoTopUpDecision Suspend(string reason) => new(AutoTopUpStep.Suspend, Instant.Always, reason);
}

public enum AutoTopUpStep
{
    Nothing,

    /// <summary>A method that declined is left alone until then.</summary>
    Wait,

    /// <summary>The month's cap leaves too little; no order until then.</summary>
    CapReached,

    Suspend,
    Order,
}

/// <summary>What became of an attempt.</summary>
/// <param name="Reason">Why it failed; empty: it did not.</param>
public readonly record struct AutoTopUpOutcome(bool IsUnderWay, string Reason)
{
    /// <summary>Not decided yet. It is looked at again, under the same key.</summary>
    public static readonly AutoTopUpOutcome UnderWay = new(true, "");
    public static readonly AutoTopUpOutcome Succeeded = new(false, "");

    public static AutoTopUpOutcome Declined(string reason) => new(false, reason);
}

/// <param name="News">What is told; null: nothing.</param>
public readonly record struct AutoTopUpChange(AutoTopUpState State, AutoTopUpNews? News);

public enum AutoTopUpNews
{
    Succeeded,
    Failed,
    Suspended,
}
