using Topup.Contracts;
using Topup.Domain.Checkout;
using Topup.Server.Catalog.Settings;

namespace Topup.Server.Checkout.Pages;

/// <summary>
/// What a buyer sees who comes back to <c>/checkout/{token}</c>. Coming back grants nothing: it has the provider asked, as a
/// notification does.
/// </summary>
internal sealed class ReadReturn(CheckoutStore store, SettlePurchase settle, PurchaseViews views, OperatorSettings settings)
{
    /// <summary>Null: there is no purchase of this token.</summary>
    public async Task<BuyerReturn?> Run(string token, CancellationToken stop)
    {
        if (await store.FindByReturnToken(token, stop) is not { } row) return null;
        if (PurchaseStates.IsOpen(row.Purchase.Status))
        {
            var settled = await settle.Run(row.Id, "", "return", stop);
            row = settled.Problem is null ? settled.Value : row;
        }
        return new BuyerReturn(views.Of(row), row.ReturnUrl, (await settings.Checkout(stop)).RedirectDelay);
    }
}

/// <param name="Url">Where the buyer goes on to; empty: nowhere.</param>
/// <param name="Delay">Seconds before a buyer who has paid is sent there.</param>
internal sealed record BuyerReturn(PurchaseView Purchase, string Url, int Delay);
