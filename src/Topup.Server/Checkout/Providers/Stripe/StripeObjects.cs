using System.Text.Json;
using System.Text.Json.Serialization;

namespace Topup.Server.Checkout.Providers.Stripe;

/// <summary>The page on which a buyer pays. Of Stripe's objects only what is used is read; whatever else they hold is left alone.</summary>
internal sealed record StripeSession
{
    public required string Id { get; init; }

    /// <summary><c>open</c>, <c>complete</c> or <c>expired</c>.</summary>
    public required string Status { get; init; }

    /// <summary><c>paid</c>, <c>unpaid</c> or <c>no_payment_required</c>.</summary>
    public string? PaymentStatus { get; init; }
    public required string Currency { get; init; }
    public required bool Livemode { get; init; }
    public long? AmountTotal { get; init; }
    public string? Url { get; init; }
    public string? ClientReferenceId { get; init; }

    /// <summary>None before the buyer has tried to pay.</summary>
    [JsonConverter(typeof(StripeExpanded<StripeIntent>))]
    public StripeIntent? PaymentIntent { get; init; }
}

/// <summary>One payment, with all its attempts.</summary>
internal sealed record StripeIntent
{
    public required string Id { get; init; }
    public required string Status { get; init; }
    public required string Currency { get; init; }
    public required bool Livemode { get; init; }

    /// <summary>What was taken, whatever was asked for.</summary>
    public required long AmountReceived { get; init; }
    public required long Created { get; init; }
    public string? Customer { get; init; }
    public string? PaymentMethod { get; init; }
    public string? SetupFutureUsage { get; init; }
    public Dictionary<string, string>? Metadata { get; init; }
    public StripeError? LastPaymentError { get; init; }

    [JsonConverter(typeof(StripeExpanded<StripeCharge>))]
    public StripeCharge? LatestCharge { get; init; }

    /// <summary>The order that it pays, as we told Stripe; empty: it is not ours.</summary>
    [JsonIgnore]
    public string Order => Metadata?.GetValueOrDefault(StripeProvider.OrderField) ?? "";
}

internal sealed record StripeCharge
{
    public required string Id { get; init; }
    public required long AmountRefunded { get; init; }

    /// <summary>It was, at any time, whatever came of it.</summary>
    public bool Disputed { get; init; }
    public StripeMethodDetails? PaymentMethodDetails { get; init; }
}

internal sealed record StripeMethodDetails(StripeCard? Card);

internal sealed record StripeCard(string? Brand, string? Last4);

/// <summary>A card as a thing of its own, which may be charged again.</summary>
internal sealed record StripeSavedCard
{
    public required string Id { get; init; }
}

internal sealed record StripeRefund
{
    public required string Id { get; init; }
    public required long Amount { get; init; }
    public string? Status { get; init; }
    public string? FailureReason { get; init; }
    public Dictionary<string, string>? Metadata { get; init; }

    [JsonConverter(typeof(StripeExpanded<StripeIntent>))]
    public StripeIntent? PaymentIntent { get; init; }
}

internal sealed record StripeDispute
{
    public required string Id { get; init; }
    public required long Amount { get; init; }
    public required string Status { get; init; }

    /// <summary>The money that moved for it so far: withdrawn from us (negative), and given back.</summary>
    public List<StripeMovement>? BalanceTransactions { get; init; }

    [JsonConverter(typeof(StripeExpanded<StripeIntent>))]
    public StripeIntent? PaymentIntent { get; init; }
}

internal sealed record StripeMovement(long Amount);

internal sealed record StripeList<T>
{
    public required List<T> Data { get; init; }
    public required bool HasMore { get; init; }
}

internal sealed record StripeErrorBody(StripeError? Error);

internal sealed record StripeError
{
    public string? Type { get; init; }
    public string? Code { get; init; }

    /// <summary>The bank's own reason, where the code says only that the card was declined.</summary>
    public string? DeclineCode { get; init; }
    public string? Message { get; init; }

    /// <summary>The parameter at fault.</summary>
    public string? Param { get; init; }

    /// <summary>The payment that a declined card leaves behind.</summary>
    public StripeIntent? PaymentIntent { get; init; }

    /// <summary>The most telling of its codes.</summary>
    [JsonIgnore]
    public string? Reason => Code == "card_declined" && DeclineCode is not (null or "generic_decline") ? DeclineCode : Code;
}

/// <summary>A notification. Its object is looked at only to find the order; what became of that is fetched.</summary>
internal sealed record StripeEvent
{
    public required string Id { get; init; }
    public required string Object { get; init; }
    public required string Type { get; init; }
    public bool Livemode { get; init; }

    /// <summary>Of a shape that depends on the type, and of no interest in most of them.</summary>
    public JsonElement Data { get; init; }
}

internal sealed record StripeEventData(StripeEventObject? Object);

internal sealed record StripeEventObject
{
    public string? Id { get; init; }
    public string? Object { get; init; }
    public string? ClientReferenceId { get; init; }
    public Dictionary<string, string>? Metadata { get; init; }

    /// <summary>Its id; in some versions of the API all of it.</summary>
    public JsonElement PaymentIntent { get; init; }
}

/// <summary>Reads a field that is an object when we asked for all of it, and only an id when not: then there is none.</summary>
internal sealed class StripeExpanded<T> : JsonConverter<T>
    where T : class
{
    public override T? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String ? null : (T?)JsonSerializer.Deserialize(ref reader, options.GetTypeInfo(typeof(T)));

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => throw new NotSupportedException();
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(StripeSession))]
[JsonSerializable(typeof(StripeIntent))]
[JsonSerializable(typeof(StripeList<StripeIntent>))]
[JsonSerializable(typeof(StripeSavedCard))]
[JsonSerializable(typeof(StripeRefund))]
[JsonSerializable(typeof(StripeList<StripeRefund>))]
[JsonSerializable(typeof(StripeList<StripeDispute>))]
[JsonSerializable(typeof(StripeErrorBody))]
[JsonSerializable(typeof(StripeEvent))]
[JsonSerializable(typeof(StripeEventData))]
internal sealed partial class StripeJson : JsonSerializerContext;
