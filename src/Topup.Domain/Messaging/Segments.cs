namespace Topup.Domain.Messaging;

/// <summary>
/// How many segments a text message takes. In the alphabet of GSM a segment has 160 septets, or 153 of several; one
/// character outside it turns the whole text to UCS-2, with 70 units, or 67. What takes two is never split over two segments.
/// Source: 3GPP TS 23.038, section 6.2.1, and TS 23.040, section 9.2.3.24.
/// </summary>
public readonly record struct Segments(int Count, bool IsGsm)
{
    private const string Basic =
        "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";

    /// <summary>Each takes two septets: an escape goes before it.</summary>
    private const string Extension = "\f^{}\\[~]|€";

    public static Segments Of(string text) => text.All(c => Basic.Contains(c) || Extension.Contains(c))
        ? new Segments(CountIn(text, single: 160, each: 153, SeptetsAt, isGsm: true), IsGsm: true)
        : new Segments(CountIn(text, single: 70, each: 67, UnitsAt, isGsm: false), IsGsm: false);

    private static int CountIn(string text, int single, int each, Func<string, int, int> widthAt, bool isGsm)
    {
        var (total, count, used) = (0, 1, 0);
        for (var at = 0; at < text.Length;)
        {
            var width = widthAt(text, at);
            if (used + width > each) (count, used) = (count + 1, 0);
            (total, used) = (total + width, used + width);
            at += isGsm ? 1 : width;
        }
        return total <= single ? 1 : count;
    }

    private static int SeptetsAt(string text, int at) => Extension.Contains(text[at]) ? 2 : 1;

    private static int UnitsAt(string text, int at) => at + 1 < text.Length && char.IsSurrogatePair(text[at], text[at + 1]) ? 2 : 1;
}
