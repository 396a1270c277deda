using System.Collections.Frozen;

namespace Topup.Domain.Catalog;

/// <summary>How money of one currency is written for people.</summary>
/// <param name="Symbol">Such as <c>$</c>, or the code of the currency.</param>
/// <param name="HasSpace">A space that does not break stands between symbol and number.</param>
/// <param name="DecimalSeparator">Before the digits of the minor unit.</param>
/// <param name="ThousandsSeparator">Between groups of three digits; empty: none.</param>
public sealed record MoneyStyle(string Symbol, SymbolPlace Place, bool HasSpace, string DecimalSeparator, string ThousandsSeparator)
{
    private const string Space = "\u00a0";

    private static readonly FrozenDictionary<string, MoneyStyle> Known = Table();

    /// <summary>
    /// The style of a currency that the operator has not given one. Place and separators are those of the currency's own
    /// country, and so is the symbol where no other currency has it too; else it is the English one, which tells them apart
    /// (<c>CA$</c>, <c>MX$</c>), or the code. A currency that is not in the table is written with its code: <c>KWD 1,234.567</c>.
    /// Source: Unicode CLDR 48, currency symbols and number patterns of the locale named beside each currency. Groups are of
    /// three digits also where CLDR has others (INR).
    /// </summary>
    public static MoneyStyle Of(string currency) =>
        Known.GetValueOrDefault(currency) ?? new MoneyStyle(currency, SymbolPlace.Before, HasSpace: true, ".", ",");

    private static FrozenDictionary<string, MoneyStyle> Table() => new Dictionary<string, MoneyStyle>(StringComparer.Ordinal)
    {
        ["USD"] = Before("$", ".", ","), // en-US
        ["EUR"] = After("€", ",", "."), // de-DE
        ["GBP"] = Before("£", ".", ","), // en-GB
        ["TRY"] = Before("₺", ",", "."), // tr-TR
        ["BRL"] = BeforeWithSpace("R$", ",", "."), // pt-BR
        ["MXN"] = Before("MX$", ".", ","), // es-MX, symbol of en
        ["ARS"] = BeforeWithSpace("ARS", ",", "."), // es-AR, symbol of en
        ["CLP"] = BeforeWithSpace("CLP", ",", "."), // es-CL, symbol of en
        ["COP"] = BeforeWithSpace("COP", ",", "."), // es-CO, symbol of en
        ["PEN"] = BeforeWithSpace("S/", ".", ","), // es-PE
        ["UYU"] = BeforeWithSpace("UYU", ",", "."), // es-UY, symbol of en
        ["CAD"] = Before("CA$", ".", ","), // en-CA, symbol of en
        ["AUD"] = Before("A$", ".", ","), // en-AU, symbol of en
        ["NZD"] = Before("NZ$", ".", ","), // en-NZ, symbol of en
        ["HKD"] = Before("HK$", ".", ","), // en-HK
        ["TWD"] = Before("NT$", ".", ","), // zh-TW, symbol of en
        ["JPY"] = Before("¥", ".", ","), // ja-JP, symbol of en
        ["CNY"] = Before("CN¥", ".", ","), // zh-CN, symbol of en
        ["KRW"] = Before("₩", ".", ","), // ko-KR
        ["INR"] = Before("₹", ".", ","), // en-IN
        ["VND"] = After("₫", ",", "."), // vi-VN
        ["THB"] = Before("฿", ".", ","), // th-TH
        ["IDR"] = BeforeWithSpace("Rp", ",", "."), // id-ID
        ["MYR"] = BeforeWithSpace("RM", ".", ","), // ms-MY
        ["PHP"] = Before("₱", ".", ","), // en-PH
        ["ZAR"] = BeforeWithSpace("R", ",", Space), // en-ZA
        ["NGN"] = Before("₦", ".", ","), // en-NG
        ["GHS"] = Before("GH₵", ".", ","), // en-GH
        ["ILS"] = After("₪", ".", ","), // he-IL
        ["CHF"] = BeforeWithSpace("CHF", ".", "'"), // de-CH
        ["PLN"] = After("zł", ",", Space), // pl-PL
        ["CZK"] = After("Kč", ",", Space), // cs-CZ
        ["HUF"] = After("Ft", ",", Space), // hu-HU
        ["RON"] = After("RON", ",", "."), // ro-RO
        ["SEK"] = After("SEK", ",", Space), // sv-SE, symbol of en
        ["NOK"] = After("NOK", ",", Space), // nb-NO, symbol of en
        ["DKK"] = After("DKK", ",", "."), // da-DK, symbol of en
        ["ISK"] = After("ISK", ",", "."), // is-IS, symbol of en
        ["RUB"] = After("₽", ",", Space), // ru-RU
        ["UAH"] = After("₴", ",", Space), // uk-UA
        ["KZT"] = After("₸", ",", Space), // kk-KZ
        ["GEL"] = After("₾", ",", Space), // ka-GE
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static MoneyStyle Before(string symbol, string point, string thousands) => new(symbol, SymbolPlace.Before, HasSpace: false, point, thousands);

    private static MoneyStyle BeforeWithSpace(string symbol, string point, string thousands) => new(symbol, SymbolPlace.Before, HasSpace: true, point, thousands);

    private static MoneyStyle After(string symbol, string point, string thousands) => new(symbol, SymbolPlace.After, HasSpace: true, point, thousands);
}

/// <summary>Where the symbol of a currency stands.</summary>
public enum SymbolPlace
{
    Before,
    After,
}
