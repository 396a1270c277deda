namespace Topup.Contracts;

/// <summary>One way to pay, as the operator sees it. Secrets are never shown.</summary>
public sealed record PaymentMethodView
{
    /// <summary><c>balance</c>, <c>stripe</c>, <c>mercadopago</c> or <c>sandbox</c>.</summary>
    public required string Method { get; init; }

    /// <summary>The operator has not switched it off.</summary>
    public required bool Enabled { get; init; }

    /// <summary>It has all that it needs.</summary>
    public required bool Ready { get; init; }

    /// <summary>Buyers can choose it: it is enabled and ready.</summary>
    public required bool Offered { get; init; }

    /// <summary>It is the one that is offered first.</summary>
    public required bool IsDefault { get; init; }

    /// <summary>What is missing, in a sentence. Absent: nothing.</summary>
    public string? Missing { get; init; }

    /// <summary>The fields that are set, and whether by <c>environment</c> or <c>saved</c>; never their values.</summary>
    public required IReadOnlyDictionary<string, string> Fields { get; init; }

    /// <summary>Where the provider is called. Absent for methods without one.</summary>
    public string? ApiBase { get; init; }

    /// <summary>Mercado Pago only: <c>strict</c>, <c>fetch_on_mismatch</c> or <c>off</c>.</summary>
    public string? SignatureMode { get; init; }

    /// <summary>What came of the last check with the key that is set now. Absent: it was not checked yet.</summary>
    public PaymentMethodCheckView? LastCheck { get; init; }
}

/// <summary>Whether the provider takes the key that is set.</summary>
public sealed record PaymentMethodCheckView
{
    public required bool Works { get; init; }

    /// <summary><c>live</c>: real money, or <c>test</c>. Absent: it does not work, or the method has no provider.</summary>
    public string? Mode { get; init; }

    /// <summary>Why it does not work, in a sentence.</summary>
    public string? Reason { get; init; }
    public DateTimeOffset At { get; init; }
}

/// <summary>Every way to pay.</summary>
public sealed record PaymentMethodsView
{
    public required IReadOnlyList<PaymentMethodView> Data { get; init; }
}

/// <summary>Switch a method of payment on or off, and give it its keys. Left out: as it was. Empty: forgotten.</summary>
public sealed record PaymentMethodRequest
{
    public required bool Enabled { get; init; }

    /// <summary>Stripe: the secret or restricted key. Never shown again.</summary>
    public string? SecretKey { get; init; }

    /// <summary>Mercado Pago: the access token. Never shown again.</summary>
    public string? AccessToken { get; init; }

    /// <summary>The signing secrets of webhooks, at most 5; two while one is being replaced. Never shown again.</summary>
    public IReadOnlyList<string>? WebhookSecrets { get; init; }

    /// <summary>Mercado Pago: <c>strict</c>, <c>fetch_on_mismatch</c> or <c>off</c>.</summary>
    public string? SignatureMode { get; init; }

    /// <summary>
    /// Where the provider is called; https, or this machine. A saved key is not sent to another address: give it again in
    /// the same request.
    /// </summary>
    public string? ApiBase { get; init; }

    /// <summary>A record would write its secrets into a log.</summary>
    public override string ToString() => $"{nameof(PaymentMethodRequest)} {{ {nameof(Enabled)} = {Enabled} }}";
}
