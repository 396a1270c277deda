namespace Topup.Domain.Ledger;

/// <summary>
/// Low and exhausted are told once for each crossing, by the draw that crosses, and armed again when credits return.
/// A draw that crosses both marks tells only the worse. A hold is not a draw: what is held still counts.
/// </summary>
internal static class Alerts
{
    public static AlertLevel LevelOf(Pool pool, Terms terms)
    {
        if (pool.Allowance.IsUnlimited) return AlertLevel.Clear;
        var total = pool.Balance.Total;
        if (total == 0) return AlertLevel.Exhausted;
        if (total <= terms.LowAmount) return AlertLevel.Low;
        return terms.LowPercent is { } percent && total * 100 <= pool.RefillMark * percent ? AlertLevel.Low : AlertLevel.Clear;
    }

    /// <summary>The news of going from one level to another; null: none.</summary>
    public static LedgerEventKind? Crossing(AlertLevel from, AlertLevel to) =>
        to > from ? (to == AlertLevel.Exhausted ? LedgerEventKind.Exhausted : LedgerEventKind.Low)
        : from == AlertLevel.Exhausted && to < from ? LedgerEventKind.Recovered
        : null;
}
