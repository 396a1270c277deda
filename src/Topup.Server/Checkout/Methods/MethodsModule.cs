using Topup.Server.Checkout.Providers;
using Topup.Server.Storage;

namespace Topup.Server.Checkout.Methods;

/// <summary>The ways to pay: which are offered, and the keys they need.</summary>
internal static class MethodsModule
{
    /// <exception cref="InvalidOperationException">A setting is wrong; the message says which and how.</exception>
    public static IServiceCollection AddPaymentMethods(this IServiceCollection services, IConfiguration settings) => services
        .AddSingleton(MethodEnvironment.From(settings))
        .AddSingleton<MethodSettings>()
        .AddSingleton<IProviderSettings>(services => services.GetRequiredService<MethodSettings>())
        .AddSingleton<PaymentMethods>()
        .AddSingleton<SavePaymentMethod>()
        .AddSingleton<CheckPaymentMethod>();

    public static void MapPaymentMethods(this IEndpointRouteBuilder routes)
    {
        PaymentMethods.Map(routes);
        SavePaymentMethod.Map(routes);
        CheckPaymentMethod.Map(routes);
    }

    /// <summary>To be called once the database is open, before the first request.</summary>
    public static async Task StartPaymentMethods(this IServiceProvider services, CancellationToken stop)
    {
        var log = services.GetRequiredService<ILogger<PaymentMethods>>();
        if (services.GetRequiredService<MethodEnvironment>().Sandbox)
            log.LogWarning("Topup__Sandbox is on: whoever can open a checkout can get credits without paying. Never set it where real tenants buy.");
        var renewed = await services.GetRequiredService<Secrets>().Renew(stop);
        if (renewed > 0) log.LogInformation("{Count} secrets are now encrypted under the first key of Topup__SecretKey", renewed);
    }
}
