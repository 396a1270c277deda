using Topup.Contracts;

namespace Topup.Cli.Commands.Purchase;

/// <summary>How purchases look, whichever command shows them.</summary>
internal static class PurchaseOutput
{
    public static void Show(this Output output, PurchaseView purchase) => output.Show(purchase, TopupJson.Default.PurchaseView,
        ("id", purchase.Id), ("tenant", purchase.Tenant), ("status", purchase.Status), ("method", purchase.Method), ("pack", purchase.Pack),
        ("title", purchase.Title), ("type", purchase.Type), ("credits", purchase.Credits), ("price", purchase.Price), ("currency", purchase.Currency),
        ("pay at", purchase.CheckoutUrl), ("pay until", purchase.ExpiresAt), ("paid", purchase.Paid), ("paid at", purchase.PaidAt),
        ("refunded", NullIfZero(purchase.Refunded)), ("returned", NullIfZero(purchase.Returned)), ("surplus", purchase.Surplus),
        ("dispute", purchase.Dispute), ("review", purchase.Review), ("failure", purchase.Failure), ("lot", purchase.Lot), ("payment", purchase.Payment),
        ("at", purchase.CreatedAt), ("reference", purchase.Reference), ("replayed", purchase.Replayed));

    private static decimal? NullIfZero(decimal amount) => amount == 0 ? null : amount;
}
