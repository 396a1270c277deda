using Topup.Contracts;

namespace Topup.Server.Web.Portal.AddOns;

/// <summary>Add-ons as tenants read of them.</summary>
internal static class AddOnWords
{
    public static string StateOf(Locale l, string status) => status switch
    {
        "on" => l.Words("On"),
        "off" => l.Words("Off"),
        "waiting" => l.Words("Waits for a payment"),
        "grace" => l.Words("Not renewed yet"),
        "suspended" => l.Words("Suspended"),
        _ => status,
    };

    /// <summary>Why it cannot be switched.</summary>
    public static string ReasonOf(Locale l, string? reason) => reason switch
    {
        "insufficient_credits" => l.Words("There are not enough credits."),
        ProblemCodes.AddOnNotOffered => l.Words("It is not offered with your plan."),
        ProblemCodes.AddOnOn => l.Words("It is on already."),
        ProblemCodes.AddOnNotOn => l.Words("It is off already."),
        "tenant_suspended" => l.Words("Your account is suspended."),
        "plan_lapsed" => l.Words("Your plan is not paid."),
        _ => l.Words("It cannot be done just now."),
    };
}
