using Topup.Server.Storage;

namespace Topup.Server.Catalog.Settings;

/// <summary>What the operator sets: how money is shown, who sells, how a checkout goes, when days begin.</summary>
internal static class SettingsModule
{
    /// <exception cref="InvalidOperationException">The time zone is none; the message says where it was set.</exception>
    public static async Task AddSettings(this WebApplicationBuilder builder, Database database) => builder.Services
        .AddSingleton(await ZoneAtStart.Read(builder.Configuration, database, CancellationToken.None))
        .AddSingleton(provider => provider.GetRequiredService<ZoneAtStart>().Zone)
        .AddSingleton<SettingsStore>()
        .AddSingleton<OperatorSettings>()
        .AddSingleton<ReadSettings>()
        .AddSingleton<SaveSettings>();

    public static void MapSettings(this IEndpointRouteBuilder routes)
    {
        ReadSettings.Map(routes);
        SaveSettings.Map(routes);
    }

    /// <summary>To be called before the first request.</summary>
    public static void StartSettings(this IServiceProvider services) =>
        services.GetRequiredService<ZoneAtStart>().Tell(services.GetRequiredService<ILogger<ZoneAtStart>>());
}
