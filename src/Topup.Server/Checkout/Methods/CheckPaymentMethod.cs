using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Checkout;
using Topup.Domain.Tenancy;
using Topup.Server.Catalog.Settings;
using Topup.Server.Checkout.Providers;
using Topup.Server.Http;
using Topup.Server.Storage;
using Topup.Server.Tenancy;

namespace Topup.Server.Checkout.Methods;

/// <summary>
/// <c>POST /v1/payment-methods/{method}/check</c>: asks the provider something harmless with the saved key. What came of it
/// is kept with its time and a hash of the key and address that were tried, so that it says nothing of another key.
/// </summary>
internal sealed class CheckPaymentMethod(
    Database database, SettingsStore store, MethodSettings settings, PaymentMethods methods, IEnumerable<IPaymentProvider> providers, TimeProvider clock)
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/v1/payment-methods/{method}/check",
            async (string method, HttpContext context, CheckPaymentMethod verb) => SettingsProblems.OfOneTenant(context)?.AsResult()
                ?? Reply.Of(await verb.Run(method, context.RequestAborted), Json.Wire.PaymentMethodCheckView))
        .WithName("CheckPaymentMethod")
        .WithSummary("Ask the provider whether it takes the saved key. Nothing is bought or changed there.")
        .Produces<PaymentMethodCheckView>()
        .MayRefuse(401, 403, 404)
        .RequireScope(Scope.Catalog);

    public async Task<Outcome<PaymentMethodCheckView>> Run(string method, CancellationToken stop)
    {
        if (!methods.IsKnown(method)) return PaymentMethods.Unknown();
        var tried = await settings.Of(method, stop);
        var now = Instant.From(clock.GetUtcNow());
        var check = await Ask(tried, stop) with { At = now.ToDateTimeOffset() };
        var kept = HashOf(tried) + JsonSerializer.Serialize(check, Json.Wire.PaymentMethodCheckView);
        await database.Transact(async (connection, transaction) =>
        {
            await store.Lock(connection, transaction, MethodSettings.CheckOf(method));
            await SettingsStore.Save(connection, transaction, MethodSettings.CheckOf(method), kept, now);
            return true;
        }, stop);
        return check;
    }

    /// <summary>The last one that was made with the key and address of now; null: none.</summary>
    public static PaymentMethodCheckView? Last(string? kept, MethodState now) =>
        HashOf(now) is var hash && kept?.StartsWith(hash, StringComparison.Ordinal) == true
            ? JsonSerializer.Deserialize(kept.AsSpan(hash.Length), Json.Wire.PaymentMethodCheckView)
            : null;

    private async Task<PaymentMethodCheckView> Ask(MethodState tried, CancellationToken stop)
    {
        if (tried.Method == PaymentMethod.Balance) return new PaymentMethodCheckView { Works = true };
        if ((await methods.Find(tried.Method, stop))?.Missing is { } missing) return new PaymentMethodCheckView { Works = false, Reason = missing };
        var answer = await providers.Single(provider => provider.Method == tried.Method).Greet(stop);
        return answer.Failure is { } failure
            ? new PaymentMethodCheckView { Works = false, Reason = failure.Message }
            : new PaymentMethodCheckView { Works = true, Mode = answer.Value == ProviderMode.Live ? "live" : "test" };
    }

    private static string HashOf(MethodState state) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"topup check {state.Method} {state.ApiBase.Value} {state.Key.Value}")).AsSpan(0, 8));
}
