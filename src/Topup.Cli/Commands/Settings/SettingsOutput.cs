using Topup.Contracts;

namespace Topup.Cli.Commands.Settings;

/// <summary>How settings look, whichever command shows them.</summary>
internal static class SettingsOutput
{
    public static void Show(this Output output, MoneySettings money) => output.Show(money, TopupJson.Default.MoneySettings,
        ("currency", money.Currency), ("styles", money.Styles is { Count: > 0 } styles ? string.Join("; ", styles.Select(Words)) : null));

    public static void Show(this Output output, BusinessSettings business) => output.Show(business, TopupJson.Default.BusinessSettings,
        ("name", business.Name), ("address", business.Address?.ReplaceLineEndings(", ")), ("tax id", business.TaxId), ("e-mail", business.Email),
        ("website", business.Website), ("receipt prefix", business.ReceiptPrefix), ("tax", business.Tax is { } tax ? $"{tax.Name} {tax.Rate}%" : null));

    public static void Show(this Output output, CheckoutSettings checkout) => output.Show(checkout, TopupJson.Default.CheckoutSettings,
        ("default method", checkout.DefaultMethod), ("spent on refund", checkout.SpentOnRefund), ("checkout minutes", checkout.CheckoutMinutes),
        ("redirect delay", checkout.RedirectDelay));

    public static void Show(this Output output, AddOnSettings addOns) => output.Show(addOns, TopupJson.Default.AddOnSettings, ("grace days", addOns.GraceDays));

    public static void Show(this Output output, OperatorContact contact) => output.Show(contact, TopupJson.Default.OperatorContact,
        ("name", contact.Name), ("e-mail", contact.Email), ("phone", contact.Phone));

    public static void Show(this Output output, TimeZoneView zone) => output.Show(zone, TopupJson.Default.TimeZoneView,
        ("time zone in force", zone.TimeZoneInForce), ("saved, from the next start", zone.TimeZone));

    private static string Words(KeyValuePair<string, MoneyStyleSettings> style)
    {
        var number = $"1{style.Value.ThousandsSeparator}234{style.Value.DecimalSeparator}50";
        var space = style.Value.Space == true ? " " : "";
        return style.Key + " " + (style.Value.SymbolPlace == "before" ? style.Value.Symbol + space + number : number + space + style.Value.Symbol);
    }
}
