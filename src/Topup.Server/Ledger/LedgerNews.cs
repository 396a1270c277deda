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
    /// <summary>What the actor of a workflow's changes begins with. No API key has such an id.</summary>
    public const string WorkflowActor = "workflow:";

    public static OutboxEvent Of(PoolKey pool, CreditType type, LedgerEvent news)
    {
        var data = news.Entry is { } entry ? Of(pool, type, entry, news.Mark) with { Cause = CauseOf(news) } : Of(pool, type, news.Lot!, news.Pool!);
        return OutboxEvent.Create(pool.Tenant, NameOf(news.Kind, type), news.At, JsonSerializer.Serialize(data, TopupJson.Default.PoolEvent));
    }

    private static string? CauseOf(LedgerEvent news) => news.Actor.StartsWith(WorkflowActor, StringComparison.Ordinal) ? news.Actor : null;

    private static PoolEvent Of(PoolKey pool, CreditType type, Entry entry, LowMark? mark) => new()
    {
        Type = pool.Type,
        Entry = new LedgerId(pool.Tenant, pool.Type, entry.Id).ToString(),
        Amount = LedgerViews.Decimal(entry.Amount, type),
        Remaining = LedgerViews.Remaining(entry, type),
        Related = LedgerViews.Related(pool, entry),
        Reference = entry.Note.Reference.Length > 0 ? entry.Note.Reference : null,
        Threshold = mark is not { } crossed ? null
            : crossed.Percent > 0 ? new ThresholdView { Percent = crossed.Percent }
            : new ThresholdView { Amount = LedgerViews.Decimal(crossed.Amount, type) },
    };

    /// <summary>What will be gone: all that is left of the lot, which has the number of the entry that made it.</summary>
    private static PoolEvent Of(PoolKey pool, CreditType type, Lot lot, Pool now)
    {
        var id = new LedgerId(pool.Tenant, pool.Type, lot.Id).ToString();
        return new PoolEvent
        {
            Type = pool.Type,
            Entry = id,
            Amount = LedgerViews.Decimal(lot.Remaining, type),
            Remaining = LedgerViews.Remaining(now, type),
            Related = id,
            ExpiresAt = lot.ExpiresAt.ToDateTimeOffset(),
        };
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
        LedgerEventKind.Expiring => "credits.expiring",
        LedgerEventKind.Expired => "credits.expired",
        LedgerEventKind.AllowanceReset => "allowance.reset",
        LedgerEventKind.HoldExpired => "hold.expired",
    };
}
