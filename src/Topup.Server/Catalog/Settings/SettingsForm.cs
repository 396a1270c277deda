using System.Globalization;
using System.Text.RegularExpressions;
using Topup.Contracts;
using Topup.Domain.Catalog;
using Topup.Domain.Checkout;
using Topup.Server.Http;

namespace Topup.Server.Catalog.Settings;

/// <summary>Settings between the wire and those who ask for them.</summary>
internal static partial class SettingsForm
{
    public const string CurrencyDefault = "USD";

    private const int StylesMax = 40;
    private const int SymbolLengthMax = 8;
    private const int NameLengthMax = 200;
    private const int AddressLengthMax = 500;
    private const int TaxIdLengthMax = 60;
    private const int WebsiteLengthMax = 200;
    private const int PrefixLengthMax = 20;
    private const int TaxNameLengthMax = 40;
    private const int CheckoutMinutesMin = 30;
    private const int CheckoutMinutesMax = 1_440;
    private const int CheckoutMinutesDefault = 60;
    private const int RedirectDelayMax = 10;
    private const int RedirectDelayDefault = 3;
    private const int OriginsMax = 50;
    private const int OriginLengthMax = 255;
    private const int HiddenTypesMax = 100;
    private const int TimeZoneLengthMax = 64;
    private const int GraceDaysMax = 30;
    private const int GraceDaysDefault = 3;
    private const string Debt = "debt";
    private const string Forgive = "forgive";

    public static Problem? Check(MoneySettings money)
    {
        if (Fields.Currency("currency", money.Currency) is { } problem) return problem;
        if (money.Styles?.Count > StylesMax) return Problems.Invalid("styles", $"styles must be of at most {StylesMax} currencies.", StylesMax);
        return money.Styles?.Select(style => Check(style.Key, style.Value)).FirstOrDefault(wrong => wrong is not null);
    }

    public static Problem? Check(BusinessSettings business) =>
        Fields.Text("name", business.Name, NameLengthMax, min: 0)
        ?? Fields.Lines("address", business.Address, AddressLengthMax)
        ?? Fields.Text("tax_id", business.TaxId, TaxIdLengthMax, min: 0)
        ?? Fields.Email("email", NullIfEmpty(business.Email))
        ?? Website(NullIfEmpty(business.Website))
        ?? Prefix(business.ReceiptPrefix)
        ?? (business.Tax is { } tax ? Fields.Text("tax.name", tax.Name, TaxNameLengthMax) ?? RateOf(tax).Problem : null);

    public static Problem? Check(CheckoutSettings checkout)
    {
        if (NullIfEmpty(checkout.DefaultMethod) is { } method && !PaymentMethod.All.Contains(method))
            return Problems.Invalid("default_method", $"default_method must be {string.Join(", ", PaymentMethod.All[..^1])} or {PaymentMethod.All[^1]}.");
        if (checkout.SpentOnRefund is not (null or Debt or Forgive)) return Problems.Invalid("spent_on_refund", $"spent_on_refund must be {Debt} or {Forgive}.");
        return Fields.Number("checkout_minutes", checkout.CheckoutMinutes, CheckoutMinutesMin, CheckoutMinutesMax)
            ?? Fields.Number("redirect_delay", checkout.RedirectDelay, 0, RedirectDelayMax);
    }

    public static Problem? Check(AddOnSettings addOns) => Fields.Number("grace_days", addOns.GraceDays, 0, GraceDaysMax);

    public static Problem? Check(OperatorContact contact) =>
        Fields.Text("name", contact.Name, NameLengthMax, min: 0) ?? Fields.Email("email", NullIfEmpty(contact.Email)) ?? Fields.Phone("phone", NullIfEmpty(contact.Phone));

    public static Problem? Check(PortalSettings portal)
    {
        if (Fields.Count("allowed_origins", portal.AllowedOrigins.Count, OriginsMax) is { } problem) return problem;
        for (var i = 0; i < portal.AllowedOrigins.Count; i++)
        {
            if (IsOrigin(portal.AllowedOrigins[i])) continue;
            var field = string.Create(CultureInfo.InvariantCulture, $"allowed_origins[{i}]");
            return Problems.Invalid(field, $"{field} must be an origin in small letters, such as https://app.example.com, without a path; http only for localhost.");
        }
        var hidden = portal.HiddenTypes ?? [];
        return Fields.Count("hidden_types", hidden.Count, HiddenTypesMax)
            ?? hidden.Select((type, i) => Fields.Code(string.Create(CultureInfo.InvariantCulture, $"hidden_types[{i}]"), type ?? "")).FirstOrDefault(wrong => wrong is not null);
    }

    /// <summary>The shape comes first: an id is the name of a file of the machine, and must lead to no other.</summary>
    public static Problem? Check(TimeZoneRequest asked) =>
        asked.TimeZone is { Length: <= TimeZoneLengthMax } id && ZoneShape().IsMatch(id) && TimeZoneInfo.TryFindSystemTimeZoneById(id, out _)
            ? null
            : Problems.Invalid("time_zone",
                $"time_zone must be the IANA id of a time zone that the server knows, such as America/Sao_Paulo, of at most {TimeZoneLengthMax} characters.", TimeZoneLengthMax);

    /// <summary>With every default in its place, as it is shown.</summary>
    public static MoneySettings Whole(MoneySettings money) => money with
    {
        Styles = (money.Styles ?? new Dictionary<string, MoneyStyleSettings>()).OrderBy(style => style.Key, StringComparer.Ordinal)
            .ToDictionary(style => style.Key, style => ViewOf(StyleOf(style.Key, style.Value)), StringComparer.Ordinal),
    };

    /// <summary>Without what is empty.</summary>
    public static BusinessSettings Whole(BusinessSettings business) => new()
    {
        Name = NullIfEmpty(business.Name), Address = NullIfEmpty(business.Address), TaxId = NullIfEmpty(business.TaxId), Email = NullIfEmpty(business.Email),
        Website = NullIfEmpty(business.Website), ReceiptPrefix = NullIfEmpty(business.ReceiptPrefix), Tax = business.Tax,
    };

    public static CheckoutSettings Whole(CheckoutSettings checkout) => new()
    {
        DefaultMethod = NullIfEmpty(checkout.DefaultMethod), SpentOnRefund = checkout.SpentOnRefund ?? Debt,
        CheckoutMinutes = checkout.CheckoutMinutes ?? CheckoutMinutesDefault, RedirectDelay = checkout.RedirectDelay ?? RedirectDelayDefault,
    };

    public static AddOnSettings Whole(AddOnSettings addOns) => new() { GraceDays = addOns.GraceDays ?? GraceDaysDefault };

    public static PortalSettings Whole(PortalSettings portal) => portal with
    {
        ShowRemaining = portal.ShowRemaining ?? true, ShowPlanCredits = portal.ShowPlanCredits ?? true, ShowDescriptions = portal.ShowDescriptions ?? true,
        HiddenTypes = [.. (portal.HiddenTypes ?? []).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
    };

    public static OperatorContact Whole(OperatorContact contact) =>
        new() { Name = NullIfEmpty(contact.Name), Email = NullIfEmpty(contact.Email), Phone = NullIfEmpty(contact.Phone) };

    public static MoneyOnScreen OnScreen(MoneySettings money) => new(money.Currency,
        (money.Styles ?? new Dictionary<string, MoneyStyleSettings>()).ToDictionary(style => style.Key, style => StyleOf(style.Key, style.Value), StringComparer.Ordinal));

    public static CheckoutRules Rules(CheckoutSettings saved)
    {
        var checkout = Whole(saved);
        return new CheckoutRules(checkout.DefaultMethod ?? "", checkout.SpentOnRefund == Debt ? SpentOnRefund.Debt : SpentOnRefund.Forgive,
            checkout.CheckoutMinutes!.Value, checkout.RedirectDelay!.Value);
    }

    /// <summary>The rate in the unit of <see cref="Tax"/>.</summary>
    public static Outcome<long> RateOf(TaxSettings tax)
    {
        var rate = Fields.Amount("tax.rate", tax.Rate, Tax.RateDecimals);
        return rate.Problem is null && rate.Value > Tax.RateMax ? Problems.Invalid("tax.rate", "tax.rate must be at most 100 percent.", 100) : rate;
    }

    private static Problem? Check(string currency, MoneyStyleSettings style)
    {
        var field = $"styles.{currency}";
        if (!Currency.IsKnown(currency)) return Problems.Invalid("styles", $"styles are by currency codes of ISO 4217, such as USD; {Shown(currency)} is none.");
        if (style is null) return Problems.Invalid(field, $"{field} must be an object.");
        if (Fields.Text(field + ".symbol", style.Symbol, SymbolLengthMax) is { } problem) return problem;
        if (style.Symbol?.Any(char.IsDigit) == true) return Problems.Invalid(field + ".symbol", $"{field}.symbol must not have digits.");
        if (style.SymbolPlace is not (null or "before" or "after")) return Problems.Invalid(field + ".symbol_place", $"{field}.symbol_place must be before or after.");
        if (style.DecimalSeparator is { } point && !IsSeparator(point)) return NoSeparator(field + ".decimal_separator", "");
        if (style.ThousandsSeparator is { Length: > 0 } thousands && !IsSeparator(thousands)) return NoSeparator(field + ".thousands_separator", ", or empty");
        var whole = StyleOf(currency, style);
        return whole.DecimalSeparator == whole.ThousandsSeparator
            ? Problems.Invalid(field + ".thousands_separator", $"{field}: the separators of decimals and thousands must differ.")
            : null;
    }

    private static bool IsSeparator(string text) =>
        text.Length == 1 && text[0] != '-' && !char.IsLetterOrDigit(text[0]) && !char.IsControl(text[0]) && !char.IsSurrogate(text[0]);

    private static Problem NoSeparator(string field, string more) =>
        Problems.Invalid(field, $"{field} must be one character that is neither a letter, nor a digit, nor a minus{more}.", 1);

    private static MoneyStyle StyleOf(string currency, MoneyStyleSettings style)
    {
        var own = MoneyStyle.Of(currency);
        return new MoneyStyle(
            style.Symbol ?? own.Symbol,
            style.SymbolPlace switch { "before" => SymbolPlace.Before, "after" => SymbolPlace.After, _ => own.Place },
            style.Space ?? own.HasSpace, style.DecimalSeparator ?? own.DecimalSeparator, style.ThousandsSeparator ?? own.ThousandsSeparator);
    }

    private static MoneyStyleSettings ViewOf(MoneyStyle style) => new()
    {
        Symbol = style.Symbol,
        SymbolPlace = style.Place switch { SymbolPlace.Before => "before", SymbolPlace.After => "after" },
        Space = style.HasSpace, DecimalSeparator = style.DecimalSeparator, ThousandsSeparator = style.ThousandsSeparator,
    };

    private static Problem? Website(string? website) =>
        website is null || (website.Length <= WebsiteLengthMax && Uri.TryCreate(website, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http")
            ? null
            : Problems.Invalid("website", $"website must be an address that begins with https:// or http://, at most {WebsiteLengthMax} characters.", WebsiteLengthMax);

    private static Problem? Prefix(string? prefix) =>
        prefix is null || (prefix.Length <= PrefixLengthMax && PrefixShape().IsMatch(prefix))
            ? null
            : Problems.Invalid("receipt_prefix", $"receipt_prefix must be at most {PrefixLengthMax} of A-Z a-z 0-9 . / _ -", PrefixLengthMax);

    /// <summary>Exactly as browsers spell it, for they are compared letter by letter.</summary>
    private static bool IsOrigin(string? origin) =>
        origin is { Length: <= OriginLengthMax } && Uri.TryCreate(origin, UriKind.Absolute, out var uri)
        && (uri.Scheme == "https" || (uri.Scheme == "http" && uri.IsLoopback)) && uri.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped) == origin
        && OriginShape().IsMatch(origin);

    private static string Shown(string text) => text.Length <= 20 ? text : string.Concat(text.AsSpan(0, 20), "...");

    private static string? NullIfEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;

    [GeneratedRegex(@"^[A-Za-z0-9./_-]*\z")]
    private static partial Regex PrefixShape();

    [GeneratedRegex(@"^[A-Z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*\z")]
    private static partial Regex ZoneShape();

    [GeneratedRegex(@"^https?://[a-z0-9.\[\]:-]+\z")]
    private static partial Regex OriginShape();
}
