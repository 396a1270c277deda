using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Catalog;
using Topup.Domain.Checkout;
using Topup.Domain.Ledger;
using Topup.Domain.Tenancy;
using Topup.Server.Catalog;
using Topup.Server.Checkout.Providers;
using Topup.Server.Http;
using Topup.Server.Ledger;

namespace Topup.Server.Checkout.AutoTopUps;

/// <summary>What a rule would do now: the pool, the shop, the card and what was spent, put before the rules. It changes nothing.</summary>
internal sealed class AutoTopUpOutlook(
    LedgerReader reader, MakeOffer offers, SavedCards cards, AutoTopUpStore store, CheckoutStore purchases, CatalogCache catalogs, TimeProvider clock,
    TimeZoneInfo zone)
{
    public async Task<Outlook> Of(AutoTopUpRow row, CancellationToken stop)
    {
        var (rule, state) = (row.Rule, row.State);
        var now = Instant.From(clock.GetUtcNow());
        // A calendar month is a billing period that renews on the first.
        var month = BillingPeriod.First(now, BillingPeriod.RenewalDayMin, zone);
        var outlook = new Outlook(AutoTopUpDecision.Nothing, month, now);
        if (!catalogs.Current.Types.TryGetValue(row.Type, out var type)) return outlook;
        var read = await reader.Pool(row.Tenant, type, stop);
        // What may not be bought today may be again tomorrow; that is no failure of the rule.
        if (read.Problem is not null || read.Value.Terms.PurchaseRefusal != LedgerRefusal.None) return outlook;
        var pool = read.Value.Pool;
        if (AutoTopUp.Missing(rule, pool, pending: 0) == 0) return outlook with { IsEnough = true };

        var missing = AutoTopUp.Missing(rule, pool, await store.Pending(row.Tenant, row.Type, stop));
        var spent = await store.Spent(row.Tenant, row.Type, rule.Currency, month.Start, stop);
        var last = state.LastOrder.Length == 0 ? null : await purchases.Find(new PurchaseId(row.Tenant, state.LastOrder), stop);
        outlook = outlook with { Decision = AutoTopUp.Decide(rule, state, missing, price: 0, spent, month, last?.Purchase, now) };
        if (!outlook.WillOrder) return outlook;

        var offer = await OfferFor(row.Tenant, rule, type, missing, stop);
        if (offer.Problem is { } problem) return outlook with { Problem = problem };
        outlook = outlook with { Offer = offer.Value, Decision = AutoTopUp.Decide(rule, state, missing, offer.Value.Price, spent, month, last?.Purchase, now) };
        if (!outlook.WillOrder || rule.Method == PaymentMethod.Balance) return outlook;
        return await cards.Find(row.Tenant, rule.Method, stop) is { } card
            ? outlook with { Card = card }
            : outlook with { Problem = AutoTopUpProblems.NoSavedCard(rule.Method) };
    }

    /// <summary>What fills a pool that is short of so much: the rule's pack, or as much of it as it sells at once.</summary>
    public async Task<Outcome<Offer>> OfferFor(string tenant, AutoTopUpRule rule, CreditType type, long missing, CancellationToken stop)
    {
        var order = new OrderRequest { Tenant = tenant, Pack = rule.Pack.Length == 0 ? null : rule.Pack, Type = type.Code, Key = "", Actor = "" };
        if (rule.Target is null) return await offers.Run(order, stop);
        var pack = catalogs.Current.Packs.GetValueOrDefault(rule.Pack);
        return await offers.Run(pack?.Custom is { } custom && pack.PriceFor(missing, out _) != CustomAmountProblem.None
            ? order with { Price = Amount.FromUnits(custom.MaxPrice, Currency.Digits(pack.Currency)) }
            : order with { Amount = LedgerViews.Decimal(missing, type) }, stop);
    }

    /// <summary>What the rule has ordered this month and did not fail, in minor units.</summary>
    public Task<long> Spent(AutoTopUpRow row, Outlook outlook, CancellationToken stop) =>
        store.Spent(row.Tenant, row.Type, row.Rule.Currency, outlook.Month.Start, stop);
}

/// <param name="Month">The calendar month of the operator's time zone.</param>
internal sealed record Outlook(AutoTopUpDecision Decision, BillingPeriod Month, Instant Now)
{
    /// <summary>The pool holds what the rule wants, whatever is under way; so it stays until the pool changes.</summary>
    public bool IsEnough { get; init; }

    /// <summary>What it orders.</summary>
    public Offer? Offer { get; init; }

    /// <summary>The card that pays; null: the balance does.</summary>
    public SavedCard? Card { get; init; }

    /// <summary>It should order, and cannot.</summary>
    public Problem? Problem { get; init; }

    public bool WillOrder => Decision.Step == AutoTopUpStep.Order && Problem is null;
}
