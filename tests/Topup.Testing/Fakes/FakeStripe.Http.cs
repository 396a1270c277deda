using System.Collections.Specialized;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Topup.Domain.Catalog;

namespace Topup.Testing.Fakes;

/// <summary>How it answers over HTTP, as strictly as Stripe.</summary>
internal sealed partial class FakeStripe
{
    private const string Version = "2026-07-29.dahlia";
    private const int KeyLengthMax = 255;
    private const int MetadataValueMax = 500;

    private static readonly TimeSpan KeyLife = TimeSpan.FromHours(24);
    private static readonly string[] ThreeDecimals = ["bhd", "jod", "kwd", "omr", "tnd"];
    private static readonly Dictionary<string, long> Least = new() { ["usd"] = 50, ["eur"] = 50, ["brl"] = 50, ["jpy"] = 50, ["gbp"] = 30, ["mxn"] = 1000 };

    private readonly Dictionary<string, (string Request, long At, FakeAnswer Answer)> keys = [];
    private readonly Queue<FakeAnswer> script = new();

    /// <summary>The next answers, whatever is asked.</summary>
    public void Say(params FakeAnswer[] answers) => Locked(() =>
    {
        foreach (var answer in answers) script.Enqueue(answer);
    });

    /// <summary>An answer that something went wrong.</summary>
    /// <param name="shouldRetry">What Stripe says of asking again; null: nothing.</param>
    public static FakeAnswer Failed(int status, string type, string? code, string message, string? param = null, bool? shouldRetry = null)
    {
        var answer = new FakeAnswer(status, new JsonObject { ["error"] = FakeJson.Error(type, code, message, param) }.ToJsonString());
        if (shouldRetry is { } should) answer.Headers["Stripe-Should-Retry"] = should ? "true" : "false";
        return answer;
    }

    /// <summary>Who asks, in which version, under which key; then the work.</summary>
    protected override FakeAnswer Answer(FakeRequest request)
    {
        var answer = script.TryDequeue(out var said) ? said : Answered(request);
        return answer with { Headers = new Dictionary<string, string>(answer.Headers) { ["Request-Id"] = NewId("req") } };
    }

    private FakeAnswer Answered(FakeRequest request)
    {
        if (request.Header("Authorization") != $"Bearer {SecretKey}") return Failed(401, "invalid_request_error", null, "Invalid API Key provided: sk_****_fake");
        if (request.Header("Stripe-Version") != Version) return Failed(400, "invalid_request_error", null, "Invalid Stripe API version.");
        if (request.Method == "GET") return Get(request, Form(request.Query.TrimStart('?')));
        if (request.Method != "POST") return Failed(405, "invalid_request_error", null, "Method not allowed.");
        if (request.Body.Length > 0 && !request.Header("Content-Type").StartsWith("application/x-www-form-urlencoded", StringComparison.Ordinal))
            return Failed(400, "invalid_request_error", null, "The body must be a form.");
        // Stripe would take a change without a key; ours never comes without one.
        var key = request.Header("Idempotency-Key");
        if (key.Length is 0 or > KeyLengthMax) return Failed(400, "invalid_request_error", null, "Idempotency-Key must have 1 to 255 characters.");
        var fingerprint = $"{request.Path} {request.Body}";
        if (keys.TryGetValue(key, out var before) && Now - before.At < (long)KeyLife.TotalSeconds)
            return before.Request == fingerprint
                ? before.Answer with { Headers = new Dictionary<string, string> { ["Idempotent-Replayed"] = "true" } }
                : Failed(400, "idempotency_error", null, "Keys for idempotent requests can only be used with the same parameters they were first used with.");
        var answer = Post(request.Path, Form(request.Body));
        // A request that was not even begun leaves no mark.
        if (answer.Status is 200 or 402) keys[key] = (fingerprint, Now, answer);
        return answer;
    }

    private FakeAnswer Get(FakeRequest request, NameValueCollection query) => request.Path.Split('/', StringSplitOptions.RemoveEmptyEntries) switch
    {
        ["v1", "checkout", "sessions", var id] => sessions.Exists(session => session.Id == id)
            ? Done(Session(id).Json(this, Expand(query, "payment_intent", "payment_intent.latest_charge")))
            : Missing("checkout.session", id),
        ["v1", "payment_intents", var id] => intents.Find(intent => intent.Id == id) is { } intent
            ? Done(intent.Json(this, Expand(query, "latest_charge")))
            : Missing("payment_intent", id),
        ["v1", "refunds", var id] => refunds.Find(refund => refund.Id == id) is { } refund ? Done(refund.Json()) : Missing("refund", id),
        ["v1", "payment_intents"] => Page(request.Path, query, intents, intent => intent.Id, intent => intent.Created,
            intent => intent.Json(this, Expand(query, "data.latest_charge").Length > 0 ? ["latest_charge"] : []),
            ("customer", intent => intent.Customer ?? "")),
        ["v1", "refunds"] => Page(request.Path, query, refunds, refund => refund.Id, refund => refund.Created, refund => refund.Json(WithPayment(query) ? this : null),
            ("payment_intent", refund => refund.Intent.Id)),
        ["v1", "disputes"] => Page(request.Path, query, disputes, dispute => dispute.Id, dispute => dispute.Created, dispute => dispute.Json(WithPayment(query) ? this : null),
            ("payment_intent", dispute => dispute.Intent.Id)),
        _ => Failed(404, "invalid_request_error", null, $"Unrecognized request URL (GET: {request.Path})."),
    };

    private FakeAnswer Post(string path, NameValueCollection form) => path.Split('/', StringSplitOptions.RemoveEmptyEntries) switch
    {
        ["v1", "checkout", "sessions"] => CreateSession(form),
        ["v1", "checkout", "sessions", var id, "expire"] => ExpireSession(id),
        ["v1", "payment_intents"] => ChargeOffSession(form),
        ["v1", "payment_intents", var id, "cancel"] => CancelIntent(id),
        ["v1", "payment_methods", var id, "detach"] => DetachCard(id),
        ["v1", "refunds"] => CreateRefund(form),
        _ => Failed(404, "invalid_request_error", null, $"Unrecognized request URL (POST: {path})."),
    };

    private FakeAnswer CreateSession(NameValueCollection form)
    {
        if (Unknown(form, SessionParameters()) is { } unknown) return unknown;
        if (form["mode"] != "payment") return Invalid("mode");
        var currency = form["line_items[0][price_data][currency]"] ?? "";
        if (Wrong(form["line_items[0][price_data][unit_amount]"], currency, "line_items[0][price_data][unit_amount]") is { } wrong) return wrong;
        if (form["line_items[0][quantity]"] != "1") return Invalid("line_items[0][quantity]");
        if (form["line_items[0][price_data][product_data][name]"] is null) return Invalid("line_items[0][price_data][product_data][name]");
        if (!Uri.TryCreate(form["success_url"]?.Replace("{CHECKOUT_SESSION_ID}", "x", StringComparison.Ordinal), UriKind.Absolute, out _)) return Invalid("success_url");
        if (!long.TryParse(form["expires_at"], CultureInfo.InvariantCulture, out var expiresAt)) return Invalid("expires_at");
        if (expiresAt < Now + 30 * 60 || expiresAt > Now + 24 * 60 * 60)
            return Invalid("expires_at", "The `expires_at` timestamp must be from 30 minutes to 24 hours from Checkout Session creation.");
        if (form["client_reference_id"] is { Length: > 200 }) return Invalid("client_reference_id");
        if (form["customer"] is not null && (form["customer_email"] ?? form["customer_creation"]) is not null)
            return Invalid("customer", "You may only specify one of these parameters: customer, customer_email.");
        if (form["customer"] is { } customer && !cards.Exists(card => card.Customer == customer))
            return Failed(400, "invalid_request_error", "resource_missing", $"No such customer: '{customer}'", "customer");
        var saves = form["payment_intent_data[setup_future_usage]"] == "off_session";
        if (saves && (form["customer"] ?? form["customer_creation"]) is null) return Invalid("payment_intent_data[setup_future_usage]");
        var session = new FakeSession
        {
            Id = NewId("cs"), Order = form["client_reference_id"] ?? "", Currency = currency, SuccessUrl = form["success_url"]!, ExpiresAt = expiresAt,
            AmountTotal = long.Parse(form["line_items[0][price_data][unit_amount]"]!, CultureInfo.InvariantCulture), Created = Now,
            Metadata = Metadata(form, "metadata["), IntentMetadata = Metadata(form, "payment_intent_data[metadata]["),
            Customer = form["customer"], CustomerEmail = form["customer_email"], SavesCard = saves,
        };
        sessions.Add(session);
        return Done(session.Json(this));
    }

    private FakeAnswer ExpireSession(string id)
    {
        if (!sessions.Exists(session => session.Id == id)) return Missing("checkout.session", id);
        var session = Session(id);
        if (session.Status != "open")
            return Failed(400, "invalid_request_error", null,
                $"Only Checkout Sessions with a status in [\"open\"] can be expired. This Checkout Session has a status of `{session.Status}`.");
        Expire(session);
        return Done(session.Json(this));
    }

    private FakeAnswer DetachCard(string id)
    {
        if (cards.Find(card => card.Id == id) is not { } card) return Missing("payment_method", id);
        if (card.IsDetached)
            return Failed(400, "invalid_request_error", null, "The payment method you provided is not attached to a customer so detachment is impossible.");
        card.IsDetached = true;
        return Done(new JsonObject { ["id"] = id, ["object"] = "payment_method", ["customer"] = null });
    }

    private FakeAnswer ChargeOffSession(NameValueCollection form)
    {
        if (Unknown(form, IntentParameters()) is { } unknown) return unknown;
        var currency = form["currency"] ?? "";
        if (Wrong(form["amount"], currency, "amount") is { } wrong) return wrong;
        if (form["off_session"] != "true" || form["confirm"] != "true") return Invalid("off_session");
        if (!cards.Exists(card => card.Customer == form["customer"]))
            return Failed(400, "invalid_request_error", "resource_missing", $"No such customer: '{form["customer"]}'", "customer");
        if (!cards.Exists(card => card.Id == form["payment_method"] && !card.IsDetached && card.Customer == form["customer"]))
            return Failed(400, "invalid_request_error", "resource_missing", $"No such PaymentMethod: '{form["payment_method"]}'", "payment_method");
        var intent = new FakeIntent
        {
            Id = NewId("pi"), Amount = long.Parse(form["amount"]!, CultureInfo.InvariantCulture), Currency = currency, Created = Now,
            Customer = form["customer"], PaymentMethod = form["payment_method"], Metadata = Metadata(form, "metadata["),
        };
        intents.Add(intent);
        var verdict = nextOffSession;
        nextOffSession = "";
        if (verdict == "processing")
        {
            intent.Status = "processing";
            Tell("payment_intent.processing", intent.Json(this));
        }
        else if (verdict.Length == 0) Take(intent);
        else Refuse(intent, verdict);
        if (intent.Error is null) return Done(intent.Json(this));
        var error = FakeJson.Declined(verdict);
        error["payment_intent"] = intent.Json(this);
        return new FakeAnswer(402, new JsonObject { ["error"] = error }.ToJsonString());
    }

    private FakeAnswer CancelIntent(string id)
    {
        if (intents.Find(intent => intent.Id == id) is not { } intent) return Missing("payment_intent", id);
        if (intent.Status is "succeeded" or "canceled" or "processing")
            return Failed(400, "invalid_request_error", "payment_intent_unexpected_state", $"You cannot cancel this PaymentIntent because it has a status of {intent.Status}.");
        intent.Status = "canceled";
        Tell("payment_intent.canceled", intent.Json(this));
        return Done(intent.Json(this));
    }

    private FakeAnswer CreateRefund(NameValueCollection form)
    {
        if (Unknown(form, RefundParameters()) is { } unknown) return unknown;
        if (intents.Find(intent => intent.Id == form["payment_intent"]) is not { } intent) return Missing("payment_intent", form["payment_intent"] ?? "");
        if (intent.Charge is not { } charge) return Failed(400, "invalid_request_error", null, "This PaymentIntent does not have a successful charge to refund.");
        if (disputes.Exists(dispute => dispute.Intent == intent && !dispute.Status.StartsWith("warning", StringComparison.Ordinal) && dispute.Status != "won"))
            return Failed(400, "invalid_request_error", "charge_disputed", "The charge has been charged back; cannot issue a refund.");
        if (charge.Left == 0) return Failed(400, "invalid_request_error", "charge_already_refunded", $"Charge {charge.Id} has already been refunded.");
        if (Wrong(form["amount"], intent.Currency, "amount", least: 1) is { } wrong) return wrong;
        var amount = long.Parse(form["amount"]!, CultureInfo.InvariantCulture);
        if (amount > charge.Left) return Invalid("amount", $"Refund amount ({amount}) is greater than unrefunded amount on charge ({charge.Left}).");
        return Done(MakeRefund(intent, amount, RefundStatus, Metadata(form, "metadata[")).Json());
    }

    /// <summary>Null: Stripe can charge it.</summary>
    private static FakeAnswer? Wrong(string? amount, string currency, string parameter, long? least = null)
    {
        if (currency.Length != 3 || currency.Any(char.IsAsciiLetterUpper) || !Currency.IsKnown(currency.ToUpperInvariant()))
            return Failed(400, "invalid_request_error", null, $"Invalid currency: {currency}.", "currency");
        if (!long.TryParse(amount, NumberStyles.None, CultureInfo.InvariantCulture, out var units)) return Invalid(parameter, $"Invalid integer: {amount}");
        if (units < (least ?? Least.GetValueOrDefault(currency, 1))) return Failed(400, "invalid_request_error", "amount_too_small", "The amount is too small.", parameter);
        if (units > 999_999_999_999) return Failed(400, "invalid_request_error", "amount_too_large", "The amount is too large.", parameter);
        if ((currency is "isk" or "ugx" && units % 100 != 0) || (ThreeDecimals.Contains(currency) && units % 10 != 0))
            return Failed(400, "invalid_request_error", "invalid_charge_amount_no_decimal_compatible", "The amount has too many decimals.", parameter);
        return null;
    }

    private static FakeAnswer? Unknown(NameValueCollection form, Regex known) =>
        form.AllKeys.FirstOrDefault(name => !known.IsMatch(name ?? "")) is { } unknown
            ? Failed(400, "invalid_request_error", "parameter_unknown", $"Received unknown parameter: {unknown}", unknown)
            : form.AllKeys.FirstOrDefault(name => name!.Contains("metadata", StringComparison.Ordinal) && form[name]!.Length > MetadataValueMax) is { } tooLong ? Invalid(tooLong) : null;

    private FakeAnswer Page<T>(
        string path, NameValueCollection query, List<T> items, Func<T, string> idOf, Func<T, long> createdOf, Func<T, JsonObject> json, params (string Name, Func<T, string> ValueOf)[] filters)
    {
        foreach (var name in query.AllKeys)
            if (!ListParameters().IsMatch(name ?? "") && !filters.Any(filter => filter.Name == name)) return Invalid(name ?? "", $"Received unknown parameter: {name}");
        var limit = int.Parse(query["limit"] ?? "10", CultureInfo.InvariantCulture);
        if (limit is < 1 or > 100) return Invalid("limit");
        var found = items.AsEnumerable().Reverse().Where(item => filters.All(filter => query[filter.Name] is not { } wanted || filter.ValueOf(item) == wanted)
            && (query["created[gte]"] is not { } from || createdOf(item) >= long.Parse(from, CultureInfo.InvariantCulture))
            && (query["created[lt]"] is not { } until || createdOf(item) < long.Parse(until, CultureInfo.InvariantCulture))).ToList();
        if (query["starting_after"] is { } after)
        {
            var at = found.FindIndex(item => idOf(item) == after);
            if (at < 0) return Invalid("starting_after", $"No such object: {after}");
            found = found[(at + 1)..];
        }
        var page = found.Take(Math.Min(limit, PageMax)).ToList();
        return Done(new JsonObject
        {
            ["object"] = "list", ["url"] = path, ["has_more"] = page.Count < found.Count, ["data"] = new JsonArray([.. page.Select(json)]),
        });
    }

    private static string[] Expand(NameValueCollection query, params string[] may)
    {
        var asked = query.AllKeys.Where(name => name!.StartsWith("expand[", StringComparison.Ordinal)).Select(name => query[name]!).ToArray();
        return asked.All(may.Contains) ? asked : throw new InvalidOperationException($"This cannot be expanded: {string.Join(", ", asked)}.");
    }

    private static bool WithPayment(NameValueCollection query) => Expand(query, "data.payment_intent.latest_charge").Length > 0;

    private static Dictionary<string, string> Metadata(NameValueCollection form, string prefix) => form.AllKeys
        .Where(name => name!.StartsWith(prefix, StringComparison.Ordinal))
        .ToDictionary(name => name![prefix.Length..^1], name => form[name]!);

    private static FakeAnswer Done(JsonObject body) => new(200, body.ToJsonString());

    private static FakeAnswer Missing(string kind, string id) => Failed(404, "invalid_request_error", "resource_missing", $"No such {kind}: '{id}'", "id");

    private static FakeAnswer Invalid(string parameter, string? message = null) =>
        Failed(400, "invalid_request_error", null, message ?? $"Invalid {parameter}.", parameter);

    private static NameValueCollection Form(string text)
    {
        var form = new NameValueCollection();
        foreach (var pair in text.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = pair.Split('=', 2);
            var name = Uri.UnescapeDataString(parts[0]);
            if (form[name] is not null) throw new InvalidOperationException($"The parameter {name} is there twice.");
            form[name] = Uri.UnescapeDataString(parts[1].Replace('+', ' '));
        }
        return form;
    }

    [GeneratedRegex(
        @"^(mode|line_items\[0\]\[(quantity|price_data\]\[(currency|unit_amount|product_data\]\[name))\]|client_reference_id|metadata\[\w{1,40}\]"
        + @"|payment_intent_data\[(metadata\]\[\w{1,40}|setup_future_usage|description)\]|success_url|cancel_url|expires_at|adaptive_pricing\[enabled\]"
        + @"|locale|customer|customer_email|customer_creation)$")]
    private static partial Regex SessionParameters();

    [GeneratedRegex(@"^(amount|currency|customer|payment_method|off_session|confirm|description|metadata\[\w{1,40}\])$")]
    private static partial Regex IntentParameters();

    [GeneratedRegex(@"^(payment_intent|amount|reason|metadata\[\w{1,40}\])$")]
    private static partial Regex RefundParameters();

    [GeneratedRegex(@"^(limit|starting_after|created\[(gte|lt)\]|expand\[\d\])$")]
    private static partial Regex ListParameters();
}
