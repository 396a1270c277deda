using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Topup.Domain;
using Topup.Domain.Catalog;
using Topup.Domain.Checkout;

namespace Topup.Server.Checkout.Providers.Stripe;

/// <summary>
/// Stripe: the buyer pays on its hosted page. Amounts go over the wire by <see cref="StripeMoney"/>; what became of an
/// order is read by <see cref="StripeTruth"/>.
/// </summary>
internal sealed partial class StripeProvider(StripeClient client, IProviderSettings settings, TimeProvider clock) : IPaymentProvider, ICardCharger
{
    public const string MethodName = "stripe";

    /// <summary>Our order in the metadata of a page and its payment. Stripe does not copy it to refunds and disputes.</summary>
    public const string OrderField = "order_id";

    private const string RefundField = "refund_id";
    private const int PageSize = 100;

    /// <summary>A hundred thousand payments in a span; more is no daily comparison.</summary>
    private const int PagesMax = 1_000;

    /// <summary>
    /// Stripe forgets keys after 24 hours. From here on a repeated request could happen a second time, so what it has
    /// done before is looked up first.
    /// </summary>
    private static readonly TimeSpan KeyLife = TimeSpan.FromHours(23);

    /// <summary>A page lives from 30 minutes to 24 hours by Stripe's clock; five minutes are left for the way and for ours.</summary>
    private static readonly TimeSpan OpenLeast = TimeSpan.FromMinutes(35);

    private static readonly TimeSpan OpenMost = TimeSpan.FromHours(24) - TimeSpan.FromMinutes(5);

    /// <summary>The languages of its pages; in any other it follows the browser.</summary>
    private static readonly string[] Locales =
        ("bg cs da de el en en-GB es es-419 et fi fil fr fr-CA hr hu id it ja ko lt lv ms mt nb nl pl pt pt-BR ro ru sk sl sv th tr vi "
            + "zh zh-HK zh-TW").Split(' ');

    public string Method => MethodName;

    public async Task<string?> Missing(CancellationToken stop) => StripeClient.KeyProblem(await settings.Stripe(stop));

    /// <summary>By a list that a restricted key must be able to read anyway; the balance is not among what it needs.</summary>
    public async Task<ProviderAnswer<ProviderMode>> Greet(CancellationToken stop)
    {
        var answer = await client.Get("/v1/payment_intents?limit=1", StripeJson.Default.StripeListStripeIntent, stop);
        return answer.Failure is { } failure ? failure : (await settings.Stripe(stop)).IsLive ? ProviderMode.Live : ProviderMode.Test;
    }

    public string? Refuses(long price, string currency) => StripeMoney.CheckCharge(price, currency) switch
    {
        StripeMoneyProblem.None => null,
        StripeMoneyProblem.NotPayable => $"Stripe cannot be paid in {currency}.",
        StripeMoneyProblem.TooFine => $"Stripe takes {currency} in steps of {Text(StripeMoney.Step(currency), currency)}.",
        StripeMoneyProblem.TooSmall => $"Stripe takes at least {Text(StripeMoney.Least(currency), currency)} {currency}.",
        StripeMoneyProblem.TooLarge => $"Stripe takes at most {Text(StripeMoney.Most(currency), currency)} {currency}.",
    };

    public async Task<ProviderAnswer<CheckoutPage>> Open(PurchaseRow purchase, Buyer buyer, CancellationToken stop)
    {
        if (Refuses(purchase.Purchase.Price, purchase.Purchase.Currency) is { } refused) return Refused("amount", refused);
        var answer = await OpenFor(purchase, buyer, "session", stop);
        // A customer who was deleted there, or is of the other mode, must not keep the tenant from buying.
        if (answer.Error is { Code: "resource_missing", Param: "customer" })
            answer = await OpenFor(purchase, buyer with { Customer = "" }, "session:new-customer", stop);
        if (answer.Failure is { } failure) return failure;
        return answer.Value.Url is { Length: > 0 } url
            ? new CheckoutPage(answer.Value.Id, url)
            : Refused("session_closed", "The page of this purchase is closed.");
    }

    public async Task<ProviderAnswer<PaymentTruth>> Fetch(PurchaseRow purchase, string hint, CancellationToken stop)
    {
        var id = purchase.Checkout.Length > 0 ? purchase.Checkout : hint;
        if (IsSession(id)) return await FetchSession(id, stop);
        return IsIntent(id)
            ? await FetchIntent(id, purchase, stop)
            : new ProviderFailure(ProviderFailureKind.Unknown, "not_opened", "Nothing was opened at Stripe for this purchase.");
    }

    public async Task<ProviderAnswer<RefundAnswer>> Refund(PurchaseRow purchase, RefundRow refund, CancellationToken stop)
    {
        if (StripeMoney.TryToWire(refund.Amount, purchase.Purchase.Currency, out var wire) != StripeMoneyProblem.None)
            return Refused("amount", $"Stripe cannot give back exactly {Text(refund.Amount, purchase.Purchase.Currency)} {purchase.Purchase.Currency}.");
        if (refund.ProviderId.Length > 0)
            return AnswerOf(await client.Get($"/v1/refunds/{Escape(refund.ProviderId)}", StripeJson.Default.StripeRefund, stop));
        if (IsOld(refund.CreatedAt))
        {
            var made = await All($"/v1/refunds?payment_intent={Escape(refund.Payment)}", StripeJson.Default.StripeListStripeRefund, item => item.Id, stop);
            if (made.Failure is { } failure) return failure;
            if (made.Value.Find(item => item.Metadata?.GetValueOrDefault(RefundField) == refund.Id) is { } found) return AnswerOf(found);
        }
        var form = new StripeForm()
            .Add("payment_intent", refund.Payment)
            .Add("amount", wire)
            .Add($"metadata[{RefundField}]", refund.Id)
            .Add($"metadata[{OrderField}]", refund.Order);
        return AnswerOf(await client.Post("/v1/refunds", form, $"refund:{refund.Id}", StripeJson.Default.StripeRefund, stop));
    }

    public async Task<ProviderAnswer<bool>> Close(PurchaseRow purchase, CancellationToken stop)
    {
        var (order, id) = (purchase.Purchase.Order, purchase.Checkout);
        if (IsSession(id))
        {
            var path = $"/v1/checkout/sessions/{Escape(id)}";
            var closed = await client.Post(path + "/expire", new StripeForm(), $"order:{order}:close", StripeJson.Default.StripeSession, stop);
            // It refuses to close what is not open; whether that is so, the page itself says.
            if (closed.Failure is { Kind: ProviderFailureKind.Refused }) closed = await client.Get(path, StripeJson.Default.StripeSession, stop);
            if (closed.Failure is { } failure) return failure;
            return closed.Value.Status != "open" ? true : Refused("session_open", "Stripe did not close the page.");
        }
        if (!IsIntent(id)) return true;
        var canceled = await client.Post($"{PathOf(id)}/cancel", new StripeForm(), $"order:{order}:close", StripeJson.Default.StripeIntent, stop);
        return canceled.Failure is { Kind: not ProviderFailureKind.Refused } unknown ? unknown : true;
    }

    public async Task<ProviderAnswer<List<ListedPayment>>> List(DateTimeOffset from, DateTimeOffset until, CancellationToken stop)
    {
        var span = new StripeForm().Add("created[gte]", from.ToUnixTimeSeconds()).Add("created[lt]", until.ToUnixTimeSeconds());
        var intents = await All($"/v1/payment_intents?{span}&expand[0]=data.latest_charge", StripeJson.Default.StripeListStripeIntent, intent => intent.Id, stop);
        if (intents.Failure is { } noIntents) return noIntents;
        const string WithPayment = "expand[0]=data.payment_intent.latest_charge";
        var refunds = await All($"/v1/refunds?{span}&{WithPayment}", StripeJson.Default.StripeListStripeRefund, refund => refund.Id, stop);
        if (refunds.Failure is { } noRefunds) return noRefunds;
        var disputes = await All($"/v1/disputes?{span}&{WithPayment}", StripeJson.Default.StripeListStripeDispute, dispute => dispute.Id, stop);
        if (disputes.Failure is { } noDisputes) return noDisputes;
        return intents.Value
            .Concat(refunds.Value.Select(refund => refund.PaymentIntent).OfType<StripeIntent>())
            .Concat(disputes.Value.Select(dispute => dispute.PaymentIntent).OfType<StripeIntent>())
            .Where(intent => intent.AmountReceived > 0).DistinctBy(intent => intent.Id).Select(StripeTruth.Listed).ToList();
    }

    public static string PathOf(string intent) => $"/v1/payment_intents/{Escape(intent)}";

    private Task<StripeAnswer<StripeSession>> OpenFor(PurchaseRow row, Buyer buyer, string attempt, CancellationToken stop)
    {
        var purchase = row.Purchase;
        StripeMoney.TryToWire(purchase.Price, purchase.Currency, out var wire);
        var separator = buyer.ReturnUrl.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        var form = new StripeForm()
            .Add("mode", "payment")
            .Add("line_items[0][quantity]", 1)
            .Add("line_items[0][price_data][currency]", purchase.Currency.ToLowerInvariant())
            .Add("line_items[0][price_data][unit_amount]", wire)
            .Add("line_items[0][price_data][product_data][name]", row.Title)
            .Add("client_reference_id", purchase.Order)
            .Add($"metadata[{OrderField}]", purchase.Order)
            .Add("metadata[tenant_id]", row.Tenant)
            .Add($"payment_intent_data[metadata][{OrderField}]", purchase.Order)
            .Add("payment_intent_data[metadata][tenant_id]", row.Tenant)
            .Add("success_url", $"{buyer.ReturnUrl}{separator}session_id={{CHECKOUT_SESSION_ID}}")
            .Add("cancel_url", buyer.ReturnUrl)
            .Add("expires_at", ExpiresAt(row).ToUnixTimeSeconds())
            // Else Stripe may ask another price in the buyer's own currency.
            .Add("adaptive_pricing[enabled]", false)
            .Add("locale", LocaleOf(buyer.Locale))
            .Add("customer", buyer.Customer)
            .Add("customer_email", buyer.Customer.Length == 0 ? buyer.Email : "");
        if (row.SavesCard) form.Add("payment_intent_data[setup_future_usage]", "off_session");
        if (row.SavesCard && buyer.Customer.Length == 0) form.Add("customer_creation", "always");
        return client.Post("/v1/checkout/sessions", form, $"order:{purchase.Order}:{attempt}", StripeJson.Default.StripeSession, stop);
    }

    /// <summary>Reckoned from when the purchase was made, not from now: the same purchase asks the same each time.</summary>
    private static DateTimeOffset ExpiresAt(PurchaseRow row) => Instant
        .Earlier(Instant.Later(row.ExpiresAt, row.CreatedAt.Plus(OpenLeast)), row.CreatedAt.Plus(OpenMost))
        .ToDateTimeOffset();

    private static string LocaleOf(string locale) =>
        Array.Find(Locales, known => known.Equals(locale, StringComparison.OrdinalIgnoreCase))
        ?? Array.Find(Locales, known => known.Equals(locale.Split('-')[0], StringComparison.OrdinalIgnoreCase))
        ?? "";

    private async Task<ProviderAnswer<PaymentTruth>> FetchSession(string id, CancellationToken stop)
    {
        var found = await client.Get($"/v1/checkout/sessions/{Escape(id)}?expand[0]=payment_intent", StripeJson.Default.StripeSession, stop);
        if (found.Failure is { } failure) return failure;
        var session = found.Value;
        if (session.PaymentIntent is { } intent)
            return await TruthOf(intent, intent.Order.Length > 0 ? intent.Order : session.ClientReferenceId ?? "", StripeTruth.StateOf(session), stop);
        var state = StripeTruth.StateOf(session);
        var isLive = (await settings.Stripe(stop)).IsLive;
        return new PaymentTruth { State = state, Payments = state == PaymentState.Paid ? [StripeTruth.TakenNothing(session, isLive)] : [] };
    }

    private async Task<ProviderAnswer<PaymentTruth>> FetchIntent(string id, PurchaseRow purchase, CancellationToken stop)
    {
        var found = await client.Get(PathOf(id), StripeJson.Default.StripeIntent, stop);
        if (found.Failure is { } failure) return failure;
        // A notification may name any payment; ours is only what says so itself.
        if (purchase.Checkout.Length == 0 && found.Value.Order != purchase.Purchase.Order)
            return new ProviderFailure(ProviderFailureKind.Unknown, "other_order", "The payment is of another order.");
        return await TruthOf(found.Value, found.Value.Order, StripeTruth.StateOf(found.Value), stop);
    }

    private async Task<ProviderAnswer<PaymentTruth>> TruthOf(StripeIntent intent, string order, PaymentState state, CancellationToken stop)
    {
        var truth = new PaymentTruth { State = state, Failure = state == PaymentState.Paid ? "" : intent.LastPaymentError?.Reason ?? "" };
        if (intent.AmountReceived <= 0) return truth;
        var of = $"?payment_intent={Escape(intent.Id)}";
        var refunds = await All("/v1/refunds" + of, StripeJson.Default.StripeListStripeRefund, refund => refund.Id, stop);
        if (refunds.Failure is { } noRefunds) return noRefunds;
        var disputes = await All("/v1/disputes" + of, StripeJson.Default.StripeListStripeDispute, dispute => dispute.Id, stop);
        if (disputes.Failure is { } noDisputes) return noDisputes;
        try
        {
            return truth with { Payments = [StripeTruth.Taken(intent, order, (await settings.Stripe(stop)).IsLive, refunds.Value, disputes.Value)] };
        }
        catch (JsonException senseless)
        {
            return new ProviderFailure(ProviderFailureKind.Unavailable, "garbage", senseless.Message);
        }
    }

    /// <summary>Every item of a list, the newest first, page by page.</summary>
    /// <param name="path">With a query already.</param>
    private async Task<ProviderAnswer<List<T>>> All<T>(string path, JsonTypeInfo<StripeList<T>> type, Func<T, string> idOf, CancellationToken stop)
    {
        var items = new List<T>();
        var after = "";
        for (var page = 0; page < PagesMax; page++)
        {
            var answer = await client.Get($"{path}&limit={PageSize}{after}", type, stop);
            if (answer.Failure is { } failure) return failure;
            items.AddRange(answer.Value.Data);
            if (!answer.Value.HasMore || answer.Value.Data.Count == 0) return items;
            after = $"&starting_after={Escape(idOf(items[^1]))}";
        }
        return new ProviderFailure(ProviderFailureKind.Unavailable, "too_many", $"Stripe has more than {PagesMax * PageSize} items; ask for a shorter span.");
    }

    private bool IsOld(Instant createdAt) => clock.GetUtcNow() - createdAt.ToDateTimeOffset() > KeyLife;

    private static ProviderAnswer<RefundAnswer> AnswerOf(StripeAnswer<StripeRefund> answer) =>
        answer.Failure is { } failure ? failure : AnswerOf(answer.Value);

    private static RefundAnswer AnswerOf(StripeRefund refund) => new(refund.Id, StripeTruth.StatusOf(refund.Status), refund.FailureReason ?? "");

    private static bool IsSession(string id) => id.StartsWith("cs_", StringComparison.Ordinal);

    private static bool IsIntent(string id) => id.StartsWith("pi_", StringComparison.Ordinal);

    private static string Escape(string id) => Uri.EscapeDataString(id);

    private static ProviderFailure Refused(string code, string message) => new(ProviderFailureKind.Refused, code, message);

    private static string Text(long minor, string currency) =>
        Amount.FromUnits(minor, Currency.Digits(currency)).ToString(CultureInfo.InvariantCulture);
}
