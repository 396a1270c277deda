using Topup.Server.Storage;

namespace Topup.Server.Catalog.Settings;

/// <summary>
/// The time zone in which this server counts days and months, from its start to its end: the one that was saved, or, where none
/// was, the one that it is started with. It is asked for once, before anything counts.
/// </summary>
/// <param name="PassedOver">What the server was started with, where something else was saved; empty: nothing.</param>
internal sealed record ZoneAtStart(TimeZoneInfo Zone, string PassedOver)
{
    private const string Setting = "Topup:TimeZone";

    /// <exception cref="InvalidOperationException">The time zone is none; the message says where it was set.</exception>
    public static async Task<ZoneAtStart> Read(IConfiguration settings, Database database, CancellationToken stop)
    {
        var started = ZoneOf(settings[Setting], "Topup__TimeZone");
        if (await new OperatorSettings(new SettingsStore(database)).SavedTimeZone(stop) is not { } id) return new ZoneAtStart(started, "");
        var saved = ZoneOf(id, "The time zone that was saved in the settings");
        return new ZoneAtStart(saved, string.IsNullOrWhiteSpace(settings[Setting]) || started.Id == saved.Id ? "" : started.Id);
    }

    /// <summary>Whoever sets the one and wonders why the other holds finds it in the log.</summary>
    public void Tell(ILogger log)
    {
        if (PassedOver.Length > 0)
            log.LogWarning("Topup__TimeZone is {PassedOver}, but {Zone} was saved in the settings, and holds. Change it there.", PassedOver, Zone.Id);
    }

    private static TimeZoneInfo ZoneOf(string? id, string where)
    {
        if (string.IsNullOrWhiteSpace(id)) return TimeZoneInfo.Utc;
        if (TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone)) return zone;
        throw new InvalidOperationException($"{where} is \"{id}\", which is no time zone of this machine. Use an IANA id, such as America/Sao_Paulo.");
    }
}
