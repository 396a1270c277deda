using System.Collections.Immutable;

namespace Topup.Domain.Ledger;

/// <summary>Why a use would be refused, and everything that would make it possible, the surest first.</summary>
public sealed record Explanation(LedgerRefusal Refusal, ImmutableArray<Fix> Fixes)
{
    /// <param name="mayTopUp">The tenant's plan lets it buy credits of this type.</param>
    /// <param name="limit">The limit that refuses the use; null: none does.</param>
    public static Explanation Of(LedgerDecision decision, Terms terms, long amount, bool mayTopUp, Limit? limit, TimeZoneInfo zone)
    {
        var fixes = decision.Refusal switch
        {
            LedgerRefusal.TenantSuspended => [new Fix(FixKind.ReactivateTenant)],
            LedgerRefusal.TypeDisabled => [new Fix(FixKind.EnableType)],
            LedgerRefusal.PlanLapsed => [new Fix(FixKind.RenewPlan)],
            LedgerRefusal.LimitReached or LedgerRefusal.UsageTypeOff => Limited(limit!, zone),
            LedgerRefusal.InsufficientCredits => Shortage(decision.Settled, terms, amount, mayTopUp),
            _ => ImmutableArray<Fix>.Empty,
        };
        return new Explanation(decision.Refusal, fixes);
    }

    private static ImmutableArray<Fix> Limited(Limit limit, TimeZoneInfo zone)
    {
        var ends = limit.EndsAt(zone);
        var change = new Fix(FixKind.ChangeLimit);
        return ends == Instant.Never ? [change] : [new Fix(FixKind.WaitForLimit, At: ends), change];
    }

    private static ImmutableArray<Fix> Shortage(Pool pool, Terms terms, long amount, bool mayTopUp)
    {
        var fixes = ImmutableArray.CreateBuilder<Fix>();
        var available = pool.Balance.Available;
        if (mayTopUp) fixes.Add(new Fix(FixKind.TopUp, Consumption.Shortfall(pool, amount)));
        if (available > 0) fixes.Add(new Fix(FixKind.UseLess, available));
        var returning = pool.Held - pool.Allowance.EarlierHeld;
        if (returning > 0 && available + returning - pool.Debt >= amount) fixes.Add(new Fix(FixKind.EndHolds, returning));
        if (terms.Limit + pool.Purchased - pool.Debt >= amount) fixes.Add(new Fix(FixKind.WaitForReset, At: pool.Allowance.ResetsAt));
        return fixes.ToImmutable();
    }
}

/// <summary>One way out.</summary>
/// <param name="Amount">Credits to buy, to stay within, or on hold, by kind; else 0.</param>
public sealed record Fix(FixKind Kind, long Amount = 0, Instant At = default);

public enum FixKind
{
    TopUp,
    UseLess,
    EndHolds,
    WaitForReset,
    RenewPlan,
    EnableType,
    ReactivateTenant,
    WaitForLimit,
    ChangeLimit,
}
