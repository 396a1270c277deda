using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Catalog;
using Topup.Server.Catalog.Settings;
using Topup.Server.Checkout.Providers;
using Topup.Server.Http;
using Topup.Server.Tenancy;

namespace Topup.Server.Checkout.Receipts;

/// <summary>Shows the receipt of a purchase, and what was given back since it was issued; issues it when it is asked for first.</summary>
internal sealed class ShowReceipt(CheckoutStore purchases, IssueReceipt issue, OperatorSettings settings, TimeZoneInfo zone)
{
    public async Task<IResult> HandleJson(HttpContext context, string id) =>
        Reply.Of(await Find(context, id), Json.Wire.ReceiptView);

    public async Task<IResult> HandlePage(HttpContext context, string id)
    {
        var receipt = await Find(context, id);
        if (receipt.Problem is { } problem) return problem.AsResult();
        var lines = ReceiptLines.Of(receipt.Value, await settings.Money(context.RequestAborted), zone);
        Protect(context.Response);
        context.Response.Headers.ContentSecurityPolicy = ReceiptPage.ContentSecurityPolicy;
        return Results.Text(ReceiptPage.Of(lines), "text/html; charset=utf-8");
    }

    public async Task<IResult> HandlePdf(HttpContext context, string id)
    {
        var receipt = await Find(context, id);
        if (receipt.Problem is { } problem) return problem.AsResult();
        var lines = ReceiptLines.Of(receipt.Value, await settings.Money(context.RequestAborted), zone);
        Protect(context.Response);
        return Results.Bytes(ReceiptPdf.Of(lines, receipt.Value.IssuedAt), "application/pdf", receipt.Value.Number.Replace('/', '-') + ".pdf");
    }

    public async Task<Outcome<ReceiptView>> Run(PurchaseId id, CancellationToken stop)
    {
        if (await purchases.Find(id, stop) is not { } row) return CheckoutProblems.PurchaseUnknown();
        if (await issue.Run(row, stop) is not { } receipt)
            return Problems.Of(404, ProblemCodes.NoReceipt, "The purchase has no receipt: one is issued once it is paid and credited.");
        return WithRefunds(receipt, row, await purchases.Refunds(id, stop));
    }

    private async Task<Outcome<ReceiptView>> Find(HttpContext context, string id) =>
        PurchaseId.TryParse(id, out var key) && context.Caller().MaySee(key.Tenant)
            ? await Run(key, context.RequestAborted)
            : CheckoutProblems.PurchaseUnknown();

    private static ReceiptView WithRefunds(ReceiptView receipt, PurchaseRow row, IEnumerable<RefundRow> refunds)
    {
        var digits = Currency.Digits(receipt.Currency);
        var lines = refunds.Where(refund => refund.Status != RefundStatus.Failed).Select(refund => new ReceiptRefund
        {
            At = refund.CreatedAt.ToDateTimeOffset(), Amount = Amount.FromUnits(refund.Amount, digits),
            To = refund.ProviderId == RefundRow.ToBalance ? "balance" : "buyer",
        }).ToList();
        // What the buyer got back by the provider's own dashboard, or by a dispute, was never asked for here.
        var elsewhere = Amount.FromUnits(row.Purchase.GoneBack, digits) - lines.Sum(line => line.Amount);
        if (elsewhere > 0) lines.Add(new ReceiptRefund { Amount = elsewhere, To = "buyer" });
        return receipt with { Refunds = lines, Kept = receipt.Price - lines.Sum(line => line.Amount) };
    }

    private static void Protect(HttpResponse response)
    {
        response.Headers.CacheControl = "private, no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "no-referrer";
    }
}
