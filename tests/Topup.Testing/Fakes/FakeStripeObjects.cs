using System.Text.Json.Nodes;

namespace Topup.Testing.Fakes;

/// <summary>A hosted page.</summary>
internal sealed class FakeSession
{
    public required string Id { get; init; }
    public required string Order { get; init; }
    public required long AmountTotal { get; init; }
    public required string Currency { get; init; }
    public required string SuccessUrl { get; init; }
    public required long ExpiresAt { get; init; }
    public required long Created { get; init; }
    public required Dictionary<string, string> Metadata { get; init; }
    public required Dictionary<string, string> IntentMetadata { get; init; }
    public string? Customer { get; init; }
    public string? CustomerEmail { get; init; }
    public bool SavesCard { get; init; }
    public string Status { get; set; } = "open";
    public string PaymentStatus { get; set; } = "unpaid";
    public FakeIntent? Intent { get; set; }

    public JsonObject Json(FakeStripe stripe, params string[] expand) => new()
    {
        ["id"] = Id,
        ["object"] = "checkout.session",
        ["mode"] = "payment",
        ["status"] = Status,
        ["payment_status"] = PaymentStatus,
        ["amount_subtotal"] = AmountTotal,
        ["amount_total"] = AmountTotal,
        ["currency"] = Currency,
        ["client_reference_id"] = Order,
        ["customer"] = Intent?.Customer ?? Customer,
        ["customer_email"] = CustomerEmail,
        ["created"] = Created,
        ["expires_at"] = ExpiresAt,
        ["livemode"] = stripe.IsLive,
        ["metadata"] = FakeJson.Of(Metadata),
        ["payment_intent"] = Intent is null ? null
            : expand.Contains("payment_intent") ? Intent.Json(stripe)
            : expand.Contains("payment_intent.latest_charge") ? Intent.Json(stripe, "latest_charge") : Intent.Id,
        ["url"] = Status == "open" ? $"{stripe.Url}c/pay/{Id}" : null,
    };
}

/// <summary>A payment.</summary>
internal sealed class FakeIntent
{
    public required string Id { get; init; }
    public required long Amount { get; set; }
    public required string Currency { get; set; }
    public required long Created { get; init; }
    public required Dictionary<string, string> Metadata { get; init; }
    public string? Customer { get; set; }
    public string? PaymentMethod { get; set; }
    public string? SetupFutureUsage { get; init; }
    public string Status { get; set; } = "requires_payment_method";
    public long AmountReceived { get; set; }
    public string? Error { get; set; }
    public FakeCharge? Charge { get; set; }

    public string Order => Metadata.GetValueOrDefault("order_id", "");

    public JsonObject Json(FakeStripe stripe, params string[] expand) => new()
    {
        ["id"] = Id,
        ["object"] = "payment_intent",
        ["amount"] = Amount,
        ["amount_received"] = AmountReceived,
        ["currency"] = Currency,
        ["created"] = Created,
        ["customer"] = Customer,
        ["payment_method"] = PaymentMethod,
        ["setup_future_usage"] = SetupFutureUsage,
        ["livemode"] = stripe.IsLive,
        ["metadata"] = FakeJson.Of(Metadata),
        ["status"] = Status,
        ["last_payment_error"] = Error is null ? null : FakeJson.Declined(Error),
        ["latest_charge"] = Charge is null ? null : expand.Contains("latest_charge") ? Charge.Json() : Charge.Id,
    };
}

internal sealed class FakeCharge
{
    public required string Id { get; init; }
    public required FakeIntent Intent { get; init; }
    public required List<FakeRefund> Refunds { get; init; }
    public required long Created { get; init; }

    /// <summary>It was once, whatever came of it.</summary>
    public bool IsDisputed { get; set; }

    public long Refunded => Refunds.Where(refund => refund.Intent == Intent && refund.Status is not ("failed" or "canceled")).Sum(refund => refund.Amount);

    public long Left => Intent.AmountReceived - Refunded;

    public JsonObject Json() => new()
    {
        ["id"] = Id,
        ["object"] = "charge",
        ["amount"] = Intent.AmountReceived,
        ["amount_refunded"] = Refunded,
        ["refunded"] = Left == 0,
        ["disputed"] = IsDisputed,
        ["currency"] = Intent.Currency,
        ["created"] = Created,
        ["payment_intent"] = Intent.Id,
        ["metadata"] = FakeJson.Of(Intent.Metadata),
        ["payment_method_details"] = new JsonObject { ["type"] = "card", ["card"] = new JsonObject { ["brand"] = "visa", ["last4"] = "4242" } },
    };
}

internal sealed class FakeRefund
{
    public required string Id { get; init; }
    public required FakeIntent Intent { get; init; }
    public required long Amount { get; init; }
    public required string Status { get; set; }
    public required Dictionary<string, string> Metadata { get; init; }
    public required long Created { get; init; }
    public string? FailureReason { get; set; }

    /// <param name="expand">Shows the whole payment; null: its id.</param>
    public JsonObject Json(FakeStripe? expand = null) => new()
    {
        ["id"] = Id,
        ["object"] = "refund",
        ["amount"] = Amount,
        ["currency"] = Intent.Currency,
        ["created"] = Created,
        ["charge"] = Intent.Charge!.Id,
        ["payment_intent"] = expand is null ? Intent.Id : Intent.Json(expand, "latest_charge"),
        ["status"] = Status,
        ["failure_reason"] = FailureReason,
        ["metadata"] = FakeJson.Of(Metadata),
    };
}

internal sealed class FakeDispute
{
    public required string Id { get; init; }
    public required FakeIntent Intent { get; init; }
    public required long Amount { get; init; }
    public required string Status { get; set; }
    public required long Created { get; init; }
    public List<long> Movements { get; } = [];

    /// <param name="expand">Shows the whole payment; null: its id.</param>
    public JsonObject Json(FakeStripe? expand = null) => new()
    {
        ["id"] = Id,
        ["object"] = "dispute",
        ["amount"] = Amount,
        ["currency"] = Intent.Currency,
        ["created"] = Created,
        ["charge"] = Intent.Charge!.Id,
        ["payment_intent"] = expand is null ? Intent.Id : Intent.Json(expand, "latest_charge"),
        ["reason"] = "fraudulent",
        ["status"] = Status,
        ["balance_transactions"] = new JsonArray([.. Movements.Select(amount => new JsonObject { ["object"] = "balance_transaction", ["amount"] = amount })]),
        ["metadata"] = new JsonObject(),
    };
}

internal sealed record FakeCard(string Id, string Customer)
{
    /// <summary>Taken off its customer, who stays known: it is never charged again.</summary>
    public bool IsDetached { get; set; }
}

internal static class FakeJson
{
    private static readonly string[] CardErrors = ["card_declined", "authentication_required", "expired_card", "incorrect_cvc", "incorrect_number", "processing_error"];

    /// <summary>A card error; what is none of Stripe's own codes is the bank's reason for a card that was declined.</summary>
    public static JsonObject Declined(string reason)
    {
        var isOwn = CardErrors.Contains(reason);
        var error = Error("card_error", isOwn ? reason : "card_declined", "The card was declined.");
        if (!isOwn) error["decline_code"] = reason;
        return error;
    }

    public static JsonObject Of(Dictionary<string, string> metadata) =>
        new(metadata.Select(pair => KeyValuePair.Create<string, JsonNode?>(pair.Key, pair.Value)));

    public static JsonObject Error(string type, string? code, string message, string? param = null)
    {
        var error = new JsonObject { ["type"] = type, ["message"] = message };
        if (code is not null) error["code"] = code;
        if (param is not null) error["param"] = param;
        return error;
    }
}
