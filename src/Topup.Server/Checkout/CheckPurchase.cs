using Topup.Contracts;
using Topup.Domain.Checkout;
using Topup.Server.Checkout.Providers;
using Topup.Server.Http;
using Topup.Server.Tenancy;

namespace Topup.Server.Checkout;

/// <summary>
/// <c>POST /v1/purchases/{id}/check</c>: asks the provider now. <c>POST /v1/purchases/{id}/cancel</c>: closes the page
/// first, so that nobody can pay on it any more; if it was paid meanwhile, that counts.
/// </summary>
internal sealed class CheckPurchase(CheckoutStore store, SettlePurchase settle, IEnumerable<IPaymentProvider> providers, PurchaseViews views)
{
    public async Task<IResult> Handle(HttpContext context, string id) =>
        Reply.Of(await Run(context.Caller(), id, cancel: false, context.RequestAborted), Json.Wire.PurchaseView);

    public async Task<IResult> HandleCancel(HttpContext context, string id) =>
        Reply.Of(await Run(context.Caller(), id, cancel: true, context.RequestAborted), Json.Wire.PurchaseView);

    public async Task<Outcome<PurchaseView>> Run(Caller caller, string id, bool cancel, CancellationToken stop)
    {
        if (!PurchaseId.TryParse(id, out var purchaseId) || !caller.MaySee(purchaseId.Tenant) || await store.Find(purchaseId, stop) is not { } row)
            return CheckoutProblems.PurchaseUnknown();
        var source = caller.Actor;
        var provider = providers.FirstOrDefault(known => known.Method == row.Purchase.Method);
        if (cancel && provider is not null && row.Purchase.Status is PurchaseStatus.Created or PurchaseStatus.Pending && row.Checkout.Length > 0)
        {
            var closed = await provider.Close(row, stop);
            if (closed.Failure is { } failure) return CheckoutProblems.Of(failure, row.Id);
        }
        var settled = await settle.Run(row.Id, "", source, stop, calledOff: cancel);
        if (settled.Problem is { } problem) return problem;
        // Whoever calls off a charge must know whether there is one.
        if (cancel && settled.Value.IsBeingCharged) return CheckoutProblems.Changed(row.Id);
        if (cancel && settled.Value.Purchase is { Status: PurchaseStatus.Created or PurchaseStatus.Pending } open)
            settled = await settle.Apply(settled.Value, open with { Status = PurchaseStates.Next(open.Status, PurchaseEvent.CalledOff) }, source, stop);
        return settled.Problem is { } late ? late : views.Of(settled.Value);
    }
}
