using System.Collections.Immutable;
using System.Globalization;

namespace Topup.Domain.Catalog;

/// <summary>A colour of a screen (sRGB), and how well it can be told from another (WCAG 2.2).</summary>
public readonly record struct Colour(byte Red, byte Green, byte Blue)
{
    /// <summary>Paper.</summary>
    public static readonly Colour White = new(255, 255, 255);

    /// <summary>Ink.</summary>
    public static readonly Colour Black = new(0, 0, 0);

    /// <summary>Light of each value of a channel, from 0 to 1.</summary>
    private static readonly ImmutableArray<decimal> Light = [.. Enumerable.Range(0, 256).Select(channel => LightOf(channel / 255m))];

    /// <summary>How light it is, from 0 (black) to 1 (white): the relative luminance of WCAG 2.2.</summary>
    public decimal Luminance => (0.2126m * Light[Red]) + (0.7152m * Light[Green]) + (0.0722m * Light[Blue]);

    /// <summary>Reads <c>#rrggbb</c>.</summary>
    public static bool TryParse(string? text, out Colour colour)
    {
        colour = default;
        if (text is not ['#', _, _, _, _, _, _] || !int.TryParse(text.AsSpan(1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)) return false;
        colour = new Colour((byte)(value >> 16), (byte)((value >> 8) & 0xff), (byte)(value & 0xff));
        return true;
    }

    /// <summary>From 1 (the same) to 21 (black and white).</summary>
    public decimal Contrast(Colour other)
    {
        var (a, b) = (Luminance + 0.05m, other.Luminance + 0.05m);
        return a > b ? a / b : b / a;
    }

    /// <summary>The one of black and white that is read better on it. It is at least 4.58 apart, whatever the colour.</summary>
    public Colour Text() => Contrast(White) >= Contrast(Black) ? White : Black;

    /// <summary>The colour itself where it stands out from a surface as much as it must; else the nearest on the way to an end that does.</summary>
    /// <param name="surface">What it stands on.</param>
    /// <param name="contrast">How far apart they must be at least.</param>
    /// <param name="end">Black to make it darker, white to make it lighter; itself far enough from the surface.</param>
    public Colour Against(Colour surface, decimal contrast, Colour end)
    {
        for (var percent = 0; percent < 100; percent++)
            if (Towards(end, percent) is var mixed && mixed.Contrast(surface) >= contrast) return mixed;
        return end;
    }

    /// <summary><c>#rrggbb</c>, in small letters.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"#{Red:x2}{Green:x2}{Blue:x2}");

    private Colour Towards(Colour end, int percent) => new(Mix(Red, end.Red, percent), Mix(Green, end.Green, percent), Mix(Blue, end.Blue, percent));

    private static byte Mix(byte from, byte to, int percent) => (byte)(((from * (100 - percent)) + (to * percent) + 50) / 100);

    /// <summary>The transfer function of sRGB: a line near black, else a power of 2.4.</summary>
    private static decimal LightOf(decimal channel)
    {
        if (channel <= 0.04045m) return channel / 12.92m;
        var x = (channel + 0.055m) / 1.055m;
        return x * x * FifthRoot(x * x);
    }

    /// <summary>By Newton's way, from above, which ends when it comes no lower.</summary>
    private static decimal FifthRoot(decimal number)
    {
        var root = 1.1m;
        while (true)
        {
            var next = ((4 * root) + (number / (root * root * root * root))) / 5;
            if (next >= root) return root;
            root = next;
        }
    }
}
