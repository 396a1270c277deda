using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Catalog;
using Topup.Domain.Checkout;
using Topup.Domain.Ledger;
using Topup.Server.Checkout.Providers;
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

    private const string Withdrawn = "withdrawn";
    private const int TriesMax = 8;

    /// <summary>For so long other servers leave an attempt alone; then they take it for abandoned and finish it.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Money that is under way takes hours or days; the reconciler looks after it, and this only reads what it found. A pool
    /// that has enough and does not change can only come to need more by a change of its terms.
    /// </summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromMinutes(5);

    /// <summary>Until when it need not be looked at again, unless the rule or its pool changes.</summary>
    public async Task<Instant> Run(AutoTopUpRow seen, CancellationToken stop)
    {
        var row = seen;
        if (seen.State.Attempt is null)
        {
            var outlook = await outlooks.Of(seen, stop);
            if (!outlook.WillOrder)
            {
                await Explain(seen, outlook, stop);
                return outlook.Now.Plus(outlook.IsEnough ? LookAgain : AskAgain);
            }
            row = row with { State = row.State with { Attempt = AttemptOf(row.Rule, outlook) } };
        }
        if (await Claim(seen, row.State, stop) is { } claimed)
        {
            var (outcome, purchase) = await CarryOut(claimed, stop);
            await Finish(claimed, outcome, purchase, stop);
        }
        return Instant.Always;
    }

    /// <summary>Notes why a rule does not order, where that is news.</summary>
    private Task Explain(AutoTopUpRow seen, Outlook outlook, CancellationToken stop) => outlook switch
    {
        { Problem: { } problem } => IsPassing(problem)
            ? Task.CompletedTask
            : Save(seen, state => AutoTopUp.After(state, AutoTopUpOutcome.Declined(problem.Code), outlook.Now), Instant.Always, stop),
        { Decision: { Step: AutoTopUpStep.Suspend } decision } => Save(seen, state => AutoTopUp.Suspend(state, decision.Reason), Instant.Always, stop),
        { Decision: { Step: AutoTopUpStep.CapReached } decision } => Save(seen, state => AutoTopUp.ReachCap(state, outlook.Month), decision.Until, stop),
        _ => Task.CompletedTask,
    };

    /// <summary>Null: somebody else was faster.</summary>
    private Task<AutoTopUpRow?> Claim(AutoTopUpRow seen, AutoTopUpState state, CancellationToken stop) =>
        store.Change(seen.Tenant, seen.Type, current => current.Version == seen.Version
            ? (current with { State = state, CheckAt = Now.Plus(Lease) }, null)
            : null, stop);

    private async Task<(AutoTopUpOutcome Outcome, Purchase? Purchase)> CarryOut(AutoTopUpRow row, CancellationToken stop)
    {
        var attempt = row.State.Attempt!;
        if (row.State.IsEnded && await checkout.FindByKey(row.Tenant, attempt.Key, stop) is null) return (AutoTopUpOutcome.Declined(Withdrawn), null);
        var price = Amount.FromUnits(attempt.Price, Currency.Digits(attempt.Currency));
        var ordered = await purchases.Order(new OrderRequest
        {
            Tenant = row.Tenant, Pack = attempt.Pack.Length == 0 ? null : attempt.Pack, Type = row.Type, Amount = attempt.Pack.Length == 0 ? price : null,
            Price = attempt.Pack.Length > 0 && attempt.ByPrice ? price : null, Method = attempt.Method, Key = attempt.Key, Actor = Source,
            AutoTopUp = row.Type,
        }, stop);
        if (ordered.Problem is { } problem) return (IsPassing(problem) ? AutoTopUpOutcome.UnderWay : AutoTopUpOutcome.Declined(problem.Code), null);

        var made = ordered.Value.Row;
        if (made.IsBeingCharged) made = await Charge(row, made, stop);
        if (made.Checkout.Length > 0 && made.Purchase.Status is PurchaseStatus.Created or PurchaseStatus.Paid)
        {
            var settled = await settle.Run(made.Id, made.Checkout, Source, stop);
            if (settled.Problem is null) made = settled.Value;
        }
        return (AutoTopUp.OutcomeOf(made.Purchase), made.Purchase);
    }

    /// <summary>The purchase with its payment named, or failed; as it was where nobody knows yet what became of the charge.</summary>
    private async Task<PurchaseRow> Charge(AutoTopUpRow row, PurchaseRow purchase, CancellationToken stop)
    {
        var card = new SavedCard(row.State.Attempt!.Card!.Customer, row.State.Attempt.Card.Card, "", "");
        var charger = providers.OfType<ICardCharger>().First(known => known.Method == purchase.Purchase.Method);
        // Consent that was withdrawn meanwhile undoes no charge, and makes none.
        var mayCharge = !row.State.IsEnded && await cards.Find(row.Tenant, charger.Method, stop) is not null;
        var answer = mayCharge ? await charger.Charge(purchase, card, stop) : Either(await charger.FindCharge(purchase, card, stop));
        if (answer.Failure is { Kind: ProviderFailureKind.Unavailable } lost)
        {
            log.LogWarning("{Method} did not say what became of the charge for {Purchase}: {Code}; it is asked again", charger.Method, purchase.Id, lost.Code);
            return purchase;
        }
        return await WriteDown(purchase, answer.Failure is { } refused ? new ChargeAnswer("", refused.Code) : answer.Value, stop);
    }

    /// <summary>
    /// Says in the purchase which payment the charge made, whatever a notification has brought or a person has done meanwhile: by it
    /// the money is found. A decline fails the purchase only where nothing else has happened to it.
    /// </summary>
    private async Task<PurchaseRow> WriteDown(PurchaseRow row, ChargeAnswer answer, CancellationToken stop)
    {
        for (var tries = 0; tries < TriesMax && row.Checkout.Length == 0; tries++)
        {
            var hasFailed = answer.Declined.Length > 0 && row.IsBeingCharged;
            var wanted = hasFailed
                ? row.Purchase with { Status = PurchaseStates.Next(row.Purchase.Status, PurchaseEvent.GaveUp), Failure = answer.Declined }
                : row.Purchase;
            var changed = await settle.Submit(new PurchaseChange(row, row.Purchase.Type, Source,
                now => new PurchaseDecision(Settlement.Decide(now.Pool, now.Terms, now.Now), wanted, PurchaseSettlement.News(row.Purchase, wanted)),
                also: next => next with { Checkout = answer.Payment }));
            if (changed.Problem is null) return changed.Value;
            if (changed.Problem.Code != ProblemCodes.PurchaseChanged) return row;
            row = await checkout.Find(row.Id, stop) ?? row;
        }
        return row;
    }

    private async Task Finish(AutoTopUpRow claimed, AutoTopUpOutcome outcome, Purchase? purchase, CancellationToken stop)
    {
        var attempt = claimed.State.Attempt!;
        await store.Change(claimed.Tenant, claimed.Type, current =>
        {
            // Whoever took it for abandoned has finished it already.
            if (current.State.Attempt?.Key != attempt.Key) return null;
            if (outcome.IsUnderWay)
                return (current with { CheckAt = Now.Plus(purchase?.Status == PurchaseStatus.Processing ? LookAgain : AskAgain) }, null);
            var change = AutoTopUp.After(current.State with { LastOrder = purchase?.Order ?? current.State.LastOrder }, outcome, Now);
            return Changed(current, change, Instant.Always, purchase?.Order ?? "", attempt.Price);
        }, stop);
    }

    private Task<AutoTopUpRow?> Save(AutoTopUpRow seen, Func<AutoTopUpState, AutoTopUpChange> change, Instant until, CancellationToken stop) =>
        store.Change(seen.Tenant, seen.Type, current => current.Version == seen.Version
            ? Changed(current, change(current.State), until, "", null)
            : null, stop);

    private (AutoTopUpRow, OutboxEvent?) Changed(AutoTopUpRow row, AutoTopUpChange change, Instant until, string order, long? price)
    {
        var next = row with { State = change.State, CheckAt = Instant.Later(Instant.Later(until, change.State.WaitsUntil), Now) };
        // Of a rule that was withdrawn there is nothing to tell; what became of its order, the purchase tells.
        return (next, change.News is { } news && !next.State.IsEnded ? AutoTopUpEvents.Of(next, news, order, price, Now) : null);
    }

    /// <summary>No caller can send the first letter of its key.</summary>
    private static AutoTopUpAttempt AttemptOf(AutoTopUpRule rule, Outlook outlook)
    {
        var offer = outlook.Offer!;
        return new AutoTopUpAttempt("§auto:" + Guid.CreateVersion7(outlook.Now.ToDateTimeOffset()), offer.Pack, offer.Price, ByPrice: rule.Target is not null,
            offer.Currency, rule.Method, outlook.Card is { } card ? new ChargedCard(card.Customer, card.Card) : null, outlook.Now);
    }

    private static ProviderAnswer<ChargeAnswer> Either(ProviderAnswer<ChargeAnswer?> found) =>
        found.Failure is { } failure ? failure : found.Value ?? new ChargeAnswer("", Withdrawn);

    /// <summary>Not about this order: the server was busy, or its database or the provider away.</summary>
    private static bool IsPassing(Problem problem) => problem.Status is 429 or >= 500;

    private Instant Now => Instant.From(clock.GetUtcNow());
}
