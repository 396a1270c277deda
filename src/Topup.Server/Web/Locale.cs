using System.Globalization;
using Topup.Domain;

namespace Topup.Server.Web;

/// <summary>How one reader wants to read: language, the country's numbers and dates, direction, theme.</summary>
internal sealed class Locale
{
    public const string LanguageCookie = "topup-language";
    public const string ThemeCookie = "topup-theme";
    private const string Auto = "auto";

    private readonly Texts texts;

    private Locale(Texts texts, string tag, string theme, TimeZoneInfo zone)
    {
        this.texts = texts;
        Tag = tag;
        Theme = theme;
        Zone = zone;
        Culture = Texts.CultureOf(tag);
    }

    public string Tag { get; }

    /// <summary><c>light</c>, <c>dark</c>, or <c>auto</c> for that of the reader's system.</summary>
    public string Theme { get; }

    public TimeZoneInfo Zone { get; }

    public CultureInfo Culture { get; }

    public string Direction => Texts.IsRightToLeft(Tag) ? "rtl" : "ltr";

    /// <summary>Made once for a request: from whoever is signed in, then what the browser remembers, then what it asks for.</summary>
    public static Locale Of(HttpContext context)
    {
        if (context.Features.Get<Locale>() is { } known) return known;
        var texts = context.RequestServices.GetRequiredService<Texts>();
        var reader = context.Features.Get<Reader>();
        var cookies = context.Request.Cookies;
        var tag = new[] { reader?.Locale, cookies[LanguageCookie] }.Select(texts.Known).FirstOrDefault(found => found is not null)
            ?? texts.Best(context.Request.Headers.AcceptLanguage.ToString());
        var theme = new[] { reader?.Theme, cookies[ThemeCookie] }.FirstOrDefault(IsTheme) ?? Auto;
        var locale = new Locale(texts, tag, theme, context.RequestServices.GetRequiredService<TimeZoneInfo>());
        context.Features.Set(locale);
        return locale;
    }

    public static bool IsTheme(string? theme) => theme is "light" or "dark" or Auto;

    public string Words(string words, params ReadOnlySpan<object> values) =>
        values.Length == 0 ? texts.Of(Tag, words) : string.Format(Culture, texts.Of(Tag, words), values);

    public string Count(long count, string one, string other) => string.Format(Culture, texts.Of(Tag, Texts.IsOne(Tag, count) ? one : other), count);

    public string Number(decimal number) => number.ToString("#,0.######", Culture);

    public string Date(DateTimeOffset time) => TimeZoneInfo.ConvertTime(time, Zone).ToString("d MMM yyyy", Culture);

    /// <summary>A day of the wire, such as 2026-01-31.</summary>
    public string Day(string day) => DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture).ToString("d MMM yyyy", Culture);

    public string Time(DateTimeOffset time) => TimeZoneInfo.ConvertTime(time, Zone).ToString("d MMM yyyy HH:mm", Culture);

    public string Time(Instant time) => Time(time.ToDateTimeOffset());
}

/// <summary>What is known of whoever is signed in that changes how pages look.</summary>
internal sealed record Reader(string? Locale, string? Theme);
