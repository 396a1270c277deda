using Topup.Contracts;

namespace Topup.Server.Checkout;

/// <summary>Finds a purchase by whatever number of it somebody has: its id, that of its order, or a payment's at the provider.</summary>
internal sealed class FindPurchase(CheckoutStore store, PurchaseViews views)
{
    private const int NumberLengthMax = 200;

    /// <summary>Null: there is none.</summary>
    public async Task<PurchaseView?> Run(string number, CancellationToken stop)
    {
        if (number.Length is 0 or > NumberLengthMax || number.Any(char.IsControl)) return null;
        var row = PurchaseId.TryParse(number, out var id) ? await store.Find(id, stop) : await store.FindByNumber(number, stop);
        return row is null ? null : views.Of(row);
    }
}
