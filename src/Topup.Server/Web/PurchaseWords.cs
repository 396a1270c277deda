namespace Topup.Server.Web;

/// <summary>The state of a purchase as people read it.</summary>
internal static class PurchaseWords
{
    public static string StatusOf(Locale l, string status) => status switch
    {
        "created" => l.Words("Not paid yet"),
        "pending" => l.Words("Waits for the payment"),
        "processing" => l.Words("Payment under way"),
        "paid" => l.Words("Paid, not credited yet"),
        "credited" => l.Words("Paid and credited"),
        "failed" => l.Words("Payment failed"),
        "expired" => l.Words("Never paid"),
        "canceled" => l.Words("Called off"),
        "needs_review" => l.Words("Needs a review"),
        "partly_refunded" => l.Words("Refunded in part"),
        "refunded" => l.Words("Refunded"),
        "disputed" => l.Words("Disputed"),
        "dispute_won" => l.Words("Dispute won"),
        "dispute_lost" => l.Words("Dispute lost"),
        _ => status,
    };

    public static string ColourOf(string status) => status switch
    {
        "credited" or "dispute_won" => "green",
        "failed" or "disputed" or "dispute_lost" or "needs_review" => "red",
        "pending" or "processing" or "paid" => "yellow",
        _ => "secondary",
    };
}
