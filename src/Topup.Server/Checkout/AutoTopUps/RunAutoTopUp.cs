using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Catalog;
using Topup.Domain.Checkout;
using Topup.Domain.Ledger;
using Topup.Server.Checkout.Providers;
using Topup.Server.Ledger;
using Topup.Server.Storage;

namespace Topup.Server.Checkout.AutoTopUps;

/// <summary>
/// Lets one rule do what it should now. An order is written into the rule's row before it is made, by whichever server
/// changes the row first; it is then made, charged and settled under keys of its own, so that whoever finishes it after a
/// crash finds what was done and charges nothing twice.
/// </summary>
internal sealed class RunAutoTopUp(
    AutoTopUpStore store, AutoTopUpOutlook outlooks, StartPurchase purchases, SettlePurchase settle, CheckoutStore checkout, SavedCards cards,
    IEnumerable<IPaymentProvider> providers, TimeProvider clock, ILogger<RunAutoTopUp> log)
{
    public const string Source = "auto-top-up";

    /// <summary>For so long other servers leave an attempt alone; then they take it for abandoned and finish it.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(30);

    /// <summary>Money that is under way takes hours or days; the reconciler looks after it, and this only reads what it found.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromMinutes(5);

    /// <summary>True: the pool has enough, and need not be looked at until it changes.</summary>
    public async Task<bool> Run(AutoTopUpRow seen, CancellationToken stop)
    {
        var row = seen;
        if (seen.State.Attempt is null)
        {
            var outlook = await outlooks.Of(seen, stop);
            if (outlook.Problem is { Status: < 500 } refused) await Save(seen, state => AutoTopUp.After(state, AutoTopUpOutcome.Declined(refused.Code), outlook.Now), stop);
            else if (outlook.Decision.Step == AutoTopUpStep.Suspend) await Save(seen, state => AutoTopUp.Suspend(state, outlook.Decision.Reason), stop);
            else if (outlook.Decision.Step == AutoTopUpStep.CapReached)
                await Save(seen, state => AutoTopUp.ReachCap(state, outlook.Month), stop, outlook.Decision.Until);
            if (!outlook.WillOrder) return outlook.IsEnough;
            row = row with { State = row.State with { Attempt = AttemptOf(row.Rule, outlook.Offer!, outlook.Now) } };
        }
        if (await Claim(seen, row.State, stop) is not { } claimed) return false;
        var (outcome, purchase) = await CarryOut(claimed, stop);
        await Finish(claimed, outcome, purchase, stop);
        return false;
    }

    /// <summary>Null: somebody else was faster.</summary>
    private Task<AutoTopUpRow?> Claim(AutoTopUpRow seen, AutoTopUpState state, CancellationToken stop) =>
        store.Change(seen.Tenant, seen.Type, current => current.Version == seen.Version
            ? (current with { State = state, CheckAt = Now.Plus(Lease) }, null)
            : null, stop);

    private async Task<(AutoTopUpOutcome Outcome, Purchase? Purchase)> CarryOut(AutoTopUpRow row, CancellationToken stop)
    {
        var attempt = row.State.Attempt!;
        var price = Amount.FromUnits(attempt.Price, Currency.Digits(attempt.Currency));
        var ordered = await purchases.Order(new OrderRequest
        {
            Tenant = row.Tenant, Pack = attempt.Pack.Length == 0 ? null : attempt.Pack, Type = row.Type, Amount = attempt.Pack.Length == 0 ? price : null,
            Price = attempt.Pack.Length > 0 && attempt.ByPrice ? price : null, Method = attempt.Method, Key = attempt.Key, Actor = Source, AutoTopUp = row.Type,
        }, stop);
        if (ordered.Problem is { } problem) return (IsPassing(problem) ? AutoTopUpOutcome.UnderWay : AutoTopUpOutcome.Declined(problem.Code), null);

        var made = ordered.Value.Row;
        if (made.Purchase.Status == PurchaseStatus.Created && made.Checkout.Length == 0) made = await Charge(made, stop);
        if (made.Checkout.Length > 0 && made.Purchase.Status is PurchaseStatus.Created or PurchaseStatus.Paid)
        {
            var settled = await settle.Run(made.Id, made.Checkout, Source, stop);
            if (settled.Problem is null) made = settled.Value;
        }
        return (AutoTopUp.OutcomeOf(made.Purchase), made.Purchase);
    }

    /// <summary>The purchase with its payment named, or failed; as it was where nobody knows yet what became of the charge.</summary>
    private async Task<PurchaseRow> Charge(PurchaseRow row, CancellationToken stop)
    {
        if (await cards.Find(row.Tenant, row.Purchase.Method, stop) is not { } card) return await Failed(row, "", "no_saved_card", stop);
        var charger = providers.OfType<ICardCharger>().First(known => known.Method == row.Purchase.Method);
        var answer = await charger.Charge(row, card, stop);
        if (answer.Failure is { Kind: ProviderFailureKind.Unavailable } lost)
        {
            log.LogWarning("{Method} did not say what became of the charge for {Purchase}: {Code}; it is asked again", charger.Method, row.Id, lost.Code);
            return row;
        }
        if (answer.Failure is { } refused) return await Failed(row, "", refused.Code, stop);
        return answer.Value.Declined.Length > 0
            ? await Failed(row, answer.Value.Payment, answer.Value.Declined, stop)
            : await Change(row, row.Purchase, answer.Value.Payment, stop);
    }

    private Task<PurchaseRow> Failed(PurchaseRow row, string payment, string reason, CancellationToken stop) => Change(row,
        row.Purchase with { Status = PurchaseStates.Next(row.Purchase.Status, PurchaseEvent.GaveUp), Failure = reason }, payment, stop);

    /// <summary>A notification may have been faster; then what it brought stands.</summary>
    private async Task<PurchaseRow> Change(PurchaseRow row, Purchase wanted, string payment, CancellationToken stop)
    {
        var changed = await settle.Submit(new PurchaseChange(row, row.Purchase.Type, Source,
            now => new PurchaseDecision(Settlement.Decide(now.Pool, now.Terms, now.Now), wanted, PurchaseSettlement.News(row.Purchase, wanted)),
            also: next => next with { Checkout = payment }));
        return changed.Problem is null ? changed.Value : await checkout.Find(row.Id, stop) ?? row;
    }

    private async Task Finish(AutoTopUpRow claimed, AutoTopUpOutcome outcome, Purchase? purchase, CancellationToken stop)
    {
        var attempt = claimed.State.Attempt!;
        await store.Change(claimed.Tenant, claimed.Type, current =>
        {
            // Whoever took it for abandoned has finished it already, or the consent was withdrawn and given anew.
            if (current.State.Attempt?.Key != attempt.Key) return null;
            if (outcome.IsUnderWay)
                return (current with { CheckAt = Now.Plus(purchase?.Status == PurchaseStatus.Processing ? LookAgain : AskAgain) }, null);
            var change = AutoTopUp.After(current.State with { LastOrder = purchase?.Order ?? current.State.LastOrder }, outcome, Now);
            return Changed(current, change, Instant.Always, purchase?.Order ?? "", attempt.Price);
        }, stop);
    }

    private Task<AutoTopUpRow?> Save(AutoTopUpRow seen, Func<AutoTopUpState, AutoTopUpChange> change, CancellationToken stop, Instant until = default) =>
        store.Change(seen.Tenant, seen.Type, current => current.Version == seen.Version
            ? Changed(current, change(current.State), until, "", null)
            : null, stop);

    private (AutoTopUpRow, OutboxEvent?) Changed(AutoTopUpRow row, AutoTopUpChange change, Instant until, string order, long? price)
    {
        var next = row with { State = change.State, CheckAt = Instant.Later(Instant.Later(until, change.State.WaitsUntil), Now) };
        return (next, change.News is { } news ? AutoTopUpForm.Event(next, news, order, price, Now) : null);
    }

    /// <summary>No caller can send the first letter of its key.</summary>
    private static AutoTopUpAttempt AttemptOf(AutoTopUpRule rule, Offer offer, Instant now) => new(
        "§auto:" + Guid.CreateVersion7(now.ToDateTimeOffset()), offer.Pack, offer.Price, ByPrice: rule.Target is not null, offer.Currency, rule.Method, now);

    /// <summary>Not about this order: the server was busy, or its database away.</summary>
    private static bool IsPassing(Problem problem) => problem.Status is 429 or >= 500;

    private Instant Now => Instant.From(clock.GetUtcNow());
}
