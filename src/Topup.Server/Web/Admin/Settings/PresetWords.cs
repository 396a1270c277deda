using Topup.Domain.Catalog;

namespace Topup.Server.Web.Admin.Settings;

/// <summary>What a preset would change, in words.</summary>
internal static class PresetWords
{
    public static string Of(Locale l, PortalDisplayPart part, PortalDisplay display, PortalDisplay now) => part switch
    {
        PortalDisplayPart.Remaining => display.ShowRemaining ? l.Words("Shows how many credits are left") : l.Words("Hides how many credits are left"),
        PortalDisplayPart.PlanCredits => display.ShowPlanCredits ? l.Words("Shows what the plan gives") : l.Words("Hides what the plan gives"),
        PortalDisplayPart.Descriptions => display.ShowDescriptions ? l.Words("Shows descriptions") : l.Words("Hides descriptions"),
        PortalDisplayPart.RedirectDelay => l.Words("Sends on after {0} s instead of {1} s", display.RedirectDelay, now.RedirectDelay),
    };
}
