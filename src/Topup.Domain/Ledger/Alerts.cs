namespace Topup.Domain.Ledger;

/// <summary>
/// Low and exhausted are told once for each crossing, by the draw that crosses, and armed again when credits return.
/// There may be several low marks; a draw that crosses more than one tells only the deepest, and of the last credit that
/// it is the last. A hold is not a draw: what is held still counts.
/// </summary>
internal static class Alerts
{
    public static AlertState Look(Pool pool, Terms terms)
    {
        if (pool.Allowance.IsUnlimited) return default;
        var (total, own) = (pool.Balance.Total, pool.Thresholds);
        var (lows, deepest, least) = (0, default(LowMark), long.MaxValue);
        if (own.Percents is { } percents) foreach (var percent in percents) Consider(new LowMark(percent, 0));
        else if (terms.LowPercent is { } percent) Consider(new LowMark(percent, 0));
        if (own.Amounts is { } amounts) foreach (var amount in amounts) Consider(new LowMark(0, amount));
        else if (terms.LowAmount is { } amount) Consider(new LowMark(0, amount));
        return new AlertState(total == 0 ? AlertLevel.Exhausted : lows > 0 ? AlertLevel.Low : AlertLevel.Clear, lows, deepest);

        void Consider(LowMark mark)
        {
            var units = mark.UnitsOf(pool.RefillMark);
            if (total > units) return;
            lows++;
            if (units < least) (deepest, least) = (mark, units);
        }
    }

    /// <summary>The news of a pool that has come to a state; null: none.</summary>
    public static LedgerEventKind? Crossing(Pool from, AlertState to)
    {
        if (to.Level == AlertLevel.Exhausted) return from.Alert == AlertLevel.Exhausted ? null : LedgerEventKind.Exhausted;
        if (from.Alert == AlertLevel.Exhausted) return LedgerEventKind.Recovered;
        return to.Lows > from.Lows ? LedgerEventKind.Low : null;
    }
}

/// <summary>How far down a pool is.</summary>
/// <param name="Lows">How many low marks it is down to. The more, the deeper, whichever they are.</param>
/// <param name="Deepest">The one of them that is crossed last.</param>
internal readonly record struct AlertState(AlertLevel Level, int Lows, LowMark Deepest)
{
    public bool IsDeeperThan(Pool pool) => Level == pool.Alert ? Lows > pool.Lows : Level > pool.Alert;
}
