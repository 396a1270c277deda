namespace Topup.Domain.Checkout;

/// <summary>
/// When the provider is asked again about a purchase that nobody has brought news of. Notifications are the fast way,
/// and may all be lost: then this alone credits what was paid.
/// </summary>
public static class CheckSchedule
{
    /// <summary>For how long after a purchase was made its payment is looked for, also when it has expired meanwhile.</summary>
    public static readonly TimeSpan LatePayment = TimeSpan.FromDays(4);

    /// <summary>For how long a payment under way is waited for: cash slips and bank debits take weeks.</summary>
    public static readonly TimeSpan SlowPayment = TimeSpan.FromDays(45);

    private static readonly TimeSpan Daily = TimeSpan.FromDays(1);

    /// <summary>Every minute for half an hour, while most buyers pay; then less and less often.</summary>
    public static Instant Next(PurchaseStatus status, Instant createdAt, int checks, Instant now) => status switch
    {
        PurchaseStatus.Created or PurchaseStatus.Pending or PurchaseStatus.Paid => now.Plus(Pause(checks)),
        PurchaseStatus.Processing => now < createdAt.Plus(SlowPayment) ? now.Plus(Pause(checks)) : Instant.Never,
        PurchaseStatus.Failed or PurchaseStatus.Expired or PurchaseStatus.Canceled =>
            now < createdAt.Plus(LatePayment) ? now.Plus(Pause(checks)) : Instant.Never,
        PurchaseStatus.NeedsReview or PurchaseStatus.Disputed => now.Plus(Daily),
        // A refund may fail weeks later; a dispute may be opened after one.
        PurchaseStatus.PartlyRefunded or PurchaseStatus.Refunded =>
            now < createdAt.Plus(SlowPayment) ? now.Plus(Daily) : Instant.Never,
        PurchaseStatus.Credited or PurchaseStatus.DisputeWon or PurchaseStatus.DisputeLost => Instant.Never,
    };

    /// <summary>When a check that came to nothing is made again: whatever the status, it is still owed.</summary>
    public static Instant Again(int checks, Instant now) => now.Plus(Pause(checks));

    private static TimeSpan Pause(int checks) => checks switch
    {
        < 30 => TimeSpan.FromMinutes(1),
        < 42 => TimeSpan.FromMinutes(10),
        < 60 => TimeSpan.FromHours(1),
        _ => TimeSpan.FromHours(6),
    };
}
