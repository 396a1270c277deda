using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Checkout;
using Topup.Domain.Ledger;
using Topup.Domain.Tenancy;
using Topup.Server.Catalog;
using Topup.Server.Ledger;

namespace Topup.Server.Checkout.AutoTopUps;

/// <summary>What a rule would do now: the pool, the shop and what was spent, put before the rules. It changes nothing.</summary>
internal sealed class AutoTopUpOutlook(
    LedgerReader reader, MakeOffer offers, AutoTopUpStore store, CheckoutStore purchases, CatalogCache catalogs, TimeProvider clock, TimeZoneInfo zone)
{
    public async Task<Outlook> Of(AutoTopUpRow row, CancellationToken stop)
    {
        var now = Instant.From(clock.GetUtcNow());
        // A calendar month is a billing period that renews on the first.
        var month = BillingPeriod.First(now, BillingPeriod.RenewalDayMin, zone);
        var sums = await store.Sums(row.Tenant, row.Type, row.Rule.Currency, month.Start, stop);
        var nothing = new Outlook(AutoTopUpDecision.Nothing, month, now, sums.Spent);
        if (!catalogs.Current.Types.TryGetValue(row.Type, out var type)) return nothing;
        var pool = await reader.Pool(row.Tenant, type, stop);
        // What may not be bought today may be again tomorrow; that is no failure of the rule.
        if (pool.Problem is not null || pool.Value.Terms.PurchaseRefusal != LedgerRefusal.None) return nothing;

        if (AutoTopUp.Missing(row.Rule, pool.Value.Pool, pending: 0) == 0) return nothing with { IsEnough = true };
        var missing = AutoTopUp.Missing(row.Rule, pool.Value.Pool, sums.Pending);
        var last = row.State.LastOrder.Length == 0 ? null : await purchases.Find(new PurchaseId(row.Tenant, row.State.LastOrder), stop);
        var decision = AutoTopUp.Decide(row.Rule, row.State, missing, price: 0, sums.Spent, month, last?.Purchase, now);
        if (decision.Step != AutoTopUpStep.Order) return nothing with { Decision = decision };

        var offer = await offers.Run(new OrderRequest
        {
            Tenant = row.Tenant, Pack = row.Rule.Pack.Length == 0 ? null : row.Rule.Pack, Type = row.Type,
            Amount = row.Rule.Target is null ? null : LedgerViews.Decimal(missing, type), Key = "", Actor = "",
        }, stop);
        if (offer.Problem is { } problem) return nothing with { Decision = decision, Problem = problem };
        decision = AutoTopUp.Decide(row.Rule, row.State, missing, offer.Value.Price, sums.Spent, month, last?.Purchase, now);
        return nothing with { Decision = decision, Offer = offer.Value };
    }
}

/// <param name="Spent">What the rule has ordered this month and did not fail, in minor units.</param>
internal sealed record Outlook(AutoTopUpDecision Decision, BillingPeriod Month, Instant Now, long Spent)
{
    /// <summary>The pool holds what the rule wants, whatever is under way; so it stays until the pool changes.</summary>
    public bool IsEnough { get; init; }

    /// <summary>What it orders.</summary>
    public Offer? Offer { get; init; }

    /// <summary>It should order, and the shop refuses.</summary>
    public Problem? Problem { get; init; }

    public bool WillOrder => Decision.Step == AutoTopUpStep.Order && Problem is null;
}
