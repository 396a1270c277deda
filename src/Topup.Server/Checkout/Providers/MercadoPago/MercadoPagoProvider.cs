using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Topup.Domain.Checkout;

namespace Topup.Server.Checkout.Providers.MercadoPago;

/// <summary>
/// Mercado Pago's Checkout Pro: the buyer pays on its page, called a preference, which can be paid more than once. Whether
/// a repeated request for a page gives the same page is nowhere promised, so an order may have two; both carry its id, and
/// all payments are found by that.
/// </summary>
internal sealed class MercadoPagoProvider(IProviderSettings settings, MercadoPagoClient client, TimeProvider clock) : IPaymentProvider
{
    private const int PageSize = 50;
    private const int PagesMax = 1_000;

    /// <summary>Our account's number, by a hash of the access token that it belongs to.</summary>
    private readonly ConcurrentDictionary<string, string> accounts = new();

    public string Method => PaymentMethod.MercadoPago;

    public async Task<string?> Missing(CancellationToken stop) => MercadoPagoClient.TokenProblem(await settings.MercadoPago(stop));

    /// <summary>By our own account; that of a test user has a token like a real one, and says what it is in its tags.</summary>
    public async Task<ProviderAnswer<ProviderMode>> Greet(CancellationToken stop)
    {
        var options = await settings.MercadoPago(stop);
        var answer = await client.Get(options, "/users/me", stop);
        if (answer.Failure is { } failure) return failure;
        if (answer.Value.Text("id").Length == 0) return Garbage("an account without a number");
        var isTestUser = answer.Value.Items("tags").Any(tag => tag.ValueKind == JsonValueKind.String && tag.GetString() == "test_user");
        return IsOldTest(options) || isTestUser ? ProviderMode.Test : ProviderMode.Live;
    }

    public string? Refuses(long price, string currency) => MercadoPagoMoney.TryToWire(price, currency, out _) switch
    {
        MercadoPagoMoneyProblem.None => null,
        MercadoPagoMoneyProblem.UnknownCurrency => $"Mercado Pago takes {string.Join(", ", MercadoPagoMoney.Currencies)}, and not {currency}.",
        MercadoPagoMoneyProblem.NotPositive => "Mercado Pago takes prices above zero only.",
        MercadoPagoMoneyProblem.NotWhole => $"Mercado Pago takes whole {currency} only.",
    };

    public async Task<ProviderAnswer<CheckoutPage>> Open(PurchaseRow purchase, Buyer buyer, CancellationToken stop)
    {
        var (order, price, currency) = (purchase.Purchase.Order, purchase.Purchase.Price, purchase.Purchase.Currency);
        if (Refuses(price, currency) is { } refusal) return new ProviderFailure(ProviderFailureKind.Refused, "price", refusal);
        MercadoPagoMoney.TryToWire(price, currency, out var wire);

        var options = await settings.MercadoPago(stop);
        var body = MercadoPagoPreference.Of(purchase, buyer, wire);
        var answer = await client.Post(options, "/checkout/preferences", body, MercadoPagoKey.Of($"preference:{order}"), stop);
        if (answer.Failure is { } failure) return failure;
        var page = new CheckoutPage(answer.Value.Text("id"), answer.Value.Text(IsOldTest(options) ? "sandbox_init_point" : "init_point"));
        var isPage = page.Id.Length > 0 && Uri.TryCreate(page.Url, UriKind.Absolute, out var url) && url.Scheme is "https" or "http";
        return isPage ? page : Garbage("a page without an address");
    }

    public async Task<ProviderAnswer<PaymentTruth>> Fetch(PurchaseRow purchase, string hint, CancellationToken stop)
    {
        var order = purchase.Purchase.Order;
        var options = await settings.MercadoPago(stop);
        var account = await Account(options, stop);
        if (account.Failure is { } noAccount) return noAccount;
        var found = await Search(options, $"external_reference={Uri.EscapeDataString(order)}&sort=date_created&criteria=desc", stop);
        if (found.Failure is { } notFound) return notFound;

        // The search is behind at times, both in what it lists and in what it says of it: it is asked for numbers only.
        var listed = found.Value.ToDictionary(payment => payment.Id);
        var numbers = listed.Keys.Union(purchase.Purchase.Payments.Split(' ')).Append(hint).Where(IsNumber).Distinct();
        var payments = new List<MercadoPagoPayment>();
        foreach (var number in numbers)
        {
            var answer = await client.Get(options, $"/v1/payments/{number}", stop);
            if (answer.Failure is { Kind: not ProviderFailureKind.Unknown } failure) return failure;
            var payment = answer.Failure is null ? MercadoPagoPayment.Read(answer.Value) : listed.GetValueOrDefault(number);
            if (payment?.Order == order) payments.Add(payment);
        }
        return MercadoPagoTruth.Of(purchase, payments, account.Value, clock.GetUtcNow());
    }

    public async Task<ProviderAnswer<RefundAnswer>> Refund(PurchaseRow purchase, RefundRow refund, CancellationToken stop)
    {
        var options = await settings.MercadoPago(stop);
        if (!IsNumber(refund.Payment)) return NoSuchPayment;
        if (refund.ProviderId.Length > 0)
        {
            var made = await client.Get(options, $"/v1/payments/{refund.Payment}/refunds/{Uri.EscapeDataString(refund.ProviderId)}", stop);
            return made.Failure is { } gone ? gone : Read(made.Value);
        }
        var found = await client.Get(options, $"/v1/payments/{refund.Payment}", stop);
        if (found.Failure is { } notFound) return notFound.Kind == ProviderFailureKind.Unknown ? NoSuchPayment : notFound;
        var payment = MercadoPagoPayment.Read(found.Value);
        if (payment.Order != purchase.Purchase.Order) return Refused("wrong_order", "The payment is not of this purchase.");
        if (MercadoPagoMoney.TryToWire(refund.Amount, payment.Currency, out var amount) != MercadoPagoMoneyProblem.None)
            return Refused("amount", Refuses(refund.Amount, payment.Currency) ?? "");

        // By what was paid and not by what is left, so that a repeated request has the same body as the first. Some payment
        // methods can be refunded only as a whole, and a whole is asked for by naming no amount.
        var body = payment.Amount == amount ? [] : new JsonObject { ["amount"] = amount };
        var answer = await client.Post(options, $"/v1/payments/{refund.Payment}/refunds", body, MercadoPagoKey.Of($"refund:{refund.Id}"), stop);
        return answer.Failure is { } failure ? RefusalOf(failure) : Read(answer.Value);
    }

    public async Task<ProviderAnswer<bool>> Close(PurchaseRow purchase, CancellationToken stop)
    {
        if (purchase.Checkout.Length == 0) return true;
        var now = MercadoPagoJson.Write(clock.GetUtcNow());
        var body = new JsonObject { ["expires"] = true, ["expiration_date_to"] = now };
        var answer = await client.Put(await settings.MercadoPago(stop), $"/checkout/preferences/{Uri.EscapeDataString(purchase.Checkout)}",
            body, MercadoPagoKey.Of($"close:{purchase.Purchase.Order}:{now}"), stop);
        return answer.Failure is { Kind: not ProviderFailureKind.Unknown } failure ? failure : true;
    }

    public async Task<ProviderAnswer<List<ListedPayment>>> List(DateTimeOffset from, DateTimeOffset until, CancellationToken stop)
    {
        var options = await settings.MercadoPago(stop);
        var account = await Account(options, stop);
        if (account.Failure is { } noAccount) return noAccount;
        // By approval: a payment at a counter is made days before it takes money. By change: refunds and disputes come weeks after.
        var span = $"begin_date={MercadoPagoJson.WriteInQuery(from)}&end_date={MercadoPagoJson.WriteInQuery(until)}";
        var approved = await Search(options, $"sort=date_approved&criteria=asc&range=date_approved&{span}", stop);
        if (approved.Failure is { } noneApproved) return noneApproved;
        var changed = await Search(options, $"sort=date_last_updated&criteria=asc&range=date_last_updated&{span}", stop);
        if (changed.Failure is { } noneChanged) return noneChanged;
        // The search lists what we paid ourselves, too.
        return approved.Value.Concat(changed.Value).DistinctBy(payment => payment.Id)
            .Where(payment => payment.TookMoney && payment.Account == account.Value).Select(Listed).ToList();
    }

    private static ProviderAnswer<RefundAnswer> Read(JsonElement refund)
    {
        var id = refund.Text("id");
        return refund.Text("status") switch
        {
            _ when id.Length == 0 => Garbage("a refund without a number"),
            "approved" => new RefundAnswer(id, RefundStatus.Succeeded),
            "rejected" => new RefundAnswer(id, RefundStatus.Failed, "rejected"),
            _ => new RefundAnswer(id, RefundStatus.Pending),
        };
    }

    private static ListedPayment Listed(MercadoPagoPayment payment) => new(
        payment.Id, payment.Order, payment.Amount is { } amount ? MercadoPagoMoney.FromWire(amount, payment.Currency) : null, payment.Currency,
        MercadoPagoMoney.FromWire(payment.Refunded, payment.Currency) ?? 0, payment.Approved ?? payment.Created, payment.IsDisputed);

    /// <summary>All pages, each payment once: pages shift when payments are made in between.</summary>
    private async Task<ProviderAnswer<List<MercadoPagoPayment>>> Search(MercadoPagoOptions options, string filter, CancellationToken stop)
    {
        var found = new Dictionary<string, MercadoPagoPayment>();
        for (var offset = 0; offset < PagesMax * PageSize; offset += PageSize)
        {
            var paging = string.Create(CultureInfo.InvariantCulture, $"limit={PageSize}&offset={offset}");
            var answer = await client.Get(options, $"/v1/payments/search?{filter}&{paging}", stop);
            if (answer.Failure is { } failure) return failure;
            if (answer.Value.Member("results").ValueKind != JsonValueKind.Array) return Garbage("a search without results");
            var page = answer.Value.Items("results").Select(MercadoPagoPayment.Read).ToList();
            foreach (var payment in page) found[payment.Id] = payment;
            if (page.Count < PageSize) return found.Values.ToList();
        }
        return Refused("too_many", $"Mercado Pago has more than {PagesMax * PageSize} payments there. Ask for a shorter time.");
    }

    private async Task<ProviderAnswer<string>> Account(MercadoPagoOptions options, CancellationToken stop)
    {
        var token = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(options.AccessToken.Trim())));
        if (accounts.TryGetValue(token, out var known)) return known;
        var answer = await client.Get(options, "/users/me", stop);
        if (answer.Failure is { } failure) return failure;
        var account = answer.Value.Text("id");
        if (account.Length == 0) return Garbage("an account without a number");
        return accounts[token] = account;
    }

    /// <summary>Older access tokens of tests; those of test users look like real ones.</summary>
    private static bool IsOldTest(MercadoPagoOptions options) => options.AccessToken.Trim().StartsWith("TEST-", StringComparison.Ordinal);

    private static bool IsNumber(string text) => MercadoPagoNotice.IsNumber(text);

    /// <summary>A refund that will not be, in words that help. What may still become something stays as it is.</summary>
    private static ProviderFailure RefusalOf(ProviderFailure failure) => failure switch
    {
        { Code: "unauthorized" } => Refused(failure.Code, "Mercado Pago does not let our access token refund. Refund it on Mercado Pago's own pages."),
        { Kind: ProviderFailureKind.Unavailable } => failure,
        { Kind: ProviderFailureKind.Unknown } or { Code: "2000" } => NoSuchPayment,
        { Code: "2063" } => Refused(failure.Code, "The payment is in a state in which Mercado Pago does not refund it."),
        { Code: "2024" or "15016" } => Refused(failure.Code, "The payment is too old for Mercado Pago to refund it."),
        { Code: "3024" } => Refused(failure.Code, "Mercado Pago refunds this payment only as a whole."),
        { Code: "4040" or "4041" } => Refused(failure.Code, "The amount is more than Mercado Pago can refund of this payment."),
        _ => failure,
    };

    private static ProviderFailure NoSuchPayment => Refused("2000", "Mercado Pago has no payment of this number.");

    private static ProviderFailure Refused(string code, string message) => new(ProviderFailureKind.Refused, code, message);

    private static ProviderFailure Garbage(string what) => new(ProviderFailureKind.Unavailable, "garbage", $"Mercado Pago's answer made no sense: {what}.");
}
