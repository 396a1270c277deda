using Topup.Contracts;

namespace Topup.Server.Web.Portal.Settings;

/// <summary>Automatic top-ups as tenants read of them.</summary>
internal static class AutoTopUpWords
{
    /// <param name="status">Null: none was agreed to.</param>
    public static string StateOf(Locale l, string? status) => status switch
    {
        null => l.Words("Off"),
        "active" => l.Words("On"),
        "ordering" => l.Words("Buys just now"),
        "waiting" => l.Words("Waits"),
        "suspended" => l.Words("Suspended"),
        _ => status,
    };

    public static string ReasonOf(Locale l, string reason) => reason switch
    {
        "monthly_cap" => l.Words("The sum of this month is used up."),
        ProblemCodes.InsufficientBalance => l.Words("There is not enough money on the balance."),
        _ => l.Words("The last charge failed: {0}", reason),
    };
}
