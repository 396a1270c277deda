using Topup.Domain.Catalog;

namespace Topup.Domain.Ledger;

/// <summary>How far the credits of a pool go.</summary>
public static class Estimate
{
    /// <summary>How many uses at this rate the pool pays for now; null: no end, for they are free or the allowance is unlimited.</summary>
    public static long? UsesLeft(Rate rate, Pool pool, Terms terms) =>
        terms.SpendingRefusal != LedgerRefusal.None ? 0
        : pool.Allowance.IsUnlimited ? null
        : rate.UsesFor(pool.Balance.Available);
}
