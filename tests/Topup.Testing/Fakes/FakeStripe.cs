using System.Globalization;

namespace Topup.Testing.Fakes;

/// <summary>
/// Stripe, as far as Topup uses it, on a free port of 127.0.0.1. It keeps what it is told, checks what it is sent as
/// strictly as the real one, and does to the buyer's side whatever a test asks for: the methods here are buyers, banks
/// and the operator on Stripe's own pages. Every change makes its events.
/// </summary>
internal sealed partial class FakeStripe(TimeProvider clock) : FakeProvider(clock)
{
    private readonly List<FakeSession> sessions = [];
    private readonly List<FakeIntent> intents = [];
    private readonly List<FakeCharge> charges = [];
    private readonly List<FakeRefund> refunds = [];
    private readonly List<FakeDispute> disputes = [];
    private readonly List<FakeCard> cards = [];
    private string nextOffSession = "";
    private int numbers;

    public string SecretKey { get; set; } = "sk_test_fake";

    public string WebhookSecret { get; set; } = "whsec_fake";

    /// <summary>Everything it says is of live mode.</summary>
    public bool IsLive { get; set; }

    /// <summary>What becomes of refunds that the API asks for: <c>succeeded</c>, <c>pending</c>, <c>requires_action</c> or <c>failed</c>.</summary>
    public string RefundStatus { get; set; } = "succeeded";

    /// <summary>The most items on one page of a list, whatever was asked for.</summary>
    public int PageMax { get; set; } = 100;

    /// <summary>How often money was taken from anybody.</summary>
    public int ChargesTaken => Locked(() => charges.Count);

    /// <summary>How many pages were opened.</summary>
    public int SessionsOpened => Locked(() => sessions.Count);

    public IReadOnlyList<FakeSession> Sessions => Locked(() => sessions.ToList());

    public IReadOnlyList<FakeIntent> Intents => Locked(() => intents.ToList());

    public IReadOnlyList<FakeRefund> Refunds => Locked(() => refunds.ToList());

    private long Now => Clock.GetUtcNow().ToUnixTimeSeconds();

    /// <summary>The id of the newest page of an order.</summary>
    public string SessionOf(string order) => Locked(() => sessions.Last(session => session.Order == order).Id);

    /// <summary>The id of the newest payment of an order.</summary>
    public string IntentOf(string order) => Locked(() => intents.Last(intent => intent.Order == order).Id);

    /// <summary>The buyer pays on the page with a card; the id of the payment.</summary>
    /// <param name="amount">Another amount than the page asks for, as no honest provider would take.</param>
    /// <param name="currency">Another currency, in small letters.</param>
    public string Pay(string session, long? amount = null, string? currency = null) => Locked(() =>
    {
        var page = OpenSession(session);
        var intent = IntentOn(page);
        (intent.Amount, intent.Currency) = (amount ?? intent.Amount, currency ?? intent.Currency);
        Take(intent);
        (page.Status, page.PaymentStatus) = ("complete", "paid");
        Tell("checkout.session.completed", page.Json(this));
        return intent.Id;
    });

    /// <summary>Money comes in for a page on which nobody could pay any more by what was said of it.</summary>
    public string PayExpired(string order) => Locked(() =>
    {
        var page = sessions.Last(session => session.Order == order);
        var intent = IntentOn(page);
        Take(intent);
        (page.Status, page.PaymentStatus) = ("complete", "paid");
        Tell("checkout.session.completed", page.Json(this));
        return intent.Id;
    });

    /// <summary>Money that no page of ours took: another program uses the account, or the order was lost here.</summary>
    /// <param name="order">What its metadata names as the order; null: nothing.</param>
    public string PayElsewhere(string? order, long amount, string currency = "usd") => Locked(() =>
    {
        var intent = new FakeIntent
        {
            Id = NewId("pi"), Amount = amount, Currency = currency, Created = Now, Metadata = order is null ? [] : new() { ["order_id"] = order },
        };
        intents.Add(intent);
        Take(intent);
        return intent.Id;
    });

    /// <summary>Makes a payment unknown, as on another account.</summary>
    public void Forget(string intent) => Locked(() =>
    {
        var known = Intent(intent);
        intents.Remove(known);
        sessions.RemoveAll(session => session.Intent == known);
    });

    /// <summary>The buyer orders a transfer, or prints a voucher: the page is done, the money is under way.</summary>
    /// <param name="status"><c>processing</c>, or <c>requires_action</c> as of a voucher.</param>
    public string PayLater(string session, string status = "processing") => Locked(() =>
    {
        var page = OpenSession(session);
        var intent = IntentOn(page);
        intent.Status = status;
        page.Status = "complete";
        if (status == "processing") Tell("payment_intent.processing", intent.Json(this));
        Tell("checkout.session.completed", page.Json(this));
        return intent.Id;
    });

    /// <summary>The money of <see cref="PayLater"/> has come.</summary>
    public void Arrive(string session) => Locked(() =>
    {
        var page = Session(session);
        Take(IntentOn(page));
        page.PaymentStatus = "paid";
        Tell("checkout.session.async_payment_succeeded", page.Json(this));
    });

    /// <summary>The money of <see cref="PayLater"/> does not come.</summary>
    public void Bounce(string session) => Locked(() =>
    {
        var page = Session(session);
        Refuse(IntentOn(page), "payment_intent_payment_attempt_failed");
        Tell("checkout.session.async_payment_failed", page.Json(this));
    });

    /// <summary>The bank declines the buyer's card; the page stays open for another.</summary>
    public string Decline(string session, string code = "card_declined") => Locked(() =>
    {
        var intent = IntentOn(OpenSession(session));
        Refuse(intent, code);
        return intent.Id;
    });

    public void Expire(string session) => Locked(() => Expire(OpenSession(session)));

    /// <summary>The operator gives money back on Stripe's pages; the id of the refund.</summary>
    public string Refund(string intent, long? amount = null, string status = "succeeded") => Locked(() =>
        MakeRefund(Intent(intent), amount ?? Intent(intent).Charge!.Left, status, []).Id);

    /// <summary>A refund that was pending reaches the buyer.</summary>
    public void SettleRefund(string refund) => Locked(() =>
    {
        var made = refunds.Single(made => made.Id == refund);
        made.Status = "succeeded";
        Tell("refund.updated", made.Json());
    });

    /// <summary>The buyer's bank sends the money of a refund back, however late.</summary>
    public void FailRefund(string refund) => Locked(() =>
    {
        var made = refunds.Single(made => made.Id == refund);
        (made.Status, made.FailureReason) = ("failed", "lost_or_stolen_card");
        Tell("refund.updated", made.Json());
        Tell("refund.failed", made.Json());
    });

    /// <summary>The buyer disputes a payment; the id of the dispute.</summary>
    /// <param name="status">Such as <c>needs_response</c>, or <c>warning_needs_response</c> for a question before it.</param>
    public string Dispute(string intent, long? amount = null, string status = "needs_response") => Locked(() =>
    {
        var paid = Intent(intent);
        var dispute = new FakeDispute { Id = NewId("du"), Intent = paid, Amount = amount ?? paid.AmountReceived, Status = status, Created = Now };
        disputes.Add(dispute);
        paid.Charge!.IsDisputed = true;
        Tell("charge.dispute.created", dispute.Json());
        if (!status.StartsWith("warning", StringComparison.Ordinal))
        {
            dispute.Movements.Add(-dispute.Amount);
            Tell("charge.dispute.funds_withdrawn", dispute.Json());
        }
        return dispute.Id;
    });

    /// <summary>A dispute goes on, or ends as <c>won</c>, <c>lost</c>, <c>warning_closed</c> or <c>prevented</c>.</summary>
    /// <param name="moneyBack">The money comes back to us; left out: when it was won.</param>
    public void Judge(string dispute, string status, bool? moneyBack = null) => Locked(() =>
    {
        var judged = disputes.Single(judged => judged.Id == dispute);
        judged.Status = status;
        if ((moneyBack ?? status == "won") && judged.Movements.Sum() < 0)
        {
            judged.Movements.Add(judged.Amount);
            Tell("charge.dispute.funds_reinstated", judged.Json());
        }
        var isClosed = status is "won" or "lost" or "warning_closed" or "prevented";
        Tell(isClosed ? "charge.dispute.closed" : "charge.dispute.updated", judged.Json());
    });

    /// <summary>A customer with a card, as if saved long ago.</summary>
    public (string Customer, string Card) SaveCard() => Locked(() =>
    {
        var card = NewCard(NewId("cus"));
        return (card.Customer, card.Id);
    });

    /// <summary>How many cards may be charged without their owner.</summary>
    public int CardsAttached => Locked(() => cards.Count(card => !card.IsDetached));

    /// <summary>The card is gone, and its customer with it.</summary>
    public void RemoveCard(string card) => Locked(() => cards.RemoveAll(saved => saved.Id == card));

    /// <summary>What the bank says to the next charge without the buyer: such as <c>authentication_required</c>, or <c>processing</c> for "later".</summary>
    public void DeclineNextOffSession(string code) => Locked(() => nextOffSession = code);

    /// <summary>A charge that took its time has come through.</summary>
    public void Settle(string intent) => Locked(() => Take(Intent(intent)));

    private FakeIntent IntentOn(FakeSession page)
    {
        if (page.Intent is { } begun) return begun;
        var intent = new FakeIntent
        {
            Id = NewId("pi"), Amount = page.AmountTotal, Currency = page.Currency, Customer = page.Customer, Created = Now,
            SetupFutureUsage = page.SavesCard ? "off_session" : null, Metadata = page.IntentMetadata,
        };
        intents.Add(intent);
        return page.Intent = intent;
    }

    private void Take(FakeIntent intent)
    {
        if (intent.Charge is not null) throw new InvalidOperationException($"{intent.Id} was paid already.");
        if (intent.SetupFutureUsage is not null && intent.PaymentMethod is null)
        {
            var card = NewCard(intent.Customer ?? NewId("cus"));
            (intent.Customer, intent.PaymentMethod) = (card.Customer, card.Id);
        }
        // Every payment names its card; only one that was saved can be charged again.
        intent.PaymentMethod ??= NewId("pm");
        (intent.Status, intent.AmountReceived, intent.Error) = ("succeeded", intent.Amount, null);
        intent.Charge = new FakeCharge { Id = NewId("ch"), Intent = intent, Refunds = refunds, Created = Now };
        charges.Add(intent.Charge);
        Tell("payment_intent.succeeded", intent.Json(this));
        Tell("charge.succeeded", intent.Charge.Json());
    }

    private void Refuse(FakeIntent intent, string code)
    {
        (intent.Status, intent.Error) = ("requires_payment_method", code);
        Tell("payment_intent.payment_failed", intent.Json(this));
    }

    private void Expire(FakeSession page)
    {
        page.Status = "expired";
        Tell("checkout.session.expired", page.Json(this));
    }

    private FakeRefund MakeRefund(FakeIntent intent, long amount, string status, Dictionary<string, string> metadata)
    {
        var refund = new FakeRefund { Id = NewId("re"), Intent = intent, Amount = amount, Status = status, Metadata = metadata, Created = Now };
        refunds.Add(refund);
        Tell("refund.created", refund.Json());
        Tell("charge.refunded", intent.Charge!.Json());
        return refund;
    }

    private FakeCard NewCard(string customer)
    {
        var card = new FakeCard(NewId("pm"), customer);
        cards.Add(card);
        return card;
    }

    private FakeSession OpenSession(string id) => Session(id) is { Status: "open" } open
        ? open
        : throw new InvalidOperationException($"Nobody can pay on the page {id}: it is {Session(id).Status}.");

    /// <summary>With what the time has done to it.</summary>
    private FakeSession Session(string id)
    {
        var session = sessions.Find(session => session.Id == id) ?? throw new InvalidOperationException($"There is no page {id}.");
        if (session.Status == "open" && session.ExpiresAt <= Now) Expire(session);
        return session;
    }

    private FakeIntent Intent(string id) => intents.Find(intent => intent.Id == id) ?? throw new InvalidOperationException($"There is no payment {id}.");

    private string NewId(string prefix) => string.Create(CultureInfo.InvariantCulture, $"{prefix}_{(prefix == "cs" ? IsLive ? "live_" : "test_" : "")}{++numbers:D6}");

    private void Locked(Action act)
    {
        lock (Gate) act();
    }

    private T Locked<T>(Func<T> act)
    {
        lock (Gate) return act();
    }
}
