using Topup.Contracts;
using Topup.Domain.Checkout;
using Topup.Domain.Ledger;
using Topup.Server.Checkout.Providers;
using Topup.Server.Http;
using Topup.Server.Ledger;
using Topup.Server.Tenancy;

namespace Topup.Server.Checkout;

/// <summary><c>POST /v1/purchases/{id}/review</c>: a person decides on money that is not what was agreed, or could not be credited.</summary>
internal sealed class ReviewPurchase(
    CheckoutStore store, SettlePurchase settle, IEnumerable<IPaymentProvider> providers, PurchaseViews views)
{
    public async Task<IResult> Handle(HttpContext context, string id)
    {
        var body = await Body.Read(context, Json.Wire.ReviewRequest);
        var key = IdempotencyKey.Read(context);
        return (body.Problem ?? key.Problem) is { } problem
            ? problem.AsResult()
            : Reply.Of(await Run(context.Caller(), id, body.Value, context.RequestAborted), Json.Wire.PurchaseView);
    }

    public async Task<Outcome<PurchaseView>> Run(Caller caller, string id, ReviewRequest asked, CancellationToken stop)
    {
        if (!PurchaseId.TryParse(id, out var purchaseId) || !caller.MaySee(purchaseId.Tenant) || await store.Find(purchaseId, stop) is not { } row)
            return CheckoutProblems.PurchaseUnknown();
        if (Fields.Text("reason", asked.Reason, LedgerDesk.ReasonLengthMax) is { } invalid) return invalid;
        if (asked.Decision is not ("credit" or "balance" or "dismiss"))
            return Problems.Invalid("decision", "decision must be credit, balance or dismiss.");
        if (row.Purchase.Review == ReviewReason.None)
            return Problems.Of(409, ProblemCodes.PurchaseNotInReview, "The purchase does not need review: it was decided already, or never did.");

        var source = $"{caller.Actor}: {asked.Reason}";
        if (asked.Decision == "dismiss") return await View(settle.Submit(Change(row, row.Purchase with { Review = ReviewReason.None }, source)));
        if (row.Purchase.Review == ReviewReason.SurplusGone)
            return Problems.Invalid("decision", "There is no money left to credit: dismiss it, and take the surplus back from the balance.");

        var wanted = row.Purchase with { Review = ReviewReason.None };
        if (row.Purchase.Paid == 0)
        {
            if (providers.FirstOrDefault(provider => provider.Method == row.Purchase.Method) is not { } provider) return views.Of(row);
            var truth = await provider.Fetch(row, row.Purchase.Payments, stop);
            if (truth.Failure is { } failure) return CheckoutProblems.Of(failure, row.Id);
            wanted = PaymentJudgement.Apply(wanted, truth.Value, accept: true);
            if (wanted.Paid == 0)
            {
                return Problems.Of(409, ProblemCodes.PurchaseNotRefundable,
                    "No money of the purchase's currency came to this account for this order. Refund it at the provider, then dismiss it.");
            }
        }
        return await View(asked.Decision == "credit"
            ? settle.Apply(row, wanted, source, stop)
            : settle.ToBalance(row, wanted, source, stop));
    }

    private async Task<Outcome<PurchaseView>> View(Task<Outcome<PurchaseRow>> changing)
    {
        var changed = await changing;
        return changed.Problem is { } problem ? problem : views.Of(changed.Value);
    }

    private static PurchaseChange Change(PurchaseRow row, Purchase wanted, string source) => new(row, row.Purchase.Type, source,
        now => new PurchaseDecision(Settlement.Decide(now.Pool, now.Terms, now.Now), wanted, PurchaseSettlement.News(row.Purchase, wanted)));
}
