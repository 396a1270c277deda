using Topup.Domain;
using Topup.Domain.Checkout;
using Topup.Domain.Ledger;
using Topup.Server.Ledger;

namespace Topup.Server.Checkout;

/// <summary>
/// A change of a purchase together with a pool, in one ledger transaction. It is decided only if the purchase is still
/// as it was seen; else nothing happens, and whoever asked looks again.
/// </summary>
/// <param name="type">The pool's credit type.</param>
/// <param name="decide">Pure; may be called twice.</param>
internal sealed class PurchaseChange(
    PurchaseRow seen, string type, string source, Func<LedgerCase, PurchaseDecision> decide, Func<PurchaseRow, PurchaseRow>? also = null)
    : LedgerRequest(seen.Tenant, type, Note.None)
{
    private PurchaseDecision? decision;
    private Instant at;

    public PurchaseRow Seen => seen;

    /// <summary>The purchase as it was saved; null: it had changed, and nothing was done.</summary>
    public PurchaseRow? Result { get; private set; }

    public override CompanionKey? Companion => CheckoutStore.KeyOf(seen.Id);

    public override long LotId => Type == seen.Purchase.LotType ? seen.Purchase.Lot : 0;

    public override long HoldId => Type == seen.Purchase.LotType ? seen.Purchase.DisputeHold : 0;

    public override LedgerDecision Decide(LedgerCase now)
    {
        (decision, Result, at) = (null, null, now.Now);
        if (now.Companion is not PurchaseRow row || row.Version != seen.Version) return Settlement.Decide(now.Pool, now.Terms, now.Now);
        decision = decide(now);
        return decision.Ledger;
    }

    public override void WriteAlongside(LedgerOutcome outcome, Alongside writes)
    {
        if (decision is null) return;
        Result = Next(seen, decision.Purchase);
        if (also is not null) Result = also(Result);
        writes.Save(CheckoutStore.KeyOf(seen.Id), Result);
        foreach (var words in CheckoutNews.Words(seen.Purchase, decision.Purchase))
            CheckoutStore.Save(seen.Id, PurchaseStep.Of(at, decision.Purchase.Status, words, source), writes);
        foreach (var news in decision.News) writes.Tell(CheckoutNews.Of(Result, news, at));
    }

    private PurchaseRow Next(PurchaseRow row, Purchase purchase)
    {
        var hasMoved = purchase.Status != row.Purchase.Status;
        var checks = hasMoved ? 0 : row.Checks;
        // A surplus is credited in a transaction of its own. If that is cut off, the reconciler comes for it.
        var isOwed = purchase.Surplus != purchase.SurplusCredited && purchase.Review == ReviewReason.None;
        return row with
        {
            Purchase = purchase,
            OpenSlot = purchase.Status is PurchaseStatus.Created or PurchaseStatus.Pending ? row.OpenSlot : "",
            PaidAt = row.PaidAt == Instant.Never && purchase.Paid > 0 ? at : row.PaidAt,
            Checks = checks,
            CheckAt = isOwed ? at : hasMoved ? CheckSchedule.Next(purchase.Status, row.CreatedAt, checks, at) : row.CheckAt,
            Version = row.Version + 1,
        };
    }
}
