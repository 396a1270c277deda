using Topup.Contracts;

namespace Topup.Client;

public sealed partial class TopupClient
{
    /// <summary>Buys a pack. Paid from the balance, the credits are there when the call returns.</summary>
    public Task<PurchaseView> StartPurchase(PurchaseRequest request, string? idempotencyKey = null, CancellationToken stop = default) =>
        Change("/v1/purchases", request, TopupJson.Default.PurchaseRequest, TopupJson.Default.PurchaseView, idempotencyKey, stop);

    /// <summary>One purchase.</summary>
    public Task<PurchaseView> GetPurchase(string purchase, CancellationToken stop = default) =>
        Get($"/v1/purchases/{Segment(purchase)}", TopupJson.Default.PurchaseView, stop);

    /// <summary>A tenant's purchases, the newest first.</summary>
    public IAsyncEnumerable<PurchaseView> ListPurchases(string tenant, CancellationToken stop = default) =>
        All((cursor, within) => ListPurchasesPage(tenant, null, cursor, within), stop);

    /// <summary>One page of <see cref="ListPurchases"/>.</summary>
    public Task<Page<PurchaseView>> ListPurchasesPage(
        string tenant, int? limit = null, string? cursor = null, CancellationToken stop = default) =>
        Get(Query($"/v1/tenants/{Segment(tenant)}/purchases", ("limit", Text(limit)), ("cursor", cursor)), TopupJson.Default.PagePurchaseView, stop);
}
