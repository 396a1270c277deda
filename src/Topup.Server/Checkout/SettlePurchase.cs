using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Catalog;
using Topup.Domain.Checkout;
using Topup.Domain.Ledger;
using Topup.Server.Catalog;
using Topup.Server.Catalog.Settings;
using Topup.Server.Checkout.AutoTopUps;
using Topup.Server.Checkout.Providers;
using Topup.Server.Http;
using Topup.Server.Ledger;

namespace Topup.Server.Checkout;

/// <summary>
/// The one way from a payment to credits, and back. Webhook, return page and reconciler only say which purchase to look
/// at: the truth is fetched from the provider, compared with what was credited, and the difference is applied in one
/// ledger transaction with the purchase. So it may run twice, at once, late or never-ending, and credits once.
/// </summary>
internal sealed class SettlePurchase(
    CheckoutStore store, LedgerDesk desk, CatalogCache catalogs, OperatorSettings settings, IEnumerable<IPaymentProvider> providers,
    SavedCards cards, TimeProvider clock, ILogger<SettlePurchase> log)
{
    private const int TriesMax = 8;

    /// <param name="hint">The provider's id of a payment of the order; empty: none is known.</param>
    /// <param name="source">Who asks, for the steps of the purchase.</param>
    /// <param name="calledOff">The page was closed on purpose, for which some providers have no other word than expired.</param>
    public async Task<Outcome<PurchaseRow>> Run(PurchaseId id, string hint, string source, CancellationToken stop, bool calledOff = false)
    {
        for (var tries = 0; tries < TriesMax; tries++)
        {
            if (await store.Find(id, stop) is not { } row) return CheckoutProblems.PurchaseUnknown();
            if (providers.FirstOrDefault(provider => provider.Method == row.Purchase.Method) is not { } provider) return row;
            var answer = await provider.Fetch(row, hint, stop);
            if (answer.Failure is { Kind: ProviderFailureKind.Unknown }) return await Unknown(row, source, stop);
            if (answer.Failure is { } failure)
            {
                log.LogWarning("{Method} did not say what became of purchase {Purchase}: {Code}", provider.Method, row.Id, failure.Code);
                await Postpone(row, answered: false, stop);
                return CheckoutProblems.Of(failure, row.Id);
            }
            // What was fetched before somebody else's change is not applied after it: it may be older.
            var judged = PaymentJudgement.Apply(row.Purchase, answer.Value);
            if (calledOff && judged.Status is PurchaseStatus.Pending or PurchaseStatus.Expired)
                judged = judged with { Status = PurchaseStates.Next(row.Purchase.Status, PurchaseEvent.CalledOff) };
            var applied = await Apply(row, judged, source, stop);
            if (applied.Problem is { Code: ProblemCodes.PurchaseChanged }) continue;
            if (applied.Problem is null && row.Purchase.Paid == 0) await cards.Remember(applied.Value, stop);
            if (applied.Problem is null) await FollowRefunds(provider, applied.Value, stop);
            return applied;
        }
        return CheckoutProblems.Changed(id);
    }

    /// <summary>Brings the purchase and the ledger to where they should be, unless the purchase has changed since it was read.</summary>
    public async Task<Outcome<PurchaseRow>> Apply(PurchaseRow row, Purchase wanted, string source, CancellationToken stop)
    {
        if (wanted == row.Purchase && !wanted.OwesCredits && wanted.Surplus == wanted.SurplusCredited) return await Postpone(row, answered: true, stop);
        var spentBecomesDebt = (await settings.Checkout(stop)).SpentOnRefund == SpentOnRefund.Debt;
        var settled = await Credit(row, wanted, source, spentBecomesDebt);
        if (settled.Problem is not null) return settled;
        return await CreditSurplus(settled.Value, source);
    }

    /// <summary>Puts what was paid on the tenant's balance instead of crediting what was bought.</summary>
    public async Task<Outcome<PurchaseRow>> ToBalance(PurchaseRow row, Purchase wanted, string source, CancellationToken stop)
    {
        if (MoneyType(row.Purchase.Currency) is not { } money)
            return Problems.Of(409, ProblemCodes.NoBalance, $"No credit type holds {row.Purchase.Currency}, so there is no balance.");
        var spentBecomesDebt = (await settings.Checkout(stop)).SpentOnRefund == SpentOnRefund.Debt;
        return await Submit(row, money.Code, wanted.Paid, LotSource.Refund, wanted, source, spentBecomesDebt);
    }

    /// <summary>The provider knows nothing of it, as when the page was never opened: nobody can pay it after its time.</summary>
    private async Task<Outcome<PurchaseRow>> Unknown(PurchaseRow row, string source, CancellationToken stop)
    {
        if (row.Purchase.Status != PurchaseStatus.Created || Instant.From(clock.GetUtcNow()) < row.ExpiresAt) return await Postpone(row, answered: true, stop);
        return await Apply(row, row.Purchase with { Status = PurchaseStates.Next(row.Purchase.Status, PurchaseEvent.TimePassed) }, source, stop);
    }

    private async Task<Outcome<PurchaseRow>> Credit(PurchaseRow row, Purchase wanted, string source, bool spentBecomesDebt)
    {
        var purchase = row.Purchase;
        if (!wanted.OwesCredits)
            return await Submit(row, wanted.Lot == 0 ? purchase.Type : wanted.LotType, wanted.Granted, LotSource.Purchase, wanted, source, spentBecomesDebt);

        var sold = await Submit(row, purchase.Type, purchase.Credits, LotSource.Purchase, wanted, source, spentBecomesDebt);
        if (!IsNotSold(sold.Problem)) return sold;

        // Paid for, and not to be had any more: the money is the tenant's.
        if (MoneyType(purchase.Currency) is { } money)
        {
            log.LogWarning("Purchase {Purchase} could not be credited ({Code}); its money goes to the balance", row.Id, sold.Problem!.Code);
            var kept = await Submit(row, money.Code, wanted.Paid, LotSource.Refund, wanted, source, spentBecomesDebt);
            if (!IsNotSold(kept.Problem)) return kept;
        }
        return await Submit(row, purchase.Type, 0, LotSource.Purchase, wanted with { Review = ReviewReason.NoBalance }, source, spentBecomesDebt);
    }

    private async Task<Outcome<PurchaseRow>> CreditSurplus(PurchaseRow row, string source)
    {
        var purchase = row.Purchase;
        if (purchase.Surplus == purchase.SurplusCredited) return row;
        var money = MoneyType(purchase.Currency);
        var wanted = purchase.Surplus < purchase.SurplusCredited ? purchase with { Review = ReviewReason.SurplusGone }
            : money is null ? purchase with { Review = ReviewReason.NoBalance }
            : purchase with { SurplusCredited = purchase.Surplus };
        if (wanted == purchase) return row;
        var credited = await Submit(SurplusChange(row, wanted, money, source));
        return IsNotSold(credited.Problem) ? await Submit(SurplusChange(row, purchase with { Review = ReviewReason.NoBalance }, money, source)) : credited;
    }

    private static PurchaseChange SurplusChange(PurchaseRow row, Purchase wanted, CreditType? money, string source)
    {
        var purchase = row.Purchase;
        return new PurchaseChange(row, money?.Code ?? purchase.Type, source, now =>
        {
            if (wanted.SurplusCredited == purchase.SurplusCredited)
                return new PurchaseDecision(Settlement.Decide(now.Pool, now.Terms, now.Now), wanted, PurchaseSettlement.News(purchase, wanted));
            var note = new Note($"§surplus:{purchase.Order}:{wanted.SurplusCredited}", 0, "checkout", purchase.Order, Reason: "Paid more than once: the surplus");
            var granted = Grant.Decide(now.Pool, now.Terms, wanted.SurplusCredited - purchase.SurplusCredited, LotSource.Refund, Lot.PriorityDefault,
                Instant.Always, Instant.Never, note, now.Now);
            return new PurchaseDecision(granted, wanted, PurchaseSettlement.News(purchase, wanted));
        });
    }

    private Task<Outcome<PurchaseRow>> Submit(
        PurchaseRow row, string type, long credits, LotSource lotSource, Purchase wanted, string source, bool spentBecomesDebt)
    {
        // The key makes a second credit impossible even for the database. No caller can send its first letter.
        var note = new Note("§purchase:" + row.Purchase.Order, 0, "checkout", row.Purchase.Order, Reason: row.Title);
        return Submit(new PurchaseChange(row, type, source, now => PurchaseSettlement.Decide(
            now.Pool, now.Terms, type, credits, lotSource, row.Purchase, wanted, spentBecomesDebt, note, now.Now)));
    }

    public async Task<Outcome<PurchaseRow>> Submit(PurchaseChange change)
    {
        if (!catalogs.Current.Types.TryGetValue(change.Type, out var type)) return LedgerProblems.TypeUnknown();
        var submitted = await desk.SubmitOrRefuse(change, type);
        if (submitted.Problem is { } problem) return problem;
        return change.Result is { } row ? row : CheckoutProblems.Changed(change.Seen.Id);
    }

    /// <summary>
    /// Brings the refunds that were asked for here to where the provider has them: those under way, and those that
    /// failed after all, as shows when less has gone back than was asked for.
    /// </summary>
    private async Task FollowRefunds(IPaymentProvider provider, PurchaseRow row, CancellationToken stop)
    {
        if (row.Purchase.Paid == 0) return;
        var refunds = (await store.Refunds(row.Id, stop)).Where(refund => refund.ProviderId is not ("" or RefundRow.ToBalance)).ToList();
        var isShort = refunds.Where(refund => refund.Status != RefundStatus.Failed).Sum(refund => refund.Amount) > row.Purchase.Refunded;
        foreach (var refund in refunds.Where(refund => refund.Status == RefundStatus.Pending || (isShort && refund.Status == RefundStatus.Succeeded)))
        {
            var answer = await provider.Refund(row, refund, stop);
            if (answer.Failure is not null || answer.Value.Status == refund.Status) continue;
            var now = Instant.From(clock.GetUtcNow());
            await store.Save(refund with { Status = answer.Value.Status, Failure = answer.Value.Failure, ChangedAt = now }, stop);
        }
    }

    /// <summary>Nothing has changed: the provider is asked again later, if there is more to ask, and less and less often.</summary>
    private async Task<Outcome<PurchaseRow>> Postpone(PurchaseRow row, bool answered, CancellationToken stop)
    {
        if (row.CheckAt > Instant.From(clock.GetUtcNow())) return row;
        await store.Postpone(row, answered, Instant.From(clock.GetUtcNow()), stop);
        return row;
    }

    /// <summary>The credit type that holds money of a currency, the operator's own before others.</summary>
    public CreditType? MoneyType(string currency) => catalogs.Current.Types.Values
        .Where(type => type.Currency == currency)
        .OrderBy(type => type.Code == "balance" ? 0 : 1).ThenBy(type => type.Code, StringComparer.Ordinal)
        .FirstOrDefault();

    private static bool IsNotSold(Problem? problem) => problem?.Code is ProblemCodes.TenantSuspended or ProblemCodes.TypeDisabled
        or ProblemCodes.PlanLapsed or ProblemCodes.PackNotForSale or ProblemCodes.TypeUnknown or ProblemCodes.TooManyLots or ProblemCodes.PoolFull;
}
