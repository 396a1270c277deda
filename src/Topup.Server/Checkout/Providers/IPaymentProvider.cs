using Topup.Domain.Checkout;

namespace Topup.Server.Checkout.Providers;

/// <summary>
/// Whoever takes the buyer's money. Every call may be repeated: the order's or refund's id makes it one, so that a lost
/// answer is asked for again and never paid or refunded twice.
/// </summary>
internal interface IPaymentProvider
{
    /// <summary>The method's name on the wire, such as <c>stripe</c>.</summary>
    string Method { get; }

    /// <summary>Null: it can be offered. Else what is missing, in a sentence for the operator.</summary>
    Task<string?> Missing(CancellationToken stop);

    /// <summary>Asks something harmless, to see whether the key is taken, and whether the money is real.</summary>
    Task<ProviderAnswer<ProviderMode>> Greet(CancellationToken stop);

    /// <summary>Null: the provider can take exactly this price. Else why not, in a sentence that names the limit.</summary>
    string? Refuses(long price, string currency);

    /// <summary>Opens the page on which the buyer pays.</summary>
    Task<ProviderAnswer<CheckoutPage>> Open(PurchaseRow purchase, Buyer buyer, CancellationToken stop);

    /// <summary>What has become of the order, from the provider itself.</summary>
    /// <param name="hint">The provider's id of a payment of the order, when a notification named one; else empty. It is only looked up, never believed.</param>
    Task<ProviderAnswer<PaymentTruth>> Fetch(PurchaseRow purchase, string hint, CancellationToken stop);

    /// <summary>Gives money back to the buyer. A refund that has the provider's id is made already, and only looked at.</summary>
    Task<ProviderAnswer<RefundAnswer>> Refund(PurchaseRow purchase, RefundRow refund, CancellationToken stop);

    /// <summary>Closes the page, so that nobody can pay on it any more. Fine when it is closed or paid already.</summary>
    Task<ProviderAnswer<bool>> Close(PurchaseRow purchase, CancellationToken stop);

    /// <summary>
    /// Every payment of the account that took money in a span of time, and every one of which money was given or asked back in
    /// it, for the daily comparison.
    /// </summary>
    Task<ProviderAnswer<List<ListedPayment>>> List(DateTimeOffset from, DateTimeOffset until, CancellationToken stop);
}

/// <summary>Charges a card that the tenant saved, without the buyer being there.</summary>
internal interface ICardCharger
{
    /// <summary>The method whose checkout saves the card.</summary>
    string Method { get; }

    /// <summary>
    /// Takes the price of the purchase from the card. Whatever comes of it is read by <see cref="IPaymentProvider.Fetch"/>;
    /// the answer names the payment by which to find it. A decline is an answer, not a failure.
    /// </summary>
    Task<ProviderAnswer<ChargeAnswer>> Charge(PurchaseRow purchase, SavedCard card, CancellationToken stop);

    /// <summary>What an earlier <see cref="Charge"/> for the purchase came to, whose answer may have been lost; null: nothing was charged.</summary>
    Task<ProviderAnswer<ChargeAnswer?>> FindCharge(PurchaseRow purchase, SavedCard card, CancellationToken stop);

    /// <summary>The card that the buyer of a paid purchase agreed to save; null: none.</summary>
    Task<ProviderAnswer<SavedCard?>> CardOf(PurchaseRow purchase, CancellationToken stop);

    /// <summary>Has the provider forget the card too. Fine when it does not know it any more.</summary>
    Task<ProviderAnswer<bool>> Forget(SavedCard card, CancellationToken stop);
}

/// <summary>A notification's way in: who checks that it is genuine, and which order it is about.</summary>
internal interface INotifier
{
    /// <summary>As in <c>/webhooks/{name}</c>.</summary>
    string Method { get; }

    /// <summary>Checks the signature over the raw bytes. Reads nothing but what it must.</summary>
    Task<NotificationVerdict> Check(Notification notification, DateTimeOffset now, CancellationToken stop);

    /// <summary>The order, or the payment, that a genuine notification is about. May ask the provider.</summary>
    Task<ProviderAnswer<NotificationSubject>> SubjectOf(Notification notification, CancellationToken stop);
}

/// <summary>One notification as it came in.</summary>
/// <param name="Headers">Only those that <see cref="NotificationHeaders"/> names; a header with a key of somebody is never kept.</param>
internal sealed record Notification(string Query, IReadOnlyDictionary<string, string> Headers, byte[] Body);

/// <summary>The headers of a notification that are kept, in small letters.</summary>
internal static class NotificationHeaders
{
    public static readonly string[] All = ["stripe-signature", "x-signature", "x-request-id", "content-type"];
}

/// <param name="Accepted">False: refuse it with 400.</param>
/// <param name="Id">The provider's id of the event; the same event twice is worked off once. Empty: none.</param>
/// <param name="Type">Such as <c>charge.refunded</c>.</param>
/// <param name="Trusted">False: unsigned or signed wrongly, yet worth a look at the provider, which alone decides.</param>
internal readonly record struct NotificationVerdict(bool Accepted, string Id = "", string Type = "", bool Trusted = true)
{
    public static readonly NotificationVerdict Forged = new(Accepted: false);
}

/// <summary>What a notification is about. All empty: nothing of ours.</summary>
/// <param name="Order">Our order's id.</param>
/// <param name="Payment">The provider's id of the payment; by it the order is found when the notification does not name it.</param>
internal readonly record struct NotificationSubject(string Order = "", string Payment = "")
{
    public static readonly NotificationSubject Nothing;

    public bool IsNothing => Order is null or "" && Payment is null or "";
}

/// <summary>Who buys, as far as a provider's page is filled in for them; all may be empty.</summary>
/// <param name="Customer">The provider's id of the tenant, from an earlier purchase that saved a card.</param>
/// <param name="ReturnUrl">Where the buyer comes back to, whatever became of it.</param>
/// <param name="NotifyUrl">Where the provider sends its notifications; empty: it cannot reach us.</param>
internal sealed record Buyer(string Name, string Email, string Locale, string Customer, string ReturnUrl, string NotifyUrl);

/// <summary>The page to which the buyer is sent.</summary>
/// <param name="Id">The provider's id of it.</param>
/// <param name="Url">Where it is.</param>
internal sealed record CheckoutPage(string Id, string Url);

/// <param name="Id">The provider's id of the refund.</param>
internal sealed record RefundAnswer(string Id, RefundStatus Status, string Failure = "");

internal enum ProviderMode
{
    /// <summary>Nobody pays anything.</summary>
    Test,
    Live,
}

/// <summary>The numbers are stored and never change their meaning.</summary>
internal enum RefundStatus
{
    /// <summary>Asked for; the provider was not reached, or its answer was lost.</summary>
    Requested = 0,

    /// <summary>The provider has it in hand.</summary>
    Pending = 1,
    Succeeded = 2,

    /// <summary>The money did not reach the buyer; what was taken back is given back.</summary>
    Failed = 3,
}

/// <param name="Payment">The provider's id of the payment; empty when none was made.</param>
/// <param name="Declined">The provider's code, such as <c>card_declined</c> or <c>authentication_required</c>; empty: it was not declined.</param>
internal sealed record ChargeAnswer(string Payment, string Declined = "");

/// <summary>A card on file, by the provider's ids. No digits but the last four.</summary>
internal sealed record SavedCard(string Customer, string Card, string Brand, string Last4);

/// <summary>A provider's answer, or why there is none.</summary>
internal readonly record struct ProviderAnswer<T>
{
    private readonly T value;

    private ProviderAnswer(T value, ProviderFailure? failure) => (this.value, Failure) = (value, failure);

    public ProviderFailure? Failure { get; }

    /// <summary>To be asked only where there is no failure.</summary>
    public T Value => Failure is null ? value : throw new InvalidOperationException("There is a failure, not an answer.");

    public static implicit operator ProviderAnswer<T>(T value) => new(value, null);

    public static implicit operator ProviderAnswer<T>(ProviderFailure failure) => new(default!, failure);
}

/// <param name="Code">The provider's own code, or ours for what it did not say: <c>timeout</c>, <c>garbage</c>, <c>unreachable</c>.</param>
internal sealed record ProviderFailure(ProviderFailureKind Kind, string Code, string Message);

internal enum ProviderFailureKind
{
    /// <summary>Down, slow, too busy, or its answer made no sense: what was asked may or may not have happened. Ask again.</summary>
    Unavailable,

    /// <summary>It understood and will not.</summary>
    Refused,

    /// <summary>It knows no such thing.</summary>
    Unknown,
}
