using System.Buffers.Text;
using System.Security.Cryptography;
using Topup.Contracts;
using Topup.Domain.Catalog;
using Topup.Server.Http;

namespace Topup.Server.Catalog.Settings;

/// <summary>The brand between the wire and the pages.</summary>
internal static class BrandForm
{
    public const string MenuLabelDefault = "Top up";

    private const int NameLengthMax = 60;
    private const int MenuLabelLengthMax = 40;
    private const int LogoBytesMax = 65_536;

    private static readonly (string Type, string Begin)[] Pictures = [("image/png", "data:image/png;base64,"), ("image/webp", "data:image/webp;base64,")];

    public static Problem? Check(BrandSettings brand) =>
        Fields.Text("name", brand.Name, NameLengthMax, min: 0)
        ?? Chosen("accent", brand.Accent)
        ?? Chosen("button", brand.Button)
        ?? Fields.Text("menu_label", brand.MenuLabel, MenuLabelLengthMax, min: 0)
        ?? (string.IsNullOrEmpty(brand.Logo) || Picture(brand.Logo) is not null
            ? null
            : Problems.Invalid("logo", $"logo must be a data: address of a PNG or WebP in base64, of at most {LogoBytesMax} bytes.", LogoBytesMax));

    /// <summary>What is kept: what was chosen. What comes of it follows from the rule, so that a better rule holds for everybody.</summary>
    public static BrandSettings AsSaved(BrandSettings brand) => new()
    {
        Name = NullIfEmpty(brand.Name), Accent = ColourOf(brand.Accent)?.ToString(), Button = ColourOf(brand.Button)?.ToString(),
        MenuLabel = NullIfEmpty(brand.MenuLabel), Logo = NullIfEmpty(brand.Logo),
    };

    /// <summary>With what comes of it.</summary>
    public static BrandSettings Whole(BrandSettings saved) => saved with { Colours = new BrandColoursView { Light = Theme(saved, dark: false), Dark = Theme(saved, dark: true) } };

    /// <summary>The audit says that there is another logo, not every dot of it.</summary>
    public static BrandSettings ForAudit(BrandSettings saved) => saved.Logo is null
        ? saved
        : saved with { Logo = "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Picture(saved.Logo)!.Value.Bytes).AsSpan(0, 8)) };

    /// <summary>The picture of a logo and its type; null: it is none.</summary>
    public static (string Type, byte[] Bytes)? Picture(string logo)
    {
        foreach (var (type, begin) in Pictures)
        {
            if (!logo.StartsWith(begin, StringComparison.Ordinal)) continue;
            var base64 = logo.AsSpan(begin.Length);
            if (!Base64.IsValid(base64, out var length) || length is 0 or > LogoBytesMax) return null;
            var bytes = Convert.FromBase64String(base64.ToString());
            return IsPicture(type, bytes) ? (type, bytes) : null;
        }
        return null;
    }

    private static BrandThemeView Theme(BrandSettings saved, bool dark)
    {
        var shown = BrandColours.Of(ColourOf(saved.Accent), ColourOf(saved.Button), dark);
        return new BrandThemeView { Accent = shown.Accent.ToString(), AccentText = shown.AccentText.ToString(), Button = shown.Button.ToString(), ButtonText = shown.ButtonText.ToString() };
    }

    private static Problem? Chosen(string field, string? colour) => string.IsNullOrEmpty(colour) || ColourOf(colour) is not null
        ? null
        : Problems.Invalid(field, $"{field} must be a colour such as #0b5cad: a # and six of 0-9 a-f.");

    private static Colour? ColourOf(string? text) => Colour.TryParse(text, out var colour) ? colour : null;

    /// <summary>By how the bytes begin: a browser believes those and not the name.</summary>
    private static bool IsPicture(string type, ReadOnlySpan<byte> bytes) => type == "image/png"
        ? bytes.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
        : bytes.Length > 12 && bytes.StartsWith("RIFF"u8) && bytes[8..].StartsWith("WEBP"u8);

    private static string? NullIfEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
