using System.Collections.Frozen;

namespace Topup.Domain.Catalog;

/// <summary>
/// The currencies of ISO 4217 in circulation and how many digits each has after the point. Money is a long in the
/// smallest of them: 12.50 USD is 1250, 1250 JPY is 1250, 1.250 KWD is 1250.
/// Source: ISO 4217 list one, as published by SIX, amendments to 179. Metals, test codes and XXX are left out.
/// </summary>
public static class Currency
{
    private static readonly FrozenDictionary<string, int> DigitsByCode = Table();

    /// <summary>Every known code, in alphabetical order.</summary>
    public static IReadOnlyList<string> Codes { get; } = [.. DigitsByCode.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Whether the three capital letters name a currency.</summary>
    public static bool IsKnown(string? code) => code is not null && DigitsByCode.ContainsKey(code);

    /// <summary>Digits after the point of a known currency, 0 to 4.</summary>
    public static int Digits(string code) => DigitsByCode[code];

    private static FrozenDictionary<string, int> Table()
    {
        const string none = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF";
        const string two =
            "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF " +
            "CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL " +
            "HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU " +
            "MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR " +
            "SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED " +
            "VES WST XAD XCD XCG YER ZAR ZMW ZWG";
        const string three = "BHD IQD JOD KWD LYD OMR TND";
        const string four = "CLF UYW";
        (string Codes, int Digits)[] groups = [(none, 0), (two, 2), (three, 3), (four, 4)];
        return groups
            .SelectMany(group => group.Codes.Split(' ').Select(code => (code, group.Digits)))
            .ToFrozenDictionary(pair => pair.code, pair => pair.Digits, StringComparer.Ordinal);
    }
}
