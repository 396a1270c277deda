namespace Topup.Domain.Catalog;

/// <summary>What a tenant's portal shows of what it knows.</summary>
/// <param name="ShowRemaining">How many credits are left.</param>
/// <param name="ShowPlanCredits">What the plan gives every month, and how much of it is left.</param>
/// <param name="ShowDescriptions">What packs say of themselves.</param>
/// <param name="RedirectDelay">Seconds that a buyer who comes back is shown the result before the page goes on.</param>
public sealed record PortalDisplay(bool ShowRemaining, bool ShowPlanCredits, bool ShowDescriptions, int RedirectDelay)
{
    /// <summary>The way to the button and little else.</summary>
    public static readonly PortalDisplay Minimal = new(ShowRemaining: true, ShowPlanCredits: false, ShowDescriptions: false, RedirectDelay: 0);

    /// <summary>What is there and where it comes from.</summary>
    public static readonly PortalDisplay Balanced = new(ShowRemaining: true, ShowPlanCredits: true, ShowDescriptions: false, RedirectDelay: 3);

    /// <summary>All that helps to choose, and time to see that it worked.</summary>
    public static readonly PortalDisplay Sales = new(ShowRemaining: true, ShowPlanCredits: true, ShowDescriptions: true, RedirectDelay: 5);

    /// <summary>What would be otherwise with another one, in the order of the settings.</summary>
    public IReadOnlyList<PortalDisplayPart> Differences(PortalDisplay other)
    {
        var parts = new List<PortalDisplayPart>();
        if (ShowRemaining != other.ShowRemaining) parts.Add(PortalDisplayPart.Remaining);
        if (ShowPlanCredits != other.ShowPlanCredits) parts.Add(PortalDisplayPart.PlanCredits);
        if (ShowDescriptions != other.ShowDescriptions) parts.Add(PortalDisplayPart.Descriptions);
        if (RedirectDelay != other.RedirectDelay) parts.Add(PortalDisplayPart.RedirectDelay);
        return parts;
    }
}

/// <summary>One setting of a <see cref="PortalDisplay"/>.</summary>
public enum PortalDisplayPart
{
    /// <summary>Credits left.</summary>
    Remaining,

    /// <summary>Credits of the plan.</summary>
    PlanCredits,

    /// <summary>Descriptions of packs.</summary>
    Descriptions,

    /// <summary>The wait before the page goes on.</summary>
    RedirectDelay,
}
