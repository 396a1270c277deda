using System.Globalization;

namespace Topup.Server.Messaging;

/// <param name="Every">How often it is looked whether messages are due that nobody has just asked for.</param>
/// <param name="KeepFor">For how long it is kept to whom a message went, and what it said.</param>
/// <param name="Patience">How long a driver waits for its provider.</param>
internal sealed record MessageOptions(TimeSpan Every, TimeSpan KeepFor, TimeSpan Patience)
{
    private const int SecondsDefault = 2;
    private const int DaysDefault = 30;
    private const int DaysMax = 3_650;
    private const int PatienceDefault = 20;

    /// <summary>Shorter than the lease of a message by far, so that nobody else takes it for lost meanwhile.</summary>
    private const int PatienceMax = 60;
    private const int SecondsMax = 86_400;

    /// <exception cref="InvalidOperationException">A setting is wrong; the message says which and how.</exception>
    public static MessageOptions From(IConfiguration settings) => new(
        TimeSpan.FromSeconds(Number("Topup__MessageEverySeconds", settings["Topup:MessageEverySeconds"], SecondsDefault, SecondsMax)),
        TimeSpan.FromDays(Number("Topup__MessageRetentionDays", settings["Topup:MessageRetentionDays"], DaysDefault, DaysMax)),
        TimeSpan.FromSeconds(Number("Topup__MessageTimeoutSeconds", settings["Topup:MessageTimeoutSeconds"], PatienceDefault, PatienceMax)));

    private static int Number(string name, string? text, int whenAbsent, int max) =>
        string.IsNullOrEmpty(text) ? whenAbsent
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= max ? number
        : throw new InvalidOperationException($"{name} must be a whole number from 1 to {max}, not '{text}'.");
}
