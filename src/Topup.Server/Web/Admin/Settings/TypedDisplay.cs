using Microsoft.Extensions.Primitives;
using Topup.Contracts;
using Topup.Server.Catalog.Settings;
using Topup.Server.Http;

namespace Topup.Server.Web.Admin.Settings;

/// <summary>The settings of the display as they are typed, whether they are saved or only looked at.</summary>
internal static class TypedDisplay
{
    /// <summary>The currency whose writing the form shows.</summary>
    public const string StyleOf = "style_of";

    /// <summary>The credit types that the portal shows; a form says what is ticked, never what is not.</summary>
    public const string ShownTypes = "shown_types";

    /// <param name="typed">What was typed into a field, or ticked.</param>
    /// <param name="types">Codes of all credit types.</param>
    public static Outcome<DisplaySettings> Read(Func<string, StringValues> typed, DisplaySettings saved, IEnumerable<string> types, Locale l)
    {
        var delay = TypedNumber.WholeOrNull("redirect_delay", Text("redirect_delay"), l);
        if (delay.Problem is { } wrong) return wrong;
        var shown = typed(ShownTypes).OfType<string>().ToHashSet(StringComparer.Ordinal);
        return saved with
        {
            Brand = saved.Brand with { Name = OrNull("name"), Accent = OrNull("accent"), Button = OrNull("button"), MenuLabel = OrNull("menu_label"), Colours = null },
            Portal = saved.Portal with
            {
                ShowRemaining = Is("show_remaining"), ShowPlanCredits = Is("show_plan_credits"), ShowDescriptions = Is("show_descriptions"),
                HiddenTypes = [.. types.Where(type => !shown.Contains(type))],
            },
            Money = new MoneySettings { Currency = Text("currency").Trim().ToUpperInvariant(), Styles = Styles(saved.Money) },
            Checkout = saved.Checkout with { RedirectDelay = delay.Value },
        };

        string Text(string field) => typed(field).ToString();
        string? OrNull(string field) => Text(field).Trim() is { Length: > 0 } text ? text : null;
        bool Is(string field) => Text(field) == "true";

        Dictionary<string, MoneyStyleSettings> Styles(MoneySettings money)
        {
            var styles = new Dictionary<string, MoneyStyleSettings>(money.Styles ?? new Dictionary<string, MoneyStyleSettings>(), StringComparer.Ordinal);
            if (Text(StyleOf) is not { Length: > 0 } currency) return styles;
            var style = new MoneyStyleSettings
            {
                Symbol = OrNull($"styles.{currency}.symbol"), SymbolPlace = OrNull($"styles.{currency}.symbol_place"), Space = Is($"styles.{currency}.space"),
                DecimalSeparator = Text($"styles.{currency}.decimal_separator") is { Length: > 0 } point ? point : null,
                ThousandsSeparator = Text($"styles.{currency}.thousands_separator"),
            };
            // What is as the currency's own country has it need not be kept.
            if (style == OwnStyle(currency)) styles.Remove(currency);
            else styles[currency] = style;
            return styles;
        }
    }

    /// <summary>How a currency is written, as set or as its own country has it.</summary>
    public static MoneyStyleSettings Style(MoneySettings money, string currency) =>
        money.Styles?.GetValueOrDefault(currency) is { } set ? SettingsForm.Whole(Only(currency, set)).Styles![currency] : OwnStyle(currency);

    private static MoneyStyleSettings OwnStyle(string currency) => SettingsForm.Whole(Only(currency, new MoneyStyleSettings())).Styles![currency];

    private static MoneySettings Only(string currency, MoneyStyleSettings style) =>
        new() { Currency = currency, Styles = new Dictionary<string, MoneyStyleSettings> { [currency] = style } };
}
