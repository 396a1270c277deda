using System.Text.Json;
using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Catalog;
using Topup.Domain.Checkout;
using Topup.Server.Catalog;
using Topup.Server.Catalog.Settings;
using Topup.Server.Storage;
using Topup.Server.Tenancy;

namespace Topup.Server.Checkout.Receipts;

/// <summary>
/// Issues the receipt of a paid purchase, once. Its number is the next of the counter, taken under the counter's lock in
/// the transaction that writes the receipt: numbers follow each other without a gap, and none is given twice.
/// </summary>
internal sealed class IssueReceipt(
    Database database, ReceiptStore store, OperatorSettings settings, CatalogCache catalogs, TimeProvider clock)
{
    /// <summary>The receipt as it was issued, or null: the purchase is not one that has a receipt.</summary>
    public async Task<ReceiptView?> Run(PurchaseRow row, CancellationToken stop)
    {
        if (await store.Find(row.Id, stop) is { } issued) return Read(issued);
        if (!HasReceipt(row.Purchase)) return null;

        var business = await settings.Business(stop);
        var buyer = await database.Read(connection => TenancyStore.FindTenant(connection, row.Tenant), stop);
        var now = Instant.From(clock.GetUtcNow());
        var draft = Draft(row, business, buyer?.Name ?? row.Tenant, now);
        var receipt = await store.Issue(row.Id, now,
            number => JsonSerializer.Serialize(draft with { Number = NumberOf(business.ReceiptPrefix, number) }, TopupJson.Default.ReceiptView), stop);
        return Read(receipt);
    }

    /// <summary>Money was taken, and what was bought for it was delivered.</summary>
    public static bool HasReceipt(Purchase purchase) =>
        purchase.Status is PurchaseStatus.Credited or PurchaseStatus.PartlyRefunded or PurchaseStatus.Refunded
            or PurchaseStatus.Disputed or PurchaseStatus.DisputeWon or PurchaseStatus.DisputeLost
        && (purchase.Paid > 0 || purchase.Method == PaymentMethod.Balance);

    private ReceiptView Draft(PurchaseRow row, BusinessSettings business, string buyer, Instant now)
    {
        var purchase = row.Purchase;
        var price = Amount.FromUnits(purchase.Price, Currency.Digits(purchase.Currency));
        return new ReceiptView
        {
            Number = "",
            Purchase = row.Id.ToString(),
            Tenant = row.Tenant,
            IssuedAt = now.ToDateTimeOffset(),
            PaidAt = (row.PaidAt == Instant.Never ? row.CreatedAt : row.PaidAt).ToDateTimeOffset(),
            Seller = new ReceiptSeller
            {
                Name = business.Name, Address = business.Address, TaxId = business.TaxId, Email = business.Email, Website = business.Website,
            },
            Buyer = buyer,
            Title = row.Title,
            Method = purchase.Method,
            Currency = purchase.Currency,
            Price = price,
            Tax = TaxOf(purchase, business.Tax),
            Refunds = [],
            Kept = price,
        };
    }

    /// <summary>Money that is bought buys something later, and is taxed then, on that receipt.</summary>
    private ReceiptTax? TaxOf(Purchase purchase, TaxSettings? tax)
    {
        if (tax is null || catalogs.Current.Types.GetValueOrDefault(purchase.Type)?.Currency is not null) return null;
        var taxed = Tax.Included(purchase.Price, SettingsForm.RateOf(tax).Value);
        var digits = Currency.Digits(purchase.Currency);
        return new ReceiptTax
        {
            Name = tax.Name, Rate = tax.Rate, Net = Amount.FromUnits(taxed.Net, digits), Amount = Amount.FromUnits(taxed.Tax, digits),
        };
    }

    private static string NumberOf(string? prefix, long number) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{prefix}{number:D6}");

    private static ReceiptView Read(string snapshot) => JsonSerializer.Deserialize(snapshot, TopupJson.Default.ReceiptView)!;
}
