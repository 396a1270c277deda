namespace Topup.Domain.Ledger;

/// <summary>
/// The five ways in which the units of a draw move between the parts of a pool. Each keeps, for every lot,
/// granted = remaining + held + drawn + expired + taken back.
/// </summary>
internal static class Movement
{
    /// <summary>Available becomes used.</summary>
    public static Pool Take(Pool pool, Draw draw)
    {
        foreach (var (source, of, units) in draw.Parts)
            pool = source switch
            {
                DrawSource.Allowance or DrawSource.Unlimited => pool with { Allowance = pool.Allowance with { Used = pool.Allowance.Used + units } },
                DrawSource.Lot => Replace(pool, LotOf(pool, of).Draw(units)),
                DrawSource.Debt => pool with { Debt = pool.Debt + units },
            };
        return pool;
    }

    /// <summary>Available becomes held. Uses of an unlimited allowance are counted when they are captured.</summary>
    public static Pool SetAside(Pool pool, Draw draw)
    {
        foreach (var (source, of, units) in draw.Parts)
            pool = source switch
            {
                DrawSource.Allowance => pool with { Allowance = pool.Allowance with { Held = pool.Allowance.Held + units }, Held = pool.Held + units },
                DrawSource.Lot => Replace(pool, LotOf(pool, of).Hold(units)) with { Held = pool.Held + units },
                DrawSource.Unlimited => pool,
                DrawSource.Debt => throw new InvalidOperationException("Debt cannot be held."),
            };
        return pool;
    }

    /// <summary>Held becomes used.</summary>
    public static Pool Capture(Pool pool, Draw draw)
    {
        foreach (var (source, of, units) in draw.Parts)
            pool = source switch
            {
                DrawSource.Allowance => EndAllowanceHold(pool, of, units, used: true),
                DrawSource.Unlimited => of == pool.Allowance.Period
                    ? pool with { Allowance = pool.Allowance with { Used = pool.Allowance.Used + units } }
                    : pool,
                DrawSource.Lot => Replace(pool, LotOf(pool, of).Capture(units)) with { Held = pool.Held - units },
                DrawSource.Debt => throw new InvalidOperationException("Debt cannot be held."),
            };
        return pool;
    }

    /// <summary>Held becomes available again, unless its period is over, or its lot has expired or was voided.</summary>
    public static Pool Release(Pool pool, Draw draw, Instant now)
    {
        foreach (var (source, of, units) in draw.Parts)
            pool = source switch
            {
                DrawSource.Allowance => EndAllowanceHold(pool, of, units, used: false),
                DrawSource.Lot => Replace(pool, LotOf(pool, of).Release(units, now)) with { Held = pool.Held - units },
                DrawSource.Unlimited => pool,
                DrawSource.Debt => throw new InvalidOperationException("Debt cannot be held."),
            };
        return pool;
    }

    /// <summary>Used becomes available again, with the same exceptions as <see cref="Release"/>. Debt is not given back here.</summary>
    public static Pool GiveBack(Pool pool, DrawPart part, Instant now) => part.Source switch
    {
        DrawSource.Allowance or DrawSource.Unlimited => part.Of == pool.Allowance.Period
            ? pool with { Allowance = pool.Allowance with { Used = pool.Allowance.Used - part.Units } }
            : pool,
        DrawSource.Lot => Replace(pool, LotOf(pool, part.Of).GiveBack(part.Units, now)),
        DrawSource.Debt => throw new InvalidOperationException("Debt is given back by the reversal itself."),
    };

    /// <summary>Puts a changed lot in place and keeps the pool's purchased credits equal to what its lots hold.</summary>
    public static Pool Replace(Pool pool, Lot lot)
    {
        var before = pool.FindLot(lot.Id)?.Drawable ?? 0;
        return pool.With(lot) with { Purchased = pool.Purchased - before + lot.Drawable };
    }

    /// <summary>Debt that came of a use or refund is taken away again; what of it has been paid meanwhile, the payer gets as a lot.</summary>
    public static Pool ForgiveDebt(Pool pool, long units, Posting posting)
    {
        var forgiven = Math.Min(pool.Debt, units);
        pool = pool with { Debt = pool.Debt - forgiven };
        if (units == forgiven) return pool;
        return Replace(pool, new Lot
        {
            Id = posting.NextId,
            Source = LotSource.Refund,
            Priority = Lot.PriorityDefault,
            EffectiveAt = posting.Now,
            ExpiresAt = Instant.Never,
            Granted = units - forgiven,
            Remaining = units - forgiven,
            Active = true,
        });
    }

    private static Pool EndAllowanceHold(Pool pool, long period, long units, bool used)
    {
        var allowance = pool.Allowance;
        allowance = period == allowance.Period
            ? allowance with { Held = allowance.Held - units, Used = allowance.Used + (used ? units : 0) }
            : allowance with { EarlierHeld = allowance.EarlierHeld - units };
        return pool with { Allowance = allowance, Held = pool.Held - units };
    }

    private static Lot LotOf(Pool pool, long id) =>
        pool.FindLot(id) ?? throw new InvalidOperationException($"Lot {id} was drawn from but is not in the pool.");
}
