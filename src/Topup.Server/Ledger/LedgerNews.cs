using System.Text.Json;
using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Catalog;
using Topup.Domain.Ledger;
using Topup.Server.Ledger.Limits;
using Topup.Server.Storage;

namespace Topup.Server.Ledger;

/// <summary>What the rules tell, as it stands in the outbox.</summary>
internal static class LedgerNews
{
    public static OutboxEvent Of(PoolKey pool, CreditType type, LedgerEvent news)
    {
        var entry = news.Entry;
        var data = new PoolEvent
        {
            Type = pool.Type,
            Entry = new LedgerId(pool.Tenant, pool.Type, entry.Id).ToString(),
            Amount = LedgerViews.Decimal(entry.Amount, type),
            Remaining = LedgerViews.Remaining(entry, type),
            Related = LedgerViews.Related(pool, entry),
            Reference = entry.Note.Reference.Length > 0 ? entry.Note.Reference : null,
        };
        return OutboxEvent.Create(pool.Tenant, NameOf(news.Kind, type), entry.At,
            JsonSerializer.Serialize(data, TopupJson.Default.PoolEvent));
    }

    /// <param name="type">Of the use that met the limit.</param>
    public static OutboxEvent Of(string tenant, Limit limit, CreditType type, TimeZoneInfo zone, Instant now) =>
        OutboxEvent.Create(tenant, "limit.reached", now,
            JsonSerializer.Serialize(new LimitEvent { Limit = LimitForm.View(limit, type, zone) }, TopupJson.Default.LimitEvent));

    private static string NameOf(LedgerEventKind kind, CreditType type) => kind switch
    {
        LedgerEventKind.Granted => type.Currency is null ? "credits.granted" : "balance.credited",
        LedgerEventKind.Purchased => "credits.purchased",
        LedgerEventKind.Low => "credits.low",
        LedgerEventKind.Exhausted => "credits.exhausted",
        LedgerEventKind.Recovered => "credits.recovered",
        LedgerEventKind.Expired => "credits.expired",
        LedgerEventKind.AllowanceReset => "allowance.reset",
        LedgerEventKind.HoldExpired => "hold.expired",
    };
}
