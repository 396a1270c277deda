namespace Topup.Server.Catalog.Settings;

/// <summary>What the operator sets: how money is shown, who sells, how a checkout goes.</summary>
internal static class SettingsModule
{
    public static IServiceCollection AddSettings(this IServiceCollection services) => services
        .AddSingleton<SettingsStore>()
        .AddSingleton<OperatorSettings>()
        .AddSingleton<ReadSettings>()
        .AddSingleton<SaveSettings>();

    public static void MapSettings(this IEndpointRouteBuilder routes)
    {
        ReadSettings.Map(routes);
        SaveSettings.Map(routes);
    }
}
