using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Catalog;
using Topup.Domain.Checkout;
using Topup.Domain.Ledger;
using Topup.Server.Catalog;
using Topup.Server.Catalog.Settings;
using Topup.Server.Checkout.Providers;
using Topup.Server.Http;
using Topup.Server.Ledger;
using Topup.Server.Tenancy;

namespace Topup.Server.Checkout;

/// <summary>
/// <c>POST /v1/purchases/{id}/refunds</c>: gives money back, and takes back in proportion what is left of the credits.
/// To the buyer, it is written down first, asked of the provider under its own id, and claimed of the credits by what
/// the provider then says; so an answer that is lost is asked for again, and never refunded twice.
/// </summary>
internal sealed class RefundPurchase(
    CheckoutStore store, SettlePurchase settle, IEnumerable<IPaymentProvider> providers, OperatorSettings settings, CatalogCache catalogs,
    LedgerDesk desk, TimeProvider clock)
{
    public async Task<IResult> Handle(HttpContext context, string id)
    {
        var body = await Body.Read(context, Json.Wire.RefundRequest);
        var key = IdempotencyKey.Read(context);
        return (body.Problem ?? key.Problem) is { } problem
            ? problem.AsResult()
            : Reply.Of(await Run(context.Caller(), key.Value, id, body.Value, context.RequestAborted), Json.Wire.RefundView);
    }

    /// <summary>What of a purchase may still be refunded beside refunds that the provider has not counted yet.</summary>
    public static long Left(Purchase purchase, IEnumerable<RefundRow> refunds)
    {
        var asked = refunds.Where(refund => refund.Status != RefundStatus.Failed).Sum(refund => refund.Amount);
        var lost = purchase.Dispute == DisputeState.Lost ? purchase.Disputed : 0;
        return purchase.Dispute == DisputeState.Open ? 0
            : Math.Max(Math.Min(purchase.Refundable, purchase.Paid - lost - asked), 0);
    }

    public async Task<Outcome<RefundView>> Run(Caller caller, string key, string id, RefundRequest asked, CancellationToken stop)
    {
        if (!PurchaseId.TryParse(id, out var purchaseId) || !caller.MaySee(purchaseId.Tenant) || await store.Find(purchaseId, stop) is not { } row)
            return CheckoutProblems.PurchaseUnknown();
        if (Fields.Text("reason", asked.Reason, LedgerDesk.ReasonLengthMax) is { } invalid) return invalid;
        if (asked.To is not (null or "buyer" or "balance")) return Problems.Invalid("to", "to must be buyer or balance.");
        var toBalance = row.Purchase.Method == "balance" || asked.To == "balance";
        if (toBalance && asked.To == "buyer") return Problems.Invalid("to", "The purchase was paid from the balance, so its money goes back there.");
        var fingerprint = LedgerDesk.Fingerprint("refund", id, asked.Amount is { } a ? LedgerDesk.Canonical(a) : null, asked.To, asked.Reason);
        if (await store.FindRefundByKey(row.Tenant, key, stop) is { } made)
            return made.Fingerprint == fingerprint ? await Continue(row, made, replayed: true, stop) : LedgerProblems.Of(LedgerRefusal.KeyReused, 0, null);

        var left = Left(row.Purchase, await store.Refunds(purchaseId, stop));
        var amount = asked.Amount is { } wanted ? Fields.Amount("amount", wanted, Currency.Digits(row.Purchase.Currency)) : left;
        if (amount.Problem is { } wrong) return wrong;
        if (row.Purchase.Dispute == DisputeState.Open)
            return Problems.Of(409, ProblemCodes.PurchaseNotRefundable, "The payment is disputed; the dispute's outcome decides where the money goes.");
        if (left == 0) return NotRefundable(row, 0);
        if (amount.Value > left) return NotRefundable(row, left);

        var now = Instant.From(clock.GetUtcNow());
        var refund = new RefundRow
        {
            Tenant = row.Tenant, Order = row.Purchase.Order, Id = Guid.CreateVersion7(now.ToDateTimeOffset()).ToString(), Amount = amount.Value,
            Status = RefundStatus.Requested, Payment = row.Purchase.Payments.Split(' ')[0], Reason = asked.Reason, Key = key, Fingerprint = fingerprint,
            Actor = caller.KeyId, CreatedAt = now, ChangedAt = now,
        };
        if (toBalance) return await ToBalance(row, refund with { Status = RefundStatus.Succeeded, ProviderId = RefundRow.ToBalance }, stop);
        var written = await store.Create(refund, stop);
        return written is null ? NotRefundable(row, left) : await Continue(row, written, replayed: written.Id != refund.Id, stop);
    }

    /// <summary>Asks the provider for a refund that it has not confirmed, also again and again: it makes it once.</summary>
    public async Task<Outcome<RefundView>> Continue(PurchaseRow row, RefundRow refund, bool replayed, CancellationToken stop)
    {
        if (refund.Status == RefundStatus.Requested && providers.FirstOrDefault(known => known.Method == row.Purchase.Method) is { } provider)
        {
            var answer = await provider.Refund(row, refund, stop);
            if (answer.Failure is { Kind: ProviderFailureKind.Unavailable } lost) return CheckoutProblems.Of(lost, row.Id);
            refund = answer.Failure is { } refused
                ? refund with { Status = RefundStatus.Failed, Failure = refused.Code }
                : refund with { Status = answer.Value.Status, ProviderId = answer.Value.Id, Failure = answer.Value.Failure };
            refund = refund with { ChangedAt = Instant.From(clock.GetUtcNow()) };
            await store.Save(refund, stop);
            if (answer.Failure is { } no) return CheckoutProblems.Of(no, row.Id);
        }
        // What the provider says now is what is claimed of the credits; if it cannot say, the reconciler asks again.
        if (refund.ProviderId != RefundRow.ToBalance) await settle.Run(row.Id, "", Caller.ActorOf(refund.Actor), stop);
        return PurchaseViews.Of(refund, row) with { Replayed = replayed };
    }

    private async Task<Outcome<RefundView>> ToBalance(PurchaseRow row, RefundRow refund, CancellationToken stop)
    {
        if (settle.MoneyType(row.Purchase.Currency) is not { } money)
            return Problems.Of(409, ProblemCodes.NoBalance, $"No credit type holds {row.Purchase.Currency}, so there is no balance to refund to.", "to");
        if (row.Purchase.Lot == 0 || row.Purchase.LotType == money.Code)
            return Problems.Of(409, ProblemCodes.PurchaseNotRefundable, "The money of this purchase is on the balance already, or nothing was credited for it.");
        var spentBecomesDebt = (await settings.Checkout(stop)).SpentOnRefund == SpentOnRefund.Debt;
        var submitted = await desk.SubmitOrRefuse(new Return(row, refund, money.Code, spentBecomesDebt), catalogs.Current.Types[row.Purchase.LotType]);
        if (submitted.Problem is { } problem) return problem;
        if (!submitted.Value.Replayed && await store.FindRefundByKey(row.Tenant, refund.Key, stop) is null) return CheckoutProblems.Changed(row.Id);
        return PurchaseViews.Of(refund, row) with { Replayed = submitted.Value.Replayed };
    }

    private static Problem NotRefundable(PurchaseRow row, long left) => Problems.Of(409, ProblemCodes.PurchaseNotRefundable,
        left == 0 ? "Nothing of the purchase is left to refund."
            : $"Only {Amount.FromUnits(left, Currency.Digits(row.Purchase.Currency))} {row.Purchase.Currency} of the purchase is left to refund.",
        "amount", Amount.FromUnits(left, Currency.Digits(row.Purchase.Currency)));

    /// <summary>Claims the credits and puts the money on the balance, in one transaction.</summary>
    private sealed class Return(PurchaseRow seen, RefundRow refund, string money, bool spentBecomesDebt)
        : LedgerRequest(seen.Tenant, seen.Purchase.LotType, new Note("§refund:" + refund.Id, refund.Fingerprint, refund.Actor, seen.Purchase.Order, Reason: refund.Reason))
    {
        private PurchaseDecision? decision;
        private Instant at;

        public override string OtherType => money;
        public override CompanionKey? Companion => CheckoutStore.KeyOf(seen.Id);
        public override long LotId => seen.Purchase.Lot;
        public override long HoldId => seen.Purchase.DisputeHold;

        public override LedgerDecision Decide(LedgerCase now)
        {
            (decision, at) = (null, now.Now);
            // Somebody was faster: nothing happens, in either pool.
            if (now.Companion is not PurchaseRow row || row.Version != seen.Version)
                return new LedgerDecision { Refusal = LedgerRefusal.GrantClosed, Pool = now.Pool, Settled = now.Pool };
            var purchase = seen.Purchase with { Returned = seen.Purchase.Returned + refund.Amount };
            purchase = purchase with { Status = PaymentJudgement.StatusOf(seen.Purchase, purchase, purchase.Status) };
            decision = PurchaseSettlement.Decide(now.Pool, now.Terms, Type, 0, LotSource.Purchase, seen.Purchase, purchase, spentBecomesDebt,
                Note with { Key = "" }, now.Now);
            return decision.Ledger;
        }

        public override LedgerDecision DecideOther(LedgerCase other) => Grant.Decide(other.Pool, other.Terms, refund.Amount, LotSource.Refund,
            Lot.PriorityDefault, Instant.Always, Instant.Never, Note, other.Now);

        public override void WriteAlongside(LedgerOutcome outcome, Alongside writes)
        {
            if (decision is null) return;
            var row = seen with
            {
                Purchase = decision.Purchase, Version = seen.Version + 1, CheckAt = CheckSchedule.Next(decision.Purchase.Status, seen.CreatedAt, 0, at), Checks = 0,
            };
            writes.Save(CheckoutStore.KeyOf(seen.Id), row);
            CheckoutStore.Save(refund, writes);
            foreach (var words in CheckoutNews.Words(seen.Purchase, decision.Purchase))
                CheckoutStore.Save(seen.Id, PurchaseStep.Of(at, row.Purchase.Status, words, Caller.ActorOf(refund.Actor)), writes);
            foreach (var news in decision.News) writes.Tell(CheckoutNews.Of(row, news, at));
        }
    }
}
