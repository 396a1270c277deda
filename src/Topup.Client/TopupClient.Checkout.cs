using Topup.Contracts;

namespace Topup.Client;

public sealed partial class TopupClient
{
    /// <summary>
    /// Buys a pack, an amount, or money for the balance. Paid from the balance, the credits are there when the call
    /// returns; else the buyer pays at <see cref="PurchaseView.CheckoutUrl"/>.
    /// </summary>
    public Task<PurchaseView> StartPurchase(PurchaseRequest request, string? idempotencyKey = null, CancellationToken stop = default) =>
        Change("/v1/purchases", request, TopupJson.Default.PurchaseRequest, TopupJson.Default.PurchaseView, idempotencyKey, stop);

    /// <summary>One purchase.</summary>
    public Task<PurchaseView> GetPurchase(string purchase, CancellationToken stop = default) =>
        Get($"/v1/purchases/{Segment(purchase)}", TopupJson.Default.PurchaseView, stop);

    /// <summary>Gives money of a purchase back, and takes back in proportion what is left of its credits.</summary>
    public Task<RefundView> RefundPurchase(string purchase, RefundRequest request, string? idempotencyKey = null, CancellationToken stop = default) =>
        Change($"/v1/purchases/{Segment(purchase)}/refunds", request, TopupJson.Default.RefundRequest, TopupJson.Default.RefundView, idempotencyKey, stop);

    /// <summary>Decides on a purchase that needs review.</summary>
    public Task<PurchaseView> ReviewPurchase(string purchase, ReviewRequest request, string? idempotencyKey = null, CancellationToken stop = default) =>
        Change($"/v1/purchases/{Segment(purchase)}/review", request, TopupJson.Default.ReviewRequest, TopupJson.Default.PurchaseView, idempotencyKey, stop);

    /// <summary>What happened to a purchase, in order.</summary>
    public Task<Page<PurchaseStepView>> ListPurchaseSteps(string purchase, CancellationToken stop = default) =>
        Get($"/v1/purchases/{Segment(purchase)}/steps", TopupJson.Default.PagePurchaseStepView, stop);

    /// <summary>A tenant's purchases, the newest first.</summary>
    public IAsyncEnumerable<PurchaseView> ListPurchases(string tenant, CancellationToken stop = default) =>
        All((cursor, within) => ListPurchasesPage(tenant, null, cursor, within), stop);

    /// <summary>One page of <see cref="ListPurchases"/>.</summary>
    public Task<Page<PurchaseView>> ListPurchasesPage(
        string tenant, int? limit = null, string? cursor = null, CancellationToken stop = default) =>
        Get(Query($"/v1/tenants/{Segment(tenant)}/purchases", ("limit", Text(limit)), ("cursor", cursor)), TopupJson.Default.PagePurchaseView, stop);

    /// <summary>Everybody's purchases, the newest first.</summary>
    /// <param name="status">Only of this status, such as <c>credited</c>.</param>
    /// <param name="review">Only those on which a person must decide.</param>
    /// <param name="method">Only those paid, or to be paid, by this method.</param>
    /// <param name="tenant">Only those of this tenant.</param>
    public IAsyncEnumerable<PurchaseView> ListAllPurchases(
        string? status = null, bool review = false, string? method = null, string? tenant = null, CancellationToken stop = default) =>
        All((cursor, within) => ListAllPurchasesPage(status, review, method, tenant, null, cursor, within), stop);

    /// <summary>One page of <see cref="ListAllPurchases"/>.</summary>
    /// <param name="status">Only of this status, such as <c>credited</c>.</param>
    /// <param name="review">Only those on which a person must decide.</param>
    /// <param name="method">Only those paid, or to be paid, by this method.</param>
    /// <param name="tenant">Only those of this tenant.</param>
    public Task<Page<PurchaseView>> ListAllPurchasesPage(
        string? status = null, bool review = false, string? method = null, string? tenant = null, int? limit = null, string? cursor = null,
        CancellationToken stop = default) =>
        Get(Query("/v1/purchases", ("status", status), ("review", review ? "true" : null), ("method", method), ("tenant", tenant), ("limit", Text(limit)),
            ("cursor", cursor)), TopupJson.Default.PagePurchaseView, stop);

    /// <summary>Has the provider asked now what became of a purchase.</summary>
    public Task<PurchaseView> CheckPurchase(string purchase, CancellationToken stop = default) =>
        Send(Message(HttpMethod.Post, $"/v1/purchases/{Segment(purchase)}/check", null, null, null), mayRepeat: true, TopupJson.Default.PurchaseView, stop);

    /// <summary>Closes a purchase that was not paid. If it was paid meanwhile, that counts.</summary>
    public Task<PurchaseView> CancelPurchase(string purchase, CancellationToken stop = default) =>
        Send(Message(HttpMethod.Post, $"/v1/purchases/{Segment(purchase)}/cancel", null, null, null), mayRepeat: true, TopupJson.Default.PurchaseView, stop);

    /// <summary>Refunds of a purchase, the oldest first.</summary>
    public Task<Page<RefundView>> ListRefunds(string purchase, CancellationToken stop = default) =>
        Get($"/v1/purchases/{Segment(purchase)}/refunds", TopupJson.Default.PageRefundView, stop);
}
