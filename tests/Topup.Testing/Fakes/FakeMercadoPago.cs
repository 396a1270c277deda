using System.Globalization;
using System.Text.Json.Nodes;
using Topup.Server.Checkout.Providers;

namespace Topup.Testing.Fakes;

/// <summary>How the fake notifies of what changes.</summary>
[Flags]
internal enum MercadoPagoNotices
{
    None = 0,

    /// <summary>The newer format, signed.</summary>
    Webhooks = 1,

    /// <summary>The older format, never signed.</summary>
    Ipn = 2,

    /// <summary>The older format, about the merchant order of the payment.</summary>
    MerchantOrders = 4,
}

/// <summary>
/// Mercado Pago as far as Checkout Pro goes, with its rules: what the real one refuses, it refuses. This part is what a test
/// does: buyers who pay, banks that decide, and people at the panel.
/// </summary>
internal sealed partial class FakeMercadoPago(TimeProvider clock) : FakeProvider(clock)
{
    public const string WebhookSecret = "mp_secret_of_the_fake";

    /// <summary>The number of the account that is paid.</summary>
    public const long Account = 123_456_789;

    private readonly Dictionary<string, Preference> preferences = [];
    private readonly Dictionary<long, Payment> payments = [];
    private readonly Dictionary<string, (string Body, FakeAnswer Answer)> answersByKey = [];
    private readonly Dictionary<long, Payment> chargebacks = [];
    private long numbers = 86_439_942_800;

    /// <summary>The only access token that it accepts.</summary>
    public string AccessToken { get; set; } = "APP_USR-1234567890123456-112126-0123456789abcdef0123456789abcdef-123456789";

    public MercadoPagoNotices Notices { get; set; } = MercadoPagoNotices.Webhooks;

    /// <summary>False: as deliveries of the real one are known to arrive at times.</summary>
    public bool SignsRightly { get; set; } = true;

    public bool SignsInMilliseconds { get; set; }

    /// <summary>What becomes of the next refunds: <c>approved</c>, <c>in_process</c> or <c>rejected</c>.</summary>
    public string RefundStatus { get; set; } = "approved";

    /// <summary>The number of the error by which refunds are refused, such as 2024; 0: they are not.</summary>
    public int RefundError { get; set; }

    /// <summary>Some accounts may do everything but refund.</summary>
    public bool RefundsAreAllowed { get; set; } = true;

    /// <summary>While it is true, the search shows what was when it became so.</summary>
    public bool SearchIsBehind { get; set; }

    /// <summary>Nobody promises that a repeated request for a page gives the same page.</summary>
    public bool PagesHonourKeys { get; set; }

    public int Pages
    {
        get { lock (Gate) return preferences.Count; }
    }

    /// <summary>How many payments have taken money for an order.</summary>
    public int PaymentsTaken(string order)
    {
        lock (Gate) return payments.Values.Count(payment => payment.Order == order && payment.Approved is not null);
    }

    /// <summary>How many refunds were made of an order's payments, failed ones included.</summary>
    public int RefundsMade(string order)
    {
        lock (Gate) return payments.Values.Where(payment => payment.Order == order).Sum(payment => payment.Refunds.Count);
    }

    /// <summary>What went back to the buyer or is on its way, major units.</summary>
    public decimal GoneBack(string order)
    {
        lock (Gate) return payments.Values.Where(payment => payment.Order == order).Sum(payment => payment.Amount - payment.Left);
    }

    /// <summary>What went back to the buyer, major units.</summary>
    public decimal Refunded(string order)
    {
        lock (Gate) return payments.Values.Where(payment => payment.Order == order).Sum(payment => payment.Returned);
    }

    public MercadoPagoOptions Options(SignatureMode signatures = SignatureMode.FetchOnMismatch) =>
        new() { ApiBase = Url, AccessToken = AccessToken, WebhookSecrets = [WebhookSecret], Signatures = signatures };

    /// <summary>The page of an order as it was asked for.</summary>
    public JsonObject Page(string order)
    {
        lock (Gate) return (JsonObject)PageOf(order).Body.DeepClone();
    }

    /// <summary>Whether a buyer who has the page open could pay on it.</summary>
    public bool CanPay(string order)
    {
        lock (Gate) return PageOf(order).ExpiresAt > Clock.GetUtcNow();
    }

    /// <summary>A buyer pays on the page of an order.</summary>
    /// <param name="amount">Other than the price, major units.</param>
    /// <param name="account">Other than ours.</param>
    /// <returns>The payment's number.</returns>
    public string Pay(string order, decimal? amount = null, string? currency = null, long account = Account) =>
        Make(order, "approved", "accredited", amount, currency, account);

    /// <summary>A buyer pays on the page in two tabs at once.</summary>
    public (string First, string Second) PayTwice(string order) => (Pay(order), Pay(order));

    /// <summary>The buyer has a slip to pay at a counter, or a transfer to make.</summary>
    public string PayLater(string order, string detail = "pending_waiting_payment") => Make(order, "pending", detail);

    /// <summary>The provider looks at the payment before it takes it.</summary>
    public string PayUnderReview(string order) => Make(order, "in_process", "pending_review_manual");

    /// <summary>An attempt to pay that fails. The buyer may try again.</summary>
    public string Decline(string order, string detail = "cc_rejected_insufficient_amount") => Make(order, "rejected", detail);

    public void Approve(string payment) => Change(payment, "approved", "accredited");

    public void Reject(string payment, string detail = "cc_rejected_high_risk") => Change(payment, "rejected", detail);

    /// <summary>Nobody came to the counter.</summary>
    public void RunOut(string payment) => Change(payment, "cancelled", "expired");

    /// <summary>Somebody gives money back at Mercado Pago's own pages.</summary>
    /// <param name="amount">Major units; null: all that is left.</param>
    public void RefundAtPanel(string payment, decimal? amount = null)
    {
        lock (Gate)
        {
            var found = Find(payment);
            MakeRefund(found, amount ?? found.Left, "approved");
            Touch(found);
        }
    }

    /// <summary>Decides what becomes of refunds that are in process.</summary>
    public void FinishRefunds(string payment, bool succeed)
    {
        lock (Gate)
        {
            var found = Find(payment);
            foreach (var refund in found.Refunds.Where(refund => refund.Status == "in_process")) refund.Status = succeed ? "approved" : "rejected";
            Settle(found);
            Touch(found);
        }
    }

    /// <summary>The buyer complains at Mercado Pago.</summary>
    public void Mediate(string payment) => Change(payment, "in_mediation", "accredited");

    /// <summary>The buyer's bank asks the money back.</summary>
    public void ChargeBack(string payment) => DecideChargeback(payment, "in_process");

    /// <summary>For the buyer.</summary>
    public void LoseChargeback(string payment) => DecideChargeback(payment, "settled");

    /// <summary>For us.</summary>
    public void WinChargeback(string payment) => DecideChargeback(payment, "reimbursed");

    /// <summary>A notification may be faster than the payment: 404 until it is shown.</summary>
    public void Hide(string payment, bool hidden = true)
    {
        lock (Gate) Find(payment).IsHidden = hidden;
    }

    /// <summary>Makes a payment unknown, as on another account.</summary>
    public void Forget(string payment)
    {
        lock (Gate) payments.Remove(Find(payment).Id);
    }

    public void CatchUpSearch()
    {
        lock (Gate)
        {
            SearchIsBehind = false;
            foreach (var payment in payments.Values) payment.Listed = Write(payment);
        }
    }

    /// <summary>A payment of the same account that another program made.</summary>
    public string PayElsewhere(string reference, decimal amount, string currency = "BRL", long account = Account)
    {
        lock (Gate) return Add(new Payment(++numbers, reference, amount, currency, account, Clock.GetUtcNow()), "approved", "accredited");
    }

    private string Make(string order, string status, string detail, decimal? amount = null, string? currency = null, long account = Account)
    {
        lock (Gate)
        {
            var page = PageOf(order);
            if (page.ExpiresAt <= Clock.GetUtcNow()) throw new InvalidOperationException($"Nobody can pay {order}: its page has closed.");
            var payment = new Payment(++numbers, order, amount ?? page.Price, currency ?? page.Currency, account, Clock.GetUtcNow()) { Page = page };
            return Add(payment, status, detail);
        }
    }

    private string Add(Payment payment, string status, string detail)
    {
        payments.Add(payment.Id, payment);
        Set(payment, status, detail);
        Touch(payment, "payment.created");
        return payment.Id.ToString(CultureInfo.InvariantCulture);
    }

    private void Change(string payment, string status, string detail)
    {
        lock (Gate)
        {
            var found = Find(payment);
            Set(found, status, detail);
            Touch(found);
        }
    }

    private void Set(Payment payment, string status, string detail)
    {
        (payment.Status, payment.Detail) = (status, detail);
        if (status == "approved") payment.Approved ??= Clock.GetUtcNow();
    }

    private void DecideChargeback(string payment, string detail)
    {
        lock (Gate)
        {
            var found = Find(payment);
            if (found.Chargeback == 0) chargebacks.Add(found.Chargeback = 217_000_000_000_000_000 + ++numbers, found);
            Set(found, "charged_back", detail);
            Touch(found);
            TellOfChargeback(found);
        }
    }

    private Refund MakeRefund(Payment payment, decimal amount, string status)
    {
        var refund = new Refund(++numbers, amount) { Status = status };
        payment.Refunds.Add(refund);
        Settle(payment);
        return refund;
    }

    /// <summary>A payment is refunded only as a whole; given back in part it stays approved, and says so beside it.</summary>
    private static void Settle(Payment payment)
    {
        if (payment.Status is not ("approved" or "refunded")) return;
        (payment.Status, payment.Detail) = payment.Returned == payment.Amount ? ("refunded", "refunded")
            : ("approved", payment.Returned > 0 ? "partially_refunded" : "accredited");
    }

    private void Touch(Payment payment, string action = "payment.updated")
    {
        if (!SearchIsBehind) payment.Listed = Write(payment);
        TellOf(payment, action);
    }

    private Payment Find(string payment) => payments[long.Parse(payment, CultureInfo.InvariantCulture)];

    private Preference PageOf(string order) => preferences.Values.Last(page => page.Order == order);

    /// <summary>A page on which a buyer pays.</summary>
    private sealed record Preference(string Id, JsonObject Body, long MerchantOrder)
    {
        public string Order => (string)Body["external_reference"]!;
        public decimal Price => (decimal)Body["items"]![0]!["unit_price"]!;
        public string Currency => (string)Body["items"]![0]!["currency_id"]!;
        public string NotifyUrl => (string?)Body["notification_url"] ?? "";

        public DateTimeOffset ExpiresAt => (bool?)Body["expires"] == true
            ? DateTimeOffset.Parse((string)Body["expiration_date_to"]!, CultureInfo.InvariantCulture)
            : DateTimeOffset.MaxValue;
    }

    private sealed record Payment(long Id, string Order, decimal Amount, string Currency, long Account, DateTimeOffset Created)
    {
        public Preference? Page { get; init; }
        public string Status { get; set; } = "";
        public string Detail { get; set; } = "";
        public DateTimeOffset? Approved { get; set; }
        public List<Refund> Refunds { get; } = [];
        public long Chargeback { get; set; }
        public bool IsHidden { get; set; }

        /// <summary>As the search shows it; null: not yet.</summary>
        public JsonObject? Listed { get; set; }

        public decimal Returned => Refunds.Where(refund => refund.Status == "approved").Sum(refund => refund.Amount);
        public decimal Left => Amount - Refunds.Where(refund => refund.Status != "rejected").Sum(refund => refund.Amount);
    }

    private sealed record Refund(long Id, decimal Amount)
    {
        public string Status { get; set; } = "";
    }
}
