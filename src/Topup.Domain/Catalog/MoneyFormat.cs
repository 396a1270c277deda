using System.Globalization;
using System.Text;

namespace Topup.Domain.Catalog;

/// <summary>Money as people read it.</summary>
public static class MoneyFormat
{
    private const int GroupLength = 3;
    private const char NoBreakSpace = '\u00a0';

    /// <summary>The amount with the digits of its currency, such as <c>$1,234.50</c>, <c>1.234,50 €</c> or <c>¥1,235</c>.</summary>
    /// <param name="units">Minor units by ISO 4217. Below zero, a minus stands before everything.</param>
    /// <param name="currency">A known code.</param>
    /// <param name="style">Null: <see cref="MoneyStyle.Of"/>.</param>
    public static string Text(long units, string currency, MoneyStyle? style = null)
    {
        var how = style ?? MoneyStyle.Of(currency);
        var text = new StringBuilder(units < 0 ? "-" : "");
        if (how.Place == SymbolPlace.Before) text.Append(how.Symbol).Append(how.HasSpace ? NoBreakSpace.ToString() : "");
        Magnitude(text, units, Currency.Digits(currency), how);
        if (how.Place == SymbolPlace.After) text.Append(how.HasSpace ? NoBreakSpace.ToString() : "").Append(how.Symbol);
        return text.ToString();
    }

    /// <summary>A number that is no money, with the separators of a currency, such as <c>1,234.50</c>.</summary>
    /// <param name="units">Smallest units.</param>
    /// <param name="digits">After the decimal separator.</param>
    public static string Number(long units, int digits, MoneyStyle style)
    {
        var text = new StringBuilder(units < 0 ? "-" : "");
        Magnitude(text, units, digits, style);
        return text.ToString();
    }

    private static void Magnitude(StringBuilder text, long units, int digits, MoneyStyle how)
    {
        // The smallest long has no positive counterpart of its own kind.
        var magnitude = ((Int128)units < 0 ? -(Int128)units : units).ToString(CultureInfo.InvariantCulture).PadLeft(digits + 1, '0');
        Group(text, magnitude.AsSpan(0, magnitude.Length - digits), how.ThousandsSeparator);
        if (digits > 0) text.Append(how.DecimalSeparator).Append(magnitude.AsSpan(magnitude.Length - digits));
    }

    private static void Group(StringBuilder text, ReadOnlySpan<char> whole, string separator)
    {
        for (var at = 0; at < whole.Length; at++)
        {
            if (at > 0 && (whole.Length - at) % GroupLength == 0) text.Append(separator);
            text.Append(whole[at]);
        }
    }
}
