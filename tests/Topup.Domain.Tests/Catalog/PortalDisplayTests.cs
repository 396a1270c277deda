using Shouldly;
using Topup.Domain.Catalog;
using Xunit;

namespace Topup.Domain.Tests.Catalog;

public sealed class PortalDisplayTests
{
    [Fact]
    public void A_preset_differs_from_what_is_set_in_what_it_would_change_and_nothing_else()
    {
        var mine = new PortalDisplay(ShowRemaining: false, ShowPlanCredits: true, ShowDescriptions: true, RedirectDelay: 3);
        mine.Differences(PortalDisplay.Minimal).ShouldBe([PortalDisplayPart.Remaining, PortalDisplayPart.PlanCredits, PortalDisplayPart.Descriptions, PortalDisplayPart.RedirectDelay]);
        mine.Differences(PortalDisplay.Balanced).ShouldBe([PortalDisplayPart.Remaining, PortalDisplayPart.Descriptions]);
        mine.Differences(PortalDisplay.Sales).ShouldBe([PortalDisplayPart.Remaining, PortalDisplayPart.RedirectDelay]);
        mine.Differences(mine with { }).ShouldBeEmpty();
    }

    [Fact]
    public void No_two_presets_are_the_same() =>
        new[] { PortalDisplay.Minimal, PortalDisplay.Balanced, PortalDisplay.Sales }.Distinct().Count().ShouldBe(3);
}
