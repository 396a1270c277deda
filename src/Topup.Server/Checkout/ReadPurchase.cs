using System.Text;
using System.Text.Json;
using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Catalog;
using Topup.Server.Checkout.Notifications;
using Topup.Server.Http;
using Topup.Server.Tenancy;

namespace Topup.Server.Checkout;

/// <summary>One purchase with all that is known of it, for the staff that look into it.</summary>
internal sealed class ReadPurchase(CheckoutStore store, InboxStore inbox, PurchaseViews views)
{
    private const int BodyLettersMax = 20_000;

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public async Task<Outcome<WholePurchase>> Run(Caller caller, string id, CancellationToken stop)
    {
        if (!PurchaseId.TryParse(id, out var key) || !caller.MaySee(key.Tenant) || await store.Find(key, stop) is not { } row) return CheckoutProblems.PurchaseUnknown();
        var refunds = await store.Refunds(key, stop);
        return new WholePurchase
        {
            Purchase = views.Of(row),
            Payments = row.Purchase.Payments.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            Steps = [.. (await store.Steps(key, stop)).Select(PurchaseViews.Of)],
            Refunds = [.. refunds.Select(refund => PurchaseViews.Of(refund, row))],
            Left = Amount.FromUnits(RefundPurchase.Left(row.Purchase, refunds), Currency.Digits(row.Purchase.Currency)),
            Heard = [.. (await inbox.Of(key, stop)).Select(View)],
        };
    }

    private static HeardNotification View(HeardRow row) =>
        new(new Instant(row.ReceivedAt), row.Type, row.Trusted == 1, (InboxStatus)row.Status, row.Note, row.Query, Shown(row.Body));

    /// <summary>As the provider wrote it, in lines where it is JSON.</summary>
    private static string Shown(byte[] body)
    {
        var text = Encoding.UTF8.GetString(body);
        try
        {
            using var json = JsonDocument.Parse(body);
            text = JsonSerializer.Serialize(json.RootElement, Indented);
        }
        catch (JsonException)
        {
            // It is shown as it is.
        }
        return text.Length <= BodyLettersMax ? text : text[..BodyLettersMax] + " …";
    }
}

/// <summary>A purchase and all that belongs to it.</summary>
internal sealed record WholePurchase
{
    public required PurchaseView Purchase { get; init; }

    /// <summary>The provider's ids of its payments.</summary>
    public required IReadOnlyList<string> Payments { get; init; }

    /// <summary>The oldest first.</summary>
    public required IReadOnlyList<PurchaseStepView> Steps { get; init; }
    public required IReadOnlyList<RefundView> Refunds { get; init; }

    /// <summary>What of the price may still be given back.</summary>
    public required decimal Left { get; init; }

    /// <summary>What the provider said of it by itself, word for word; the oldest first, of the last three months.</summary>
    public required IReadOnlyList<HeardNotification> Heard { get; init; }
}

/// <param name="IsSigned">Its signature fits.</param>
internal sealed record HeardNotification(Instant At, string Type, bool IsSigned, InboxStatus Status, string Note, string Query, string Body);
