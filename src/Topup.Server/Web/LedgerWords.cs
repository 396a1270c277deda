using Topup.Contracts;

namespace Topup.Server.Web;

/// <summary>Words of the wire as people read them.</summary>
internal static class LedgerWords
{
    public static readonly IReadOnlyList<string> Kinds =
    [
        "consume", "purchase", "grant", "reset", "limit_change", "activation", "expiry", "take_back", "payment", "hold", "capture", "release", "hold_expiry",
        "reversal", "debt_payment", "give_back",
    ];

    public static string KindOf(Locale l, string kind) => kind switch
    {
        "reset" => l.Words("New period"),
        "limit_change" => l.Words("Allowance changed"),
        "grant" => l.Words("Granted"),
        "purchase" => l.Words("Bought"),
        "activation" => l.Words("Became usable"),
        "expiry" => l.Words("Expired"),
        "take_back" => l.Words("Taken back"),
        "consume" => l.Words("Used"),
        "payment" => l.Words("Paid with"),
        "hold" => l.Words("Set aside"),
        "capture" => l.Words("Used of what was set aside"),
        "release" => l.Words("No longer set aside"),
        "hold_expiry" => l.Words("Set aside too long"),
        "reversal" => l.Words("Use reversed"),
        "debt_payment" => l.Words("Debt paid"),
        "give_back" => l.Words("Given back"),
        _ => kind,
    };

    public static string SourceOf(Locale l, string source) => source switch
    {
        "purchase" => l.Words("bought"),
        "promotional" => l.Words("a gift"),
        "refund" => l.Words("a refund"),
        "import" => l.Words("imported"),
        "transfer" => l.Words("a transfer"),
        "adjustment" => l.Words("a correction"),
        _ => source,
    };

    public static string PoolStatusOf(Locale l, string status) => status switch
    {
        "ok" => l.Words("Fine"),
        "low" => l.Words("Low"),
        "exhausted" => l.Words("Used up"),
        "frozen" => l.Words("Frozen: the plan is not paid"),
        "disabled" => l.Words("Disabled for everyone"),
        "suspended" => l.Words("Suspended"),
        _ => status,
    };

    public static string TenantStatusOf(Locale l, string status) => status switch
    {
        "active" => l.Words("Active"),
        "lapsed" => l.Words("Plan not paid"),
        "suspended" => l.Words("Suspended"),
        _ => status,
    };

    public static string ColourOf(string status) => status switch
    {
        "ok" or "active" => "green",
        "low" or "lapsed" or "frozen" => "yellow",
        "exhausted" or "suspended" => "red",
        _ => "secondary",
    };

    /// <summary>In which order the credits of a pool are spent, one part after the other.</summary>
    public static IEnumerable<string> DrawOrderOf(Locale l, PoolView pool)
    {
        if (pool.Allowance.Limit < 0)
        {
            yield return l.Words("What the plan includes, as much as is needed. Nothing else is touched.");
            yield break;
        }
        if (pool.Allowance.Left > 0) yield return l.Words("{0} that the plan includes until {1}", l.Number(pool.Allowance.Left), l.Date(pool.Allowance.ResetsAt));
        foreach (var lot in pool.Lots.Where(lot => lot.Remaining > 0))
        {
            yield return lot.ExpiresAt is { } ends
                ? l.Words("{0}: {1}, until {2}", l.Number(lot.Remaining), SourceOf(l, lot.Source), l.Date(ends))
                : l.Words("{0}: {1}, without end", l.Number(lot.Remaining), SourceOf(l, lot.Source));
        }
    }
}
