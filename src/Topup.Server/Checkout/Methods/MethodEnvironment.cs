using Topup.Server.Checkout.Providers;

namespace Topup.Server.Checkout.Methods;

/// <summary>What the environment says of methods of payment. It wins over what is saved.</summary>
/// <param name="Sandbox">Purchases may be paid without money.</param>
internal sealed record MethodEnvironment(bool Sandbox, ProviderEnvironment Stripe, ProviderEnvironment MercadoPago)
{
    /// <exception cref="InvalidOperationException">A setting is wrong; the message says which and how, and never its value.</exception>
    public static MethodEnvironment From(IConfiguration settings) => new(
        IsOn(settings["Topup:Sandbox"]),
        new ProviderEnvironment(
            Address("Topup__Stripe__ApiBase", settings["Topup:Stripe:ApiBase"]),
            Secret("Topup__Stripe__SecretKey", settings["Topup:Stripe:SecretKey"]),
            List("Topup__Stripe__WebhookSecrets", settings["Topup:Stripe:WebhookSecrets"]),
            Signatures: null),
        new ProviderEnvironment(
            Address("Topup__MercadoPago__ApiBase", settings["Topup:MercadoPago:ApiBase"]),
            Secret("Topup__MercadoPago__AccessToken", settings["Topup:MercadoPago:AccessToken"]),
            List("Topup__MercadoPago__WebhookSecrets", settings["Topup:MercadoPago:WebhookSecrets"]),
            Mode("Topup__MercadoPago__SignatureMode", settings["Topup:MercadoPago:SignatureMode"])));

    private static bool IsOn(string? text) => text switch
    {
        null or "" => false,
        _ when bool.TryParse(text, out var on) => on,
        _ => throw new InvalidOperationException("Topup__Sandbox must be true or false."),
    };

    private static Uri? Address(string name, string? text) =>
        string.IsNullOrEmpty(text) ? null : MethodForm.Address(text) ?? throw new InvalidOperationException($"{name} must be {MethodForm.AddressWords}.");

    private static string? Secret(string name, string? text) =>
        string.IsNullOrEmpty(text) ? null : MethodForm.IsSecret(text) ? text : throw new InvalidOperationException($"{name} must be {MethodForm.SecretWords}.");

    private static string[]? List(string name, string? text)
    {
        var secrets = text?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
        if (secrets.Length > MethodForm.WebhookSecretsMax || !secrets.All(MethodForm.IsSecret))
            throw new InvalidOperationException($"{name} must be at most {MethodForm.WebhookSecretsMax} secrets, apart by commas; each must be {MethodForm.SecretWords}.");
        return secrets.Length == 0 ? null : secrets;
    }

    private static SignatureMode? Mode(string name, string? text) =>
        string.IsNullOrEmpty(text) ? null : MethodForm.ModeOf(text) ?? throw new InvalidOperationException($"{name} must be {MethodForm.ModeWords}.");
}

/// <summary>What the environment says of one provider; null: nothing.</summary>
internal sealed record ProviderEnvironment(Uri? ApiBase, string? Key, IReadOnlyList<string>? WebhookSecrets, SignatureMode? Signatures)
{
    /// <summary>A record would write its secrets into a log.</summary>
    public override string ToString() => $"a provider at {ApiBase}";
}
