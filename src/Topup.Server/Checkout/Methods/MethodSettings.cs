using System.Text.Json;
using Topup.Contracts;
using Topup.Domain.Checkout;
using Topup.Server.Catalog.Settings;
using Topup.Server.Checkout.Providers;
using Topup.Server.Storage;

namespace Topup.Server.Checkout.Methods;

/// <summary>
/// The settings of methods of payment as they are now: from the environment, else as saved. They are read from the
/// database each time, so that a change holds at once on all servers.
/// </summary>
internal sealed class MethodSettings(MethodEnvironment environment, SettingsStore store, Secrets secrets) : IProviderSettings
{
    private static readonly Uri StripeBase = new StripeOptions().ApiBase;
    private static readonly Uri MercadoPagoBase = new MercadoPagoOptions().ApiBase;

    /// <summary>Name of what is saved of a method, keys aside.</summary>
    public static string NameOf(string method) => "method." + method;

    /// <summary>Name of what came of the last check of a method.</summary>
    public static string CheckOf(string method) => NameOf(method) + ".check";

    /// <summary>Name of a saved secret of a method.</summary>
    public static string SecretOf(string method, string field) => $"{method}.{field}";

    public async Task<StripeOptions> Stripe(CancellationToken stop)
    {
        var stripe = await Of(PaymentMethod.Stripe, stop);
        return new StripeOptions { ApiBase = stripe.ApiBase.Value, SecretKey = stripe.Key.Value, WebhookSecrets = stripe.WebhookSecrets.Value };
    }

    public async Task<MercadoPagoOptions> MercadoPago(CancellationToken stop)
    {
        var mercadoPago = await Of(PaymentMethod.MercadoPago, stop);
        return new MercadoPagoOptions
        {
            ApiBase = mercadoPago.ApiBase.Value, AccessToken = mercadoPago.Key.Value, WebhookSecrets = mercadoPago.WebhookSecrets.Value,
            Signatures = mercadoPago.Signatures.Value,
        };
    }

    public async Task<MethodState> Of(string method, CancellationToken stop)
    {
        var json = await store.Read(NameOf(method), stop);
        var saved = Read(json);
        if (method is not (PaymentMethod.Stripe or PaymentMethod.MercadoPago)) return new MethodState(method, saved.Enabled);

        var (given, home) = method == PaymentMethod.Stripe ? (environment.Stripe, StripeBase) : (environment.MercadoPago, MercadoPagoBase);
        var (keyName, hooksName) = (SecretOf(method, MethodForm.KeyField(method)!), SecretOf(method, MethodForm.WebhookSecretsField));
        var kept = await secrets.Read([keyName, hooksName], stop);
        var key = given.Key is not null ? new MethodValue<string>(given.Key, ValueSource.Environment) : Saved(kept, keyName, secret => secret, "");
        return new MethodState(method, saved.Enabled)
        {
            Key = key,
            WebhookSecrets = given.WebhookSecrets is not null
                ? new MethodValue<IReadOnlyList<string>>(given.WebhookSecrets, ValueSource.Environment)
                : Saved<IReadOnlyList<string>>(kept, hooksName, secret => secret.Split('\n'), []),
            // Whoever may save an address must not get the environment's key sent there.
            ApiBase = given.ApiBase is not null ? new MethodValue<Uri>(given.ApiBase, ValueSource.Environment)
                : saved.ApiBase is not null && key.Source != ValueSource.Environment ? new MethodValue<Uri>(new Uri(saved.ApiBase), ValueSource.Saved)
                : new MethodValue<Uri>(home, ValueSource.None),
            Signatures = given.Signatures is { } mode ? new MethodValue<SignatureMode>(mode, ValueSource.Environment)
                : saved.SignatureMode is not null ? new MethodValue<SignatureMode>(MethodForm.ModeOf(saved.SignatureMode)!.Value, ValueSource.Saved)
                : new MethodValue<SignatureMode>(SignatureMode.FetchOnMismatch, ValueSource.None),
        };
    }

    /// <summary>What is saved of a method, keys aside. What was never saved is on, as soon as it has what it needs.</summary>
    public static PaymentMethodRequest Read(string? json) =>
        json is null ? new PaymentMethodRequest { Enabled = true } : JsonSerializer.Deserialize(json, TopupJson.Default.PaymentMethodRequest)!;

    private static MethodValue<T> Saved<T>(Dictionary<string, StoredSecret> kept, string name, Func<string, T> read, T none)
    {
        if (!kept.TryGetValue(name, out var secret)) return new MethodValue<T>(none, ValueSource.None);
        return secret.Failure == SecretFailure.None
            ? new MethodValue<T>(read(secret.Value), ValueSource.Saved)
            : new MethodValue<T>(none, ValueSource.Saved, secret.Failure);
    }
}

/// <summary>All that is set of one method.</summary>
internal sealed class MethodState(string method, bool isEnabled)
{
    public string Method => method;

    public bool IsEnabled => isEnabled;

    /// <summary>The key with which the provider is called; empty: none.</summary>
    public MethodValue<string> Key { get; init; } = new("", ValueSource.None);
    public MethodValue<IReadOnlyList<string>> WebhookSecrets { get; init; } = new([], ValueSource.None);
    public MethodValue<Uri> ApiBase { get; init; }
    public MethodValue<SignatureMode> Signatures { get; init; }
}

/// <param name="Failure">Why a saved secret cannot be read.</param>
internal readonly record struct MethodValue<T>(T Value, ValueSource Source, SecretFailure Failure = SecretFailure.None)
{
    /// <summary>A record would write its secrets into a log.</summary>
    public override string ToString() => Source.ToString();
}

/// <summary>Where a value comes from.</summary>
internal enum ValueSource
{
    None,
    Environment,
    Saved,
}
