using Topup.Server.Checkout.Notifications;

namespace Topup.Server.Web.Admin.Purchases;

/// <summary>What the staff reads of a payment.</summary>
internal static class ReviewWords
{
    public static string Of(Locale l, string why) => why switch
    {
        "wrong_order" => l.Words("the payment names another order."),
        "wrong_account" => l.Words("the payment went to another account."),
        "wrong_mode" => l.Words("test money where real money is taken, or the other way round."),
        "wrong_currency" => l.Words("the payment has another currency than the price."),
        "wrong_amount" => l.Words("the payment is not the price."),
        "no_balance" => l.Words("it could not be credited, and no credit type holds money of its currency."),
        "surplus_gone" => l.Words("a surplus that is on the tenant's balance went back to the buyer."),
        _ => why,
    };

    public static string OfDispute(Locale l, string dispute) => dispute switch
    {
        "open" => l.Words("Open"),
        "won" => l.Words("Won"),
        "lost" => l.Words("Lost"),
        _ => dispute,
    };

    public static string OfRefund(Locale l, string status) => status switch
    {
        "requested" => l.Words("Asked for"),
        "pending" => l.Words("Under way"),
        "succeeded" => l.Words("Done"),
        "failed" => l.Words("Failed"),
        _ => status,
    };

    public static string OfNotification(Locale l, InboxStatus status) => status switch
    {
        InboxStatus.Waiting => l.Words("Waits to be worked off."),
        InboxStatus.Done => l.Words("Worked off."),
        InboxStatus.Ignored => l.Words("Not about anything of ours."),
        InboxStatus.GivenUp => l.Words("Given up; the purchase is checked all the same."),
    };

    public static string OfFinding(Locale l, string kind) => kind switch
    {
        "payment_of_nobody" => l.Words("A payment for an order that there is not"),
        "paid_not_credited" => l.Words("Paid, but not credited"),
        "credited_not_listed" => l.Words("Credited, but the provider does not know the payment"),
        "amount_differs" => l.Words("Another amount or currency than was agreed"),
        "refund_differs" => l.Words("Refunds or disputes differ"),
        _ => kind,
    };
}
