using System.Text.Json;
using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.AddOns;
using Topup.Domain.Catalog;
using Topup.Domain.Ledger;
using Topup.Server.Checkout;
using Topup.Server.Http;
using Topup.Server.Ledger;
using Topup.Server.Storage;

namespace Topup.Server.AddOns;

/// <summary>What is told of add-ons.</summary>
internal static class AddOnEvents
{
    /// <summary>Null: there is nothing to tell.</summary>
    /// <param name="before">As it was.</param>
    /// <param name="cause">Why it goes off without anybody's call; empty: somebody called.</param>
    public static OutboxEvent? Of(AddOnRow before, AddOnDecision decision, CreditType type, string cause, Instant at)
    {
        if (NameOf(decision.News) is not { } name) return null;
        var (was, now, entry) = (before.AddOn, decision.AddOn, decision.Ledger.Main);
        var isOff = now.Status == AddOnStatus.Off;
        var data = new AddOnEventData
        {
            Addon = now.Code,
            Type = now.Type,
            Status = NameOf(now.Status),
            Previous = NameOf(was.Status),
            Reason = isOff ? TextOrNull(cause) : decision.Obstacle == LedgerRefusal.None ? null : LedgerProblems.ReasonOf(decision.Obstacle),
            Charge = isOff ? null : LedgerViews.Decimal(decision.Charge, type),
            GivenBack = isOff ? LedgerViews.Decimal(entry?.Asked ?? 0, type) : null,
            Missing = decision.Missing > 0 ? LedgerViews.Decimal(decision.Missing, type) : null,
            PaidUntil = isOff ? null : now.PaidUntil,
            GraceUntil = now.Status == AddOnStatus.Grace ? now.GraceUntil : null,
            Purchase = was.Purchase.Length > 0 ? new PurchaseId(before.Tenant, was.Purchase).ToString() : null,
            Entry = entry is null ? null : new LedgerId(before.Tenant, now.Type, entry.Id).ToString(),
        };
        return OutboxEvent.Create(before.Tenant, name, at, JsonSerializer.Serialize(data, Json.Wire.AddOnEventData));
    }

    public static string NameOf(AddOnStatus status) => status switch
    {
        AddOnStatus.Off => "off",
        AddOnStatus.Waiting => "waiting",
        AddOnStatus.On => "on",
        AddOnStatus.Grace => "grace",
        AddOnStatus.Suspended => "suspended",
    };

    private static string? NameOf(AddOnNews news) => news switch
    {
        AddOnNews.None => null,
        AddOnNews.Enabled => "addon.enabled",
        AddOnNews.Disabled => "addon.disabled",
        AddOnNews.Renewed => "addon.renewed",
        AddOnNews.Suspended => "addon.suspended",
    };

    private static string? TextOrNull(string text) => text.Length == 0 ? null : text;
}
