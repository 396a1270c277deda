namespace Topup.Domain.Catalog;

/// <summary>
/// The operator's colours on light or on dark pages, changed as little as is needed to be read by everybody: what was chosen
/// for a logo is often too pale for a link.
/// </summary>
/// <param name="Accent">Links, marks, charts: 4.5 to 1 against every surface of the pages.</param>
/// <param name="AccentText">What is read on the accent.</param>
/// <param name="Button">The button to top up: 3 to 1 against every surface.</param>
/// <param name="ButtonText">What is read on the button.</param>
public sealed record BrandColours(Colour Accent, Colour AccentText, Colour Button, Colour ButtonText)
{
    /// <summary>Where the operator has chosen none.</summary>
    public static readonly Colour AccentDefault = new(0x0b, 0x5c, 0xad);

    private const decimal ForText = 4.5m;
    private const decimal ForShapes = 3m;

    /// <summary>The darkest surface of light pages, and the lightest of dark ones.</summary>
    private static readonly Colour LightSurface = new(0xf5, 0xf5, 0xf5);
    private static readonly Colour DarkSurface = new(0x26, 0x26, 0x26);

    /// <summary>What the pages show.</summary>
    /// <param name="accent">As chosen; null: <see cref="AccentDefault"/>.</param>
    /// <param name="button">As chosen; null: that of the accent.</param>
    /// <param name="dark">Whether the pages are dark.</param>
    public static BrandColours Of(Colour? accent, Colour? button, bool dark)
    {
        var (surface, end) = dark ? (DarkSurface, Colour.White) : (LightSurface, Colour.Black);
        var shownAccent = (accent ?? AccentDefault).Against(surface, ForText, end);
        var shownButton = button?.Against(surface, ForShapes, end) ?? shownAccent;
        return new BrandColours(shownAccent, shownAccent.Text(), shownButton, shownButton.Text());
    }
}
