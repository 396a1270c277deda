using Topup.Contracts;
using Topup.Domain.Checkout;
using Topup.Domain.Tenancy;
using Topup.Server.Catalog.Settings;
using Topup.Server.Checkout.Providers;
using Topup.Server.Http;
using Topup.Server.Storage;
using Topup.Server.Tenancy;

namespace Topup.Server.Checkout.Methods;

/// <summary>The ways to pay: which buyers are offered, and what the others lack.</summary>
internal sealed class PaymentMethods(
    MethodEnvironment environment, MethodSettings settings, OperatorSettings operatorSettings, SettingsStore store, IEnumerable<IPaymentProvider> providers)
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/v1/payment-methods", async (HttpContext context, PaymentMethods verb) =>
            SettingsProblems.OfOneTenant(context)?.AsResult() ?? Reply.Of<PaymentMethodsView>(await verb.List(context.RequestAborted), Json.Wire.PaymentMethodsView))
        .WithName("ListPaymentMethods").WithSummary("List the ways to pay: which are offered, and what the others lack. Keys are never shown.")
        .Produces<PaymentMethodsView>().MayRefuse(401, 403).RequireScope(Scope.Read);

    /// <summary>The methods that are switched on and have all they need; the default first.</summary>
    public async Task<IReadOnlyList<string>> Offered(CancellationToken stop) =>
        [.. InOrder(await States(stop), await operatorSettings.Checkout(stop)).Select(offered => offered.State.Method)];

    public async Task<PaymentMethodsView> List(CancellationToken stop)
    {
        var all = await States(stop);
        var first = InOrder(all, await operatorSettings.Checkout(stop)).FirstOrDefault().State?.Method;
        var checks = await store.Read([.. all.Select(method => MethodSettings.CheckOf(method.State.Method))], stop);
        return new PaymentMethodsView
        {
            Data = [.. all.Select(method => View(method.State, method.Missing, method.State.Method == first) with
            {
                LastCheck = CheckPaymentMethod.Last(checks.GetValueOrDefault(MethodSettings.CheckOf(method.State.Method)), method.State),
            })],
        };
    }

    /// <summary>Null: there is no such method on this server.</summary>
    public async Task<PaymentMethodView?> Find(string method, CancellationToken stop) =>
        (await List(stop)).Data.FirstOrDefault(view => view.Method == method);

    public bool IsKnown(string method) => PaymentMethod.All.Contains(method) && (method != PaymentMethod.Sandbox || environment.Sandbox);

    public static Problem Unknown() => Problems.Of(404, ProblemCodes.MethodUnknown, "There is no such method of payment on this server.", "method");

    private static IEnumerable<(MethodState State, string? Missing)> InOrder(List<(MethodState State, string? Missing)> all, CheckoutRules rules) =>
        all.Where(method => method.State.IsEnabled && method.Missing is null).OrderByDescending(method => method.State.Method == rules.DefaultMethod);

    private async Task<List<(MethodState State, string? Missing)>> States(CancellationToken stop)
    {
        var all = new List<(MethodState, string?)>();
        foreach (var method in PaymentMethod.All.Where(IsKnown))
        {
            var state = await settings.Of(method, stop);
            all.Add((state, await Missing(state, stop)));
        }
        return all;
    }

    private async Task<string?> Missing(MethodState state, CancellationToken stop)
    {
        if (state.Method == PaymentMethod.Balance) return null;
        if (state.Key.Failure != SecretFailure.None) return Unreadable(MethodForm.KeyField(state.Method)!, state.Key.Failure);
        if (state.WebhookSecrets.Failure != SecretFailure.None) return Unreadable(MethodForm.WebhookSecretsField, state.WebhookSecrets.Failure);
        return providers.FirstOrDefault(provider => provider.Method == state.Method) is { } provider
            ? await provider.Missing(stop)
            : "This server does not have it.";
    }

    private static string Unreadable(string field, SecretFailure failure) => failure switch
    {
        SecretFailure.None => throw new ArgumentOutOfRangeException(nameof(failure)),
        SecretFailure.KeyMissing => $"The saved {field} cannot be read: it was encrypted with a key that this server does not have. " +
            "Set Topup__SecretKey as it was, or save it again.",
        SecretFailure.Damaged => $"The saved {field} cannot be read: it is damaged. Save it again.",
    };

    private static PaymentMethodView View(MethodState state, string? missing, bool isDefault)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        Add(MethodForm.KeyField(state.Method) ?? "", state.Key.Source);
        Add(MethodForm.WebhookSecretsField, state.WebhookSecrets.Source);
        Add(MethodForm.SignatureModeField, state.Signatures.Source);
        Add(MethodForm.ApiBaseField, state.ApiBase.Source);
        return new PaymentMethodView
        {
            Method = state.Method, Enabled = state.IsEnabled, Ready = missing is null, Offered = state.IsEnabled && missing is null, IsDefault = isDefault,
            Missing = missing, Fields = fields, ApiBase = state.ApiBase.Value?.ToString().TrimEnd('/'),
            SignatureMode = state.Method == PaymentMethod.MercadoPago ? MethodForm.NameOf(state.Signatures.Value) : null,
        };

        void Add(string field, ValueSource source)
        {
            if (source == ValueSource.Environment) fields[field] = "environment";
            if (source == ValueSource.Saved) fields[field] = "saved";
        }
    }
}
