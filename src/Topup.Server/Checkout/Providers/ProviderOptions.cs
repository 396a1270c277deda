namespace Topup.Server.Checkout.Providers;

/// <summary>How Stripe is reached.</summary>
internal sealed record StripeOptions
{
    public Uri ApiBase { get; init; } = new("https://api.stripe.com");

    /// <summary><c>sk_test_</c>, <c>sk_live_</c>, <c>rk_test_</c> or <c>rk_live_</c> and so on; empty: the method is not offered.</summary>
    public string SecretKey { get; init; } = "";

    /// <summary>One for each endpoint, and two while one is being replaced.</summary>
    public IReadOnlyList<string> WebhookSecrets { get; init; } = [];

    /// <summary>Real money, after the key.</summary>
    public bool IsLive => SecretKey.Contains("_live_", StringComparison.Ordinal);

    /// <summary>A record would write its secrets into a log.</summary>
    public override string ToString() => $"Stripe at {ApiBase}";
}

/// <summary>How Mercado Pago is reached.</summary>
internal sealed record MercadoPagoOptions
{
    public Uri ApiBase { get; init; } = new("https://api.mercadopago.com");

    /// <summary><c>APP_USR-</c> or <c>TEST-</c> and so on; empty: the method is not offered.</summary>
    public string AccessToken { get; init; } = "";
    public IReadOnlyList<string> WebhookSecrets { get; init; } = [];
    public SignatureMode Signatures { get; init; } = SignatureMode.FetchOnMismatch;

    /// <summary>A record would write its secrets into a log.</summary>
    public override string ToString() => $"Mercado Pago at {ApiBase}";
}

/// <summary>What becomes of a notification of Mercado Pago whose signature does not fit.</summary>
internal enum SignatureMode
{
    /// <summary>Refused.</summary>
    Strict,

    /// <summary>Taken for a hint: the payment is fetched, and only that is believed. Real deliveries are known not to verify.</summary>
    FetchOnMismatch,

    /// <summary>Signatures are not looked at.</summary>
    Off,
}

/// <summary>The settings of providers as they are now: from the environment, and else as the operator saved them.</summary>
internal interface IProviderSettings
{
    Task<StripeOptions> Stripe(CancellationToken stop);

    Task<MercadoPagoOptions> MercadoPago(CancellationToken stop);
}
