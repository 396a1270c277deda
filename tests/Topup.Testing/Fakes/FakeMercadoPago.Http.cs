using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.WebUtilities;
using Topup.Domain.Checkout;

namespace Topup.Testing.Fakes;

/// <summary>What Mercado Pago answers, and what it refuses.</summary>
internal sealed partial class FakeMercadoPago
{
    private const int NotifyUrlLengthMax = 248;

    protected override FakeAnswer Answer(FakeRequest request)
    {
        if (request.Header("authorization") != $"Bearer {AccessToken}") return Error(401, "unauthorized", "invalid access token");
        var body = new JsonObject();
        if (request.Method != "GET")
        {
            if (!Guid.TryParseExact(request.Header("x-idempotency-key"), "D", out _)) return Cause(4292, "Header X-Idempotency-Key can't be null.");
            if (!request.Header("content-type").StartsWith("application/json", StringComparison.Ordinal)) return Error(400, "bad_request", "not JSON");
            body = (JsonObject)JsonNode.Parse(request.Body)!;
        }
        return (request.Method, request.Path.Trim('/').Split('/')) switch
        {
            ("GET", ["users", "me"]) => Ok(new JsonObject { ["id"] = Account, ["nickname"] = "TESTSELLER", ["site_id"] = "MLB", ["tags"] = new JsonArray("normal", "test_user") }),
            ("POST", ["checkout", "preferences"]) => PagesHonourKeys ? Once(request, () => Open(body)) : Open(body),
            ("PUT", ["checkout", "preferences", var id]) => Update(id, body),
            ("GET", ["v1", "payments", "search"]) => Search(request.Query),
            ("GET", ["v1", "payments", var id]) => Shown(id) is { } payment ? Ok(Write(payment)) : Missing("Payment not found"),
            ("GET", ["v1", "payments", var id, "refunds"]) =>
                Shown(id) is { } payment ? new FakeAnswer(200, new JsonArray([.. payment.Refunds.Select(refund => Write(payment, refund))]).ToJsonString()) : Missing("Payment not found"),
            ("GET", ["v1", "payments", var id, "refunds", var number]) =>
                Shown(id) is { } payment && payment.Refunds.Find(refund => refund.Id.ToString(CultureInfo.InvariantCulture) == number) is { } refund
                    ? Ok(Write(payment, refund)) : Missing("Refund not found"),
            ("POST", ["v1", "payments", var id, "refunds"]) => RefundsAreAllowed ? Once(request, () => GiveBack(id, body)) : Error(401, "unauthorized", "Unauthorized use of refunds"),
            ("GET", ["v1", "chargebacks", var id]) => long.TryParse(id, NumberStyles.None, null, out var number) && chargebacks.TryGetValue(number, out var payment)
                ? Ok(new JsonObject { ["id"] = id, ["payments"] = new JsonArray(payment.Id), ["currency"] = payment.Currency, ["amount"] = payment.Amount, ["live_mode"] = true })
                : Missing("Chargeback not found"),
            ("GET", ["merchant_orders", var id]) => MerchantOrder(id),
            _ => Missing("Not found"),
        };
    }

    private FakeAnswer Open(JsonObject body)
    {
        if (Wrong(body) is { } wrong) return wrong;
        var page = new Preference($"{Account}-{Guid.NewGuid()}", body, ++numbers);
        preferences.Add(page.Id, page);
        return Ok(Write(page), 201);
    }

    private FakeAnswer Update(string id, JsonObject body)
    {
        if (!preferences.TryGetValue(id, out var page)) return Error(404, "invalid_id", "preference_id not found");
        foreach (var (name, value) in body) page.Body[name] = value?.DeepClone();
        return ExpiryProblem(page.Body) ?? Ok(Write(page));
    }

    private FakeAnswer? Wrong(JsonObject body)
    {
        if (body["items"] is not JsonArray { Count: 1 } items || items[0] is not JsonObject item) return Error(400, "invalid_items", "items needed");
        if ((string?)item["title"] is not { Length: > 0 } || (int?)item["quantity"] is not >= 1) return Error(400, "invalid_items", "title and quantity needed");
        if (PriceProblem(item) is { } price) return price;
        if (!ReferenceShape().IsMatch((string?)body["external_reference"] ?? "")) return Error(400, "invalid_external_reference", "external_reference invalid");
        if (body["back_urls"] is JsonObject urls && !urls.All(url => IsPublic((string)url.Value!))) return Error(400, "invalid_back_urls", "back_urls invalid. Wrong format");
        if (body["auto_return"] is not null && body["back_urls"]?["success"] is null) return Error(400, "invalid_auto_return", "auto_return invalid. back_url.success must be defined");
        if ((string?)body["notification_url"] is { } notify && (notify.Length > NotifyUrlLengthMax || !IsPublic(notify))) return Error(400, "invalid_notification_url", "notification_url attribute must be url valid");
        if (ExpiryProblem(body) is { } expiry) return expiry;
        return new Preference("", body, 0).ExpiresAt <= Clock.GetUtcNow() ? Error(400, "invalid_expiration_date_to", "expiration_date_to invalid") : null;
    }

    private static FakeAnswer? PriceProblem(JsonObject item)
    {
        var (written, currency) = (item["unit_price"]?.ToJsonString() ?? "", (string?)item["currency_id"] ?? "");
        if (!PriceShape().IsMatch(written) || decimal.Parse(written, CultureInfo.InvariantCulture) <= 0) return Error(400, "invalid_items", "unit_price invalid");
        if (!MercadoPagoMoney.Currencies.Contains(currency)) return Error(400, "invalid_items", "currency_id invalid");
        var isWhole = currency is "CLP" or "COP" or "HNL" or "NIO" or "PYG";
        return isWhole && written.Contains('.', StringComparison.Ordinal) ? Error(400, "invalid_items", "unit_price must be an integer") : null;
    }

    private static FakeAnswer? ExpiryProblem(JsonObject body) =>
        (bool?)body["expires"] != true || TimeShape().IsMatch((string?)body["expiration_date_to"] ?? "") ? null : Error(400, "invalid_expiration_date_to", "expiration_date_to invalid");

    private FakeAnswer Search(string text)
    {
        var query = QueryHelpers.ParseQuery(text).ToDictionary(pair => pair.Key, pair => pair.Value.ToString());
        var (sort, criteria) = (query.GetValueOrDefault("sort"), query.GetValueOrDefault("criteria"));
        if (sort is not ("date_created" or "date_approved" or "date_last_updated")) return Cause(1003, "Invalid sort value.");
        if (criteria is not ("asc" or "desc")) return Cause(1004, "Invalid criteria value.");

        var found = payments.Values.Select(payment => payment.Listed).OfType<JsonObject>()
            .Where(listed => !query.TryGetValue("external_reference", out var reference) || (string?)listed["external_reference"] == reference);
        if (query.TryGetValue("range", out var range))
        {
            if (!SearchTimeShape().IsMatch(query["begin_date"]) || !SearchTimeShape().IsMatch(query["end_date"])) return Cause(1001, "Date format must be yyyy-MM-dd'T'HH:mm:ss.SSSZ.");
            var (begin, end) = (Time(query["begin_date"]), Time(query["end_date"]));
            found = found.Where(listed => (string?)listed[range] is { } at && Time(at) >= begin && Time(at) <= end);
        }
        found = found.OrderBy(listed => (string?)listed[sort], StringComparer.Ordinal);
        if (criteria == "desc") found = found.Reverse();
        var all = found.ToList();
        var (limit, offset) = (int.Parse(query.GetValueOrDefault("limit", "30"), null), int.Parse(query.GetValueOrDefault("offset", "0"), null));
        return Ok(new JsonObject
        {
            ["paging"] = new JsonObject { ["total"] = all.Count, ["limit"] = limit, ["offset"] = offset },
            ["results"] = new JsonArray([.. all.Skip(offset).Take(limit).Select(listed => listed.DeepClone())]),
        });
    }

    private FakeAnswer GiveBack(string id, JsonObject body)
    {
        if (RefundError != 0) return Cause(RefundError, "refused");
        if (Shown(id) is not { } payment) return Cause(2000, "Payment not found", 404);
        if (payment.Status != "approved") return Cause(2063, "The action requested is not valid for the current payment state");
        var amount = (decimal?)body["amount"] ?? payment.Left;
        if (amount <= 0) return Cause(4041, "Invalid amount");
        if (amount > payment.Left) return Cause(4040, "Amount is greater than what is left");
        if (payment.Currency is "CLP" or "COP" && body["amount"]?.ToJsonString().Contains('.', StringComparison.Ordinal) == true) return Cause(4041, "Invalid amount");
        var refund = MakeRefund(payment, amount, RefundStatus);
        Touch(payment);
        return Ok(Write(payment, refund), 201);
    }

    private FakeAnswer MerchantOrder(string id)
    {
        var page = preferences.Values.FirstOrDefault(page => page.MerchantOrder.ToString(CultureInfo.InvariantCulture) == id);
        if (page is null) return Missing("Merchant order not found");
        var paid = payments.Values.Where(payment => payment.Page == page).ToList();
        return Ok(new JsonObject
        {
            ["id"] = page.MerchantOrder,
            ["status"] = paid.Exists(payment => payment.Approved is not null) ? "closed" : "opened",
            ["external_reference"] = page.Order,
            ["preference_id"] = page.Id,
            ["payments"] = new JsonArray([.. paid.Select(payment => new JsonObject { ["id"] = payment.Id, ["status"] = payment.Status, ["transaction_amount"] = payment.Amount })]),
        });
    }

    /// <summary>The same key and body: the same answer, done once. The same key with another body is refused.</summary>
    private FakeAnswer Once(FakeRequest request, Func<FakeAnswer> work)
    {
        var key = request.Path + request.Header("x-idempotency-key");
        if (answersByKey.TryGetValue(key, out var first)) return first.Body == request.Body ? first.Answer : Cause(4293, "The key was used for something else");
        var answer = work();
        if (answer.Status < 300) answersByKey[key] = (request.Body, answer);
        return answer;
    }

    private Payment? Shown(string id) =>
        long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && payments.TryGetValue(number, out var payment) && !payment.IsHidden ? payment : null;

    private JsonObject Write(Preference page)
    {
        var written = (JsonObject)page.Body.DeepClone();
        written["id"] = page.Id;
        written["collector_id"] = Account;
        written["init_point"] = $"https://www.mercadopago.com.br/checkout/v1/redirect?pref_id={page.Id}";
        written["sandbox_init_point"] = $"https://sandbox.mercadopago.com.br/checkout/v1/redirect?pref_id={page.Id}";
        return written;
    }

    /// <summary>Instalments cost the buyer more than the price, and <c>live_mode</c> says true whatever it is: as the real one does.</summary>
    private JsonObject Write(Payment payment) => new()
    {
        ["id"] = payment.Id,
        ["status"] = payment.Status,
        ["status_detail"] = payment.Detail,
        ["transaction_amount"] = payment.Amount,
        ["transaction_amount_refunded"] = payment.Returned,
        ["currency_id"] = payment.Currency,
        ["external_reference"] = payment.Order,
        ["collector_id"] = payment.Account,
        ["date_created"] = Write(payment.Created),
        ["date_approved"] = payment.Approved is { } approved ? Write(approved) : null,
        ["date_last_updated"] = Write(Clock.GetUtcNow()),
        ["live_mode"] = true,
        ["metadata"] = new JsonObject { ["order_id"] = payment.Order },
        ["transaction_details"] = new JsonObject { ["total_paid_amount"] = payment.Amount * 1.1m, ["net_received_amount"] = payment.Amount * 0.95m },
        ["refunds"] = new JsonArray([.. payment.Refunds.Select(refund => Write(payment, refund))]),
    };

    private static JsonObject Write(Payment payment, Refund refund) =>
        new() { ["id"] = refund.Id, ["payment_id"] = payment.Id, ["amount"] = refund.Amount, ["status"] = refund.Status };

    private static string Write(DateTimeOffset time) =>
        time.ToOffset(TimeSpan.FromHours(-4)).ToString("yyyy-MM-dd'T'HH:mm:ss.fffzzz", CultureInfo.InvariantCulture);

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    private static bool IsPublic(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var url) && url.Scheme == "https" && url.HostNameType == UriHostNameType.Dns && url.Host != "localhost";

    private static FakeAnswer Ok(JsonObject body, int status = 200) => new(status, body.ToJsonString());

    private static FakeAnswer Missing(string message) => Error(404, "not_found", message);

    private static FakeAnswer Error(int status, string error, string message) =>
        Ok(new JsonObject { ["message"] = message, ["error"] = error, ["status"] = status, ["cause"] = new JsonArray() }, status);

    private static FakeAnswer Cause(int code, string description, int status = 400) => Ok(new JsonObject
    {
        ["message"] = description,
        ["error"] = "bad_request",
        ["status"] = status,
        ["cause"] = new JsonArray(new JsonObject { ["code"] = code, ["description"] = description, ["data"] = null }),
    }, status);

    [GeneratedRegex("^[A-Za-z0-9_-]{1,64}$")]
    private static partial Regex ReferenceShape();

    [GeneratedRegex(@"^\d+(\.\d{1,2})?$")]
    private static partial Regex PriceShape();

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d$")]
    private static partial Regex TimeShape();

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(Z|[+-]\d\d:\d\d)$")]
    private static partial Regex SearchTimeShape();
}
