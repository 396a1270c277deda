namespace Topup.Domain.Checkout;

/// <summary>
/// The tax that a price already includes. A tax of rate percent is taken on the price without it (Council Directive
/// 2006/112/EC, articles 73 and 78), so its share of a price that includes it is rate / (100 + rate). Rounded to the minor
/// unit, half away from zero; how to round is left to each country (Court of Justice of the European Union, C-484/06).
/// </summary>
public static class Tax
{
    /// <summary>Ten-thousandths of a percent: a rate has at most four decimals.</summary>
    public const int RateDecimals = 4;

    /// <summary>100 percent.</summary>
    public const long RateMax = 1_000_000;

    /// <param name="gross">Minor units, the tax included.</param>
    /// <param name="rate">Ten-thousandths of a percent, 0 to <see cref="RateMax"/>: 18 % is 180,000.</param>
    public static TaxedPrice Included(long gross, long rate)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rate);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rate, RateMax);
        var whole = RateMax + (Int128)rate;
        var doubled = gross * (Int128)rate * 2;
        var tax = (long)((doubled + (gross < 0 ? -whole : whole)) / (whole * 2));
        return new TaxedPrice(gross - tax, tax, gross);
    }
}

/// <summary>A price in minor units: net and tax are always the gross price.</summary>
public readonly record struct TaxedPrice(long Net, long Tax, long Gross);
