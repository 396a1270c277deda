using System.Text.Json;
using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Catalog;
using Topup.Domain.Checkout;
using Topup.Server.Http;
using Topup.Server.Storage;

namespace Topup.Server.Checkout.AutoTopUps;

/// <summary>What is told of automatic top-ups.</summary>
internal static class AutoTopUpEvents
{
    /// <param name="row">As it is after what is told.</param>
    /// <param name="order">Of the purchase; empty: none was made.</param>
    /// <param name="price">Minor units; null: nothing was tried.</param>
    public static OutboxEvent Of(AutoTopUpRow row, AutoTopUpNews news, string order, long? price, Instant at)
    {
        var digits = Currency.Digits(row.Rule.Currency);
        var data = new AutoTopUpEventData
        {
            Type = row.Type,
            Method = row.Rule.Method,
            Reason = row.State.Reason.Length == 0 ? null : row.State.Reason,
            Purchase = order.Length == 0 ? null : new PurchaseId(row.Tenant, order).ToString(),
            Pack = row.Rule.Pack.Length == 0 ? null : row.Rule.Pack,
            Price = price is { } units ? Amount.FromUnits(units, digits) : null,
            MonthlyCap = Amount.FromUnits(row.Rule.MonthlyCap, digits),
            Currency = row.Rule.Currency,
            Failures = row.State.Failures,
            WaitsUntil = AutoTopUpForm.WaitsUntil(row.State, at),
        };
        return OutboxEvent.Create(row.Tenant, NameOf(news), at, JsonSerializer.Serialize(data, Json.Wire.AutoTopUpEventData));
    }

    private static string NameOf(AutoTopUpNews news) => news switch
    {
        AutoTopUpNews.Succeeded => "autotopup.succeeded",
        AutoTopUpNews.Failed => "autotopup.failed",
        AutoTopUpNews.Suspended => "autotopup.suspended",
    };
}
