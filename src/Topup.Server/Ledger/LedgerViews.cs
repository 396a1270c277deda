using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Catalog;
using Topup.Domain.Ledger;

namespace Topup.Server.Ledger;

/// <summary>How values of the rules look on the wire. A reply follows from its entry alone, so a replay is the first reply again.</summary>
internal static class LedgerViews
{
    public static decimal Decimal(long units, CreditType type) => Amount.FromUnits(units, type.Decimals);

    public static Remaining Remaining(Entry entry, CreditType type) => Remaining(entry.After, entry.Unlimited, entry.ResetsAt, type);

    public static Remaining Remaining(Pool pool, CreditType type) =>
        Remaining(pool.Balance, pool.Allowance.IsUnlimited, pool.Allowance.ResetsAt, type);

    public static Remaining Remaining(Balance balance, bool unlimited, Instant resetsAt, CreditType type) => new()
    {
        Allowance = Decimal(balance.Allowance, type),
        Unlimited = unlimited,
        Purchased = Decimal(balance.Purchased, type),
        Held = Decimal(balance.Held, type),
        Debt = Decimal(balance.Debt, type),
        Total = Decimal(balance.Available, type),
        ResetsAt = resetsAt == Instant.Always ? null : resetsAt.ToDateTimeOffsetOrNull(),
    };

    public static BalanceView Balance(Balance balance, CreditType type) => new()
    {
        Allowance = Decimal(balance.Allowance, type),
        Purchased = Decimal(balance.Purchased, type),
        Held = Decimal(balance.Held, type),
        Debt = Decimal(balance.Debt, type),
    };

    public static Drawn Drawn(Draw draw, PoolKey pool, CreditType type)
    {
        var debt = draw.Debt;
        return new Drawn
        {
            Allowance = Decimal(draw.Allowance, type),
            Purchased = Decimal(draw.Purchased, type),
            Debt = debt == 0 ? null : Decimal(debt, type),
            Lots = Lots(draw, pool, type),
        };
    }

    /// <summary>Null: the caller said how many credits.</summary>
    public static UsePrice? Price(Pricing pricing, CreditType type) => pricing.Quantity == 0 ? null : new UsePrice
    {
        Type = type.Code,
        Rate = Decimal(pricing.Rate, type),
        Quantity = pricing.Quantity,
        Cost = Decimal(pricing.Rate * pricing.Quantity, type),
    };

    public static string? Related(PoolKey pool, Entry entry) =>
        entry.Related == 0 ? null : new LedgerId(pool.Tenant, pool.Type, entry.Related).ToString();

    public static LotView Lot(Lot lot, PoolKey pool, CreditType type) => new()
    {
        Id = new LedgerId(pool.Tenant, pool.Type, lot.Id).ToString(),
        Source = NameOf(lot.Source),
        Priority = lot.Priority,
        Granted = Decimal(lot.Granted, type),
        Remaining = Decimal(lot.Remaining, type),
        Held = Decimal(lot.Held, type),
        Drawn = Decimal(lot.Drawn, type),
        Expired = Decimal(lot.Expired, type),
        TakenBack = Decimal(lot.TakenBack, type),
        EffectiveAt = lot.EffectiveAt.ToDateTimeOffset(),
        ExpiresAt = lot.ExpiresAt.ToDateTimeOffsetOrNull(),
        Voided = lot.Voided,
    };

    public static HoldView Hold(Hold hold, PoolKey pool, CreditType type) => new()
    {
        Id = new LedgerId(pool.Tenant, pool.Type, hold.Id).ToString(),
        Type = pool.Type,
        Amount = Decimal(hold.Amount, type),
        Status = hold.Status switch
        {
            HoldStatus.Open => "open",
            HoldStatus.Captured => "captured",
            HoldStatus.Released => "released",
            HoldStatus.Expired => "expired",
        },
        Captured = Decimal(hold.Captured, type),
        Drawn = Drawn(hold.Draw, pool, type),
        PlacedAt = hold.PlacedAt.ToDateTimeOffset(),
        ExpiresAt = hold.ExpiresAt.ToDateTimeOffset(),
    };

    public static EntryView Entry(Entry entry, PoolKey pool, CreditType type) => new()
    {
        Id = new LedgerId(pool.Tenant, pool.Type, entry.Id).ToString(),
        Type = pool.Type,
        Kind = NameOf(entry.Kind),
        Asked = Decimal(entry.Asked, type),
        Amount = Decimal(entry.Amount, type),
        Drawn = Drawn(entry.Draw, pool, type),
        Before = Balance(entry.Before, type),
        After = Balance(entry.After, type),
        Unlimited = entry.Unlimited,
        Related = Related(pool, entry),
        Key = TextOrNull(entry.Note.Key),
        Actor = TextOrNull(entry.Note.Actor),
        Reference = TextOrNull(entry.Note.Reference),
        Subject = TextOrNull(entry.Note.Subject),
        UsageType = TextOrNull(entry.Note.UsageType),
        Quantity = entry.Note.Pricing.Quantity > 0 ? entry.Note.Pricing.Quantity : null,
        Rate = entry.Note.Pricing.Quantity > 0 ? Decimal(entry.Note.Pricing.Rate, type) : null,
        Reason = TextOrNull(entry.Note.Reason),
        At = entry.At.ToDateTimeOffset(),
    };

    /// <summary>Null for a kind that no one may ask for by that name.</summary>
    public static EntryKind? KindOf(string name)
    {
        foreach (var kind in Enum.GetValues<EntryKind>())
            if (kind != EntryKind.None && NameOf(kind) == name) return kind;
        return null;
    }

    public static string NameOf(EntryKind kind) => kind switch
    {
        EntryKind.None => "none",
        EntryKind.Reset => "reset",
        EntryKind.LimitChange => "limit_change",
        EntryKind.Grant => "grant",
        EntryKind.Purchase => "purchase",
        EntryKind.Activation => "activation",
        EntryKind.Expiry => "expiry",
        EntryKind.TakeBack => "take_back",
        EntryKind.Consume => "consume",
        EntryKind.Payment => "payment",
        EntryKind.Hold => "hold",
        EntryKind.Capture => "capture",
        EntryKind.Release => "release",
        EntryKind.HoldExpiry => "hold_expiry",
        EntryKind.Reversal => "reversal",
        EntryKind.DebtPayment => "debt_payment",
        EntryKind.GiveBack => "give_back",
    };

    /// <summary>The source of a grant by its name on the wire; null: there is none of that name.</summary>
    public static LotSource? SourceOf(string name)
    {
        foreach (var source in Enum.GetValues<LotSource>())
            if (NameOf(source) == name) return source;
        return null;
    }

    public static string NameOf(LotSource source) => source switch
    {
        LotSource.Purchase => "purchase",
        LotSource.Promotional => "promotional",
        LotSource.Refund => "refund",
        LotSource.Import => "import",
        LotSource.Transfer => "transfer",
        LotSource.Adjustment => "adjustment",
    };

    private static LotDraw[] Lots(Draw draw, PoolKey pool, CreditType type)
    {
        var count = 0;
        foreach (var part in draw.Parts)
            if (part.Source == DrawSource.Lot) count++;
        if (count == 0) return [];
        var lots = new LotDraw[count];
        var next = 0;
        foreach (var part in draw.Parts)
            if (part.Source == DrawSource.Lot)
                lots[next++] = new LotDraw(new LedgerId(pool.Tenant, pool.Type, part.Of).ToString(), Decimal(part.Units, type));
        return lots;
    }

    private static string? TextOrNull(string text) => text.Length == 0 ? null : text;
}
