using System.Globalization;
using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Catalog;
using Topup.Domain.Checkout;
using Topup.Server.Catalog.Settings;

namespace Topup.Server.Checkout.Receipts;

/// <summary>A receipt in words: what stands on the page and in the PDF alike.</summary>
/// <param name="Heading">Such as <c>Receipt R-000042</c>.</param>
/// <param name="Seller">Name, address and so on, line by line.</param>
/// <param name="Facts">Dates, buyer, method.</param>
/// <param name="Title">What was bought.</param>
/// <param name="Sums">Net, tax and total, then what was given back and what is left of the price.</param>
internal sealed record ReceiptLines(
    string Heading, IReadOnlyList<string> Seller, IReadOnlyList<ReceiptFact> Facts, string Title, string Price, IReadOnlyList<ReceiptSum> Sums)
{
    /// <param name="zone">The operator's; dates are those of its calendar.</param>
    public static ReceiptLines Of(ReceiptView receipt, MoneyOnScreen money, TimeZoneInfo zone)
    {
        var seller = receipt.Seller;
        string?[] about = [seller.Name, .. seller.Address?.ReplaceLineEndings("\n").Split('\n') ?? [], seller.TaxId, seller.Email, seller.Website];
        return new ReceiptLines(
            "Receipt " + receipt.Number,
            [.. about.OfType<string>().Where(line => line.Length > 0)],
            [
                new("Issued", Date(receipt.IssuedAt)),
                new("Paid", Date(receipt.PaidAt)),
                new("Paid with", MethodName(receipt.Method)),
                new("Buyer", receipt.Buyer),
                new("Customer number", receipt.Tenant),
                new("Purchase", receipt.Purchase),
            ],
            receipt.Title, Money(receipt.Price), [.. Sums()]);

        IEnumerable<ReceiptSum> Sums()
        {
            if (receipt.Tax is { } tax)
            {
                yield return new ReceiptSum("Without tax", Money(tax.Net));
                yield return new ReceiptSum(string.Create(CultureInfo.InvariantCulture, $"{tax.Name} {tax.Rate:0.####} %"), Money(tax.Amount));
            }
            yield return new ReceiptSum($"Total ({receipt.Currency})", Money(receipt.Price), IsTotal: true);
            foreach (var refund in receipt.Refunds)
                yield return new ReceiptSum((refund.To == "balance" ? "Returned to balance" : "Refunded") + (refund.At is { } at ? ", " + Date(at) : ""), Money(-refund.Amount));
            if (receipt.Refunds.Count > 0) yield return new ReceiptSum($"Left ({receipt.Currency})", Money(receipt.Kept), IsTotal: true);
        }

        string Money(decimal amount)
        {
            Amount.TryToUnits(Math.Abs(amount), Currency.Digits(receipt.Currency), out var units);
            return money.Text(amount < 0 ? -units : units, receipt.Currency);
        }

        string Date(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, zone).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    }

    public static string MethodName(string method) => method switch
    {
        PaymentMethod.Balance => "Balance",
        PaymentMethod.Stripe => "Stripe",
        PaymentMethod.MercadoPago => "Mercado Pago",
        PaymentMethod.Sandbox => "Sandbox (no money was taken)",
        _ => method,
    };
}

internal sealed record ReceiptFact(string Name, string Value);

internal sealed record ReceiptSum(string Name, string Value, bool IsTotal = false);
