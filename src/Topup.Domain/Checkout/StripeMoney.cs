using System.Collections.Frozen;
using Topup.Domain.Catalog;

namespace Topup.Domain.Checkout;

/// <summary>
/// Money as Stripe writes it: integers whose digits are mostly, but not always, those of ISO 4217. Ours are ISO's, so
/// each amount is converted exactly or not at all. Everything here but the wire itself is in minor units by ISO 4217.
/// Source: docs.stripe.com/currencies: zero-decimal and three-decimal currencies, special cases, least amounts.
/// </summary>
public static class StripeMoney
{
    /// <summary>Twelve digits: the most that any card pays at once. A method of payment with less room is not offered to the buyer.</summary>
    private const long WireMax = 999_999_999_999;

    private static readonly FrozenSet<string> WithoutDecimals =
        Codes("BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF");

    /// <summary>On the wire they have two decimals, as long ago; a fraction is refused all the same.</summary>
    private static readonly FrozenSet<string> WholeWithTwoDecimals = Codes("ISK UGX");

    private static readonly FrozenSet<string> WithThreeDecimals = Codes("BHD JOD KWD OMR TND");

    /// <summary>ISO's codes of funds and units of account: nobody has them in a pocket or on a card.</summary>
    private static readonly FrozenSet<string> Funds = Codes("BOV CHE CHW CLF COU MXV USN UYI UYW");

    /// <summary>
    /// The least of a charge, in hundredths of a major unit. Stripe judges it in the currency in which the account is
    /// settled, so a charge above it may still be refused; one below it always is.
    /// </summary>
    private static readonly FrozenDictionary<string, int> LeastHundredths = new Dictionary<string, int>
    {
        ["AED"] = 200, ["ARS"] = 50, ["AUD"] = 50, ["BRL"] = 50, ["CAD"] = 50, ["CHF"] = 50, ["COP"] = 50, ["CZK"] = 1500, ["DKK"] = 250,
        ["EUR"] = 50, ["GBP"] = 30, ["HKD"] = 400, ["HUF"] = 17500, ["IDR"] = 50, ["ILS"] = 50, ["INR"] = 50, ["JPY"] = 5000, ["KRW"] = 5000,
        ["MXN"] = 1000, ["MYR"] = 200, ["NOK"] = 300, ["NZD"] = 50, ["PHP"] = 50, ["PLN"] = 200, ["RON"] = 200, ["RUB"] = 50, ["SEK"] = 300,
        ["SGD"] = 50, ["THB"] = 1000, ["USD"] = 50, ["ZAR"] = 50,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Whether anybody could pay in it by Stripe. Whether an account may is only known to Stripe.</summary>
    public static bool IsPayable(string currency) => Currency.IsKnown(currency) && !Funds.Contains(currency);

    /// <summary>Minor units of which every amount must be a multiple: 100 for MGA, which Stripe has only whole; 10 for KWD; mostly 1.</summary>
    public static long Step(string currency)
    {
        if (WithThreeDecimals.Contains(currency)) return 10;
        var coarser = Currency.Digits(currency) - WireDigits(currency);
        return coarser > 0 ? PowerOfTen(coarser) : 1;
    }

    /// <summary>The least charge in minor units; 1 where Stripe names none.</summary>
    public static long Least(string currency) =>
        LeastHundredths.TryGetValue(currency, out var hundredths) ? hundredths * PowerOfTen(Currency.Digits(currency)) / 100 : 1;

    /// <summary>The largest charge in minor units.</summary>
    public static long Most(string currency) => FromWire(WireMax / WireStep(currency) * WireStep(currency), currency)!.Value;

    /// <summary>The integer by which Stripe knows <paramref name="minor"/> minor units, or why there is none.</summary>
    public static StripeMoneyProblem TryToWire(long minor, string currency, out long wire)
    {
        wire = 0;
        if (!IsPayable(currency)) return StripeMoneyProblem.NotPayable;
        if (minor % Step(currency) != 0) return StripeMoneyProblem.TooFine;
        if (minor <= 0) return StripeMoneyProblem.TooSmall;
        if (minor > Most(currency)) return StripeMoneyProblem.TooLarge;
        var finer = WireDigits(currency) - Currency.Digits(currency);
        wire = finer >= 0 ? minor * PowerOfTen(finer) : minor / PowerOfTen(-finer);
        return StripeMoneyProblem.None;
    }

    /// <summary>Whether Stripe can charge exactly <paramref name="minor"/> minor units. A refund may be smaller than the least charge.</summary>
    public static StripeMoneyProblem CheckCharge(long minor, string currency)
    {
        var problem = TryToWire(minor, currency, out _);
        return problem == StripeMoneyProblem.None && minor < Least(currency) ? StripeMoneyProblem.TooSmall : problem;
    }

    /// <summary>Minor units of an integer of Stripe's; null when they are not whole, or it makes no sense.</summary>
    /// <param name="currency">In capital letters.</param>
    public static long? FromWire(long wire, string currency)
    {
        if (!IsPayable(currency) || wire is < 0 or > WireMax) return null;
        var finer = WireDigits(currency) - Currency.Digits(currency);
        if (finer <= 0) return wire * PowerOfTen(-finer);
        return wire % PowerOfTen(finer) == 0 ? wire / PowerOfTen(finer) : null;
    }

    private static int WireDigits(string currency) => WithoutDecimals.Contains(currency) ? 0 : WithThreeDecimals.Contains(currency) ? 3 : 2;

    private static long WireStep(string currency) => WholeWithTwoDecimals.Contains(currency) ? 100 : WithThreeDecimals.Contains(currency) ? 10 : 1;

    private static long PowerOfTen(int digits) => digits switch { 0 => 1, 1 => 10, 2 => 100, 3 => 1_000, _ => 10_000 };

    private static FrozenSet<string> Codes(string codes) => codes.Split(' ').ToFrozenSet(StringComparer.Ordinal);
}

/// <summary>Why Stripe cannot take an amount, in check order.</summary>
public enum StripeMoneyProblem
{
    None,

    /// <summary>No card pays in the currency.</summary>
    NotPayable,

    /// <summary>No multiple of <see cref="StripeMoney.Step"/>.</summary>
    TooFine,

    /// <summary>Less than <see cref="StripeMoney.Least"/>.</summary>
    TooSmall,

    /// <summary>More than <see cref="StripeMoney.Most"/>.</summary>
    TooLarge,
}
