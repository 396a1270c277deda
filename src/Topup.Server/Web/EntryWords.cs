namespace Topup.Server.Web;

/// <summary>Kinds of entries as people call them.</summary>
internal static class EntryWords
{
    /// <summary>Those to choose from, in the order in which people look for them.</summary>
    public static readonly IReadOnlyList<string> Kinds =
    [
        "consume", "purchase", "grant", "reset", "expiry", "hold", "capture", "release", "hold_expiry", "reversal", "give_back", "take_back", "payment", "debt_payment",
        "activation", "limit_change",
    ];

    public static string Of(Locale l, string kind) => kind switch
    {
        "consume" => l.Words("Used"),
        "purchase" => l.Words("Bought"),
        "grant" => l.Words("Given"),
        "reset" => l.Words("Month began"),
        "expiry" => l.Words("Expired"),
        "hold" => l.Words("Held"),
        "capture" => l.Words("Used what was held"),
        "release" => l.Words("Hold released"),
        "hold_expiry" => l.Words("Hold expired"),
        "reversal" => l.Words("Use taken back"),
        "give_back" => l.Words("Given back"),
        "take_back" => l.Words("Taken back"),
        "payment" => l.Words("Paid with it"),
        "debt_payment" => l.Words("Debt paid"),
        "activation" => l.Words("Became usable"),
        "limit_change" => l.Words("Plan changed"),
        _ => kind,
    };
}
