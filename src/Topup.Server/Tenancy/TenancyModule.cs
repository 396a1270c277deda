using Microsoft.Extensions.DependencyInjection.Extensions;
using Topup.Server.Http;
using Topup.Server.Storage;
using Topup.Server.Tenancy.Operators;
using Topup.Server.Tenancy.Portal;

namespace Topup.Server.Tenancy;

/// <summary>Tenants, API keys, staff, portal sessions and the audit.</summary>
internal static class TenancyModule
{
    /// <exception cref="InvalidOperationException">A setting is wrong; the message says which and how.</exception>
    public static IServiceCollection AddTenancy(this IServiceCollection services, IConfiguration settings)
    {
        services.TryAddSingleton(TimeProvider.System);
        return services
            .AddSingleton(new BootstrapKey(settings[BootstrapKey.Setting]))
            .AddSingleton<KnownFailure>(StorageFailure.Of)
            .AddSingleton<ApiKeys>()
            .AddHostedService<KeyUseWriter>()
            .AddSingleton<SaveTenant>().AddSingleton<PauseTenant>().AddSingleton<GetTenant>().AddSingleton<ListTenants>()
            .AddSingleton<CreateApiKey>().AddSingleton<ListApiKeys>().AddSingleton<RevokeApiKey>()
            .AddSingleton<ListAudit>()
            .AddOperators(settings)
            .AddSingleton<PortalSessions>().AddSingleton<OpenPortalLink>().AddSingleton<OperatorView>()
            .AddSingleton<ExpiredSessions>().AddHostedService(provider => provider.GetRequiredService<ExpiredSessions>());
    }

    /// <summary>Asks for a key on every route that requires a scope.</summary>
    public static IApplicationBuilder UseApiKeys(this IApplicationBuilder app) => app.UseMiddleware<ApiKeyAuth>();

    public static void MapTenancy(this IEndpointRouteBuilder routes)
    {
        SaveTenant.Map(routes);
        GetTenant.Map(routes);
        ListTenants.Map(routes);
        CreateApiKey.Map(routes);
        ListApiKeys.Map(routes);
        RevokeApiKey.Map(routes);
        ListAudit.Map(routes);
        routes.MapOperators();
    }

    /// <summary>To be called once the database is open, before the first request.</summary>
    public static async Task StartTenancy(this IServiceProvider services, CancellationToken stop)
    {
        var database = services.GetRequiredService<Database>();
        await services.GetRequiredService<BootstrapKey>().Save(database, services.GetRequiredService<ApiKeys>(), stop);
        await services.GetRequiredService<SetupToken>().Save(database, stop);
    }

    /// <summary>Makes a new key with full rights and returns the secret: for an operator at the server who has lost theirs.</summary>
    public static Task<string> NewLocalKey(this IServiceProvider services, CancellationToken stop) =>
        services.GetRequiredService<ApiKeys>().CreateLocal("made on the server", stop);

    /// <summary>Makes a token that makes an owner: for an operator at the server who can sign in no more.</summary>
    public static Task<string> NewSetupToken(this IServiceProvider services, CancellationToken stop) =>
        SetupToken.New(services.GetRequiredService<Database>(), services.GetRequiredService<TimeProvider>(), stop);
}
