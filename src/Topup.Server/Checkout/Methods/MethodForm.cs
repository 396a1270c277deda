using Topup.Contracts;
using Topup.Domain.Checkout;
using Topup.Server.Checkout.Providers;
using Topup.Server.Http;

namespace Topup.Server.Checkout.Methods;

/// <summary>The settings of methods of payment on the wire and in the environment: what is right, and how it is called.</summary>
internal static class MethodForm
{
    public const int WebhookSecretsMax = 5;
    public const string AddressWords = "an address without a path, https:// or on this machine, such as https://api.stripe.com";
    public const string SecretWords = "1 to 512 printable ASCII characters without spaces";
    public const string ModeWords = "strict, fetch_on_mismatch or off";

    public const string SecretKeyField = "secret_key";
    public const string AccessTokenField = "access_token";
    public const string WebhookSecretsField = "webhook_secrets";
    public const string SignatureModeField = "signature_mode";
    public const string ApiBaseField = "api_base";

    private const int SecretLengthMax = 512;
    private const int AddressLengthMax = 200;

    /// <summary>The name of the key with which a provider is called; null: the method needs none.</summary>
    public static string? KeyField(string method) => method switch
    {
        PaymentMethod.Stripe => SecretKeyField,
        PaymentMethod.MercadoPago => AccessTokenField,
        _ => null,
    };

    public static Problem? Check(string method, PaymentMethodRequest request)
    {
        var (isStripe, isMercadoPago) = (method == PaymentMethod.Stripe, method == PaymentMethod.MercadoPago);
        return OfMethod(SecretKeyField, request.SecretKey is null || isStripe)
            ?? OfMethod(AccessTokenField, request.AccessToken is null || isMercadoPago)
            ?? OfMethod(WebhookSecretsField, request.WebhookSecrets is null || isStripe || isMercadoPago)
            ?? OfMethod(SignatureModeField, request.SignatureMode is null || isMercadoPago)
            ?? OfMethod(ApiBaseField, request.ApiBase is null || isStripe || isMercadoPago)
            ?? Secret(SecretKeyField, request.SecretKey)
            ?? Secret(AccessTokenField, request.AccessToken)
            ?? WebhookSecrets(request.WebhookSecrets)
            ?? (request.SignatureMode is not (null or "") && ModeOf(request.SignatureMode) is null
                ? Problems.Invalid(SignatureModeField, $"{SignatureModeField} must be {ModeWords}.")
                : null)
            ?? (request.ApiBase is not (null or "") && Address(request.ApiBase) is null
                ? Problems.Invalid(ApiBaseField, $"{ApiBaseField} must be {AddressWords}, at most {AddressLengthMax} characters.", AddressLengthMax)
                : null);

        Problem? OfMethod(string field, bool isRight) => isRight ? null : Problems.Invalid(field, $"{method} has no {field}.");
    }

    public static bool IsSecret(string text) => text.Length is > 0 and <= SecretLengthMax && !text.AsSpan().ContainsAnyExceptInRange('!', '~');

    /// <summary>Null: it is none to which a key may be sent.</summary>
    public static Uri? Address(string text) =>
        text.Length <= AddressLengthMax && Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme == "https" || (uri.Scheme == "http" && uri.IsLoopback))
        && uri is { PathAndQuery: "/", Fragment: "", UserInfo: "" }
            ? uri
            : null;

    public static SignatureMode? ModeOf(string text) => text switch
    {
        "strict" => SignatureMode.Strict,
        "fetch_on_mismatch" => SignatureMode.FetchOnMismatch,
        "off" => SignatureMode.Off,
        _ => null,
    };

    public static string NameOf(SignatureMode mode) => mode switch
    {
        SignatureMode.Strict => "strict",
        SignatureMode.FetchOnMismatch => "fetch_on_mismatch",
        SignatureMode.Off => "off",
    };

    private static Problem? Secret(string field, string? secret) =>
        secret is null or "" || IsSecret(secret) ? null : Problems.Invalid(field, $"{field} must be {SecretWords}.", SecretLengthMax);

    private static Problem? WebhookSecrets(IReadOnlyList<string>? secrets)
    {
        if (secrets?.Count > WebhookSecretsMax)
            return Problems.Invalid(WebhookSecretsField, $"{WebhookSecretsField} must be at most {WebhookSecretsMax}.", WebhookSecretsMax);
        return secrets?.All(secret => secret is not null && IsSecret(secret)) == false
            ? Problems.Invalid(WebhookSecretsField, $"Each of {WebhookSecretsField} must be {SecretWords}.", SecretLengthMax)
            : null;
    }
}
