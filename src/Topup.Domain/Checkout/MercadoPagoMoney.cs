using System.Collections.Frozen;
using Topup.Domain.Catalog;

namespace Topup.Domain.Checkout;

/// <summary>
/// Money as Mercado Pago writes it: a decimal number of major units, and in some currencies whole units only, though ISO
/// 4217 gives them decimals. Here it is a long in minor units by ISO 4217. Nothing is ever rounded.
/// Source: the currencies of Mercado Pago's payment API, and what it refuses in practice.
/// </summary>
public static class MercadoPagoMoney
{
    private static readonly FrozenSet<string> Taken =
        "ARS BOB BRL CLP COP CRC DOP GTQ HNL MXN NIO PEN PYG USD UYU VES".Split(' ').ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> WholeUnits = "CLP COP HNL NIO PYG".Split(' ').ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The currencies that an account may have, in alphabetical order. Each account has one of them.</summary>
    public static IReadOnlyList<string> Currencies { get; } = [.. Taken.Order(StringComparer.Ordinal)];

    /// <summary>Whether amounts of the currency have no decimals on the wire.</summary>
    public static bool IsWholeUnits(string currency) => WholeUnits.Contains(currency);

    /// <summary>The number for the wire, without exponent and with as many decimals as the currency has there, or why there is none.</summary>
    /// <param name="minor">Minor units by ISO 4217.</param>
    /// <param name="currency">ISO 4217 code.</param>
    /// <param name="wire">Major units.</param>
    public static MercadoPagoMoneyProblem TryToWire(long minor, string currency, out decimal wire)
    {
        wire = 0;
        if (!Taken.Contains(currency)) return MercadoPagoMoneyProblem.UnknownCurrency;
        if (minor <= 0) return MercadoPagoMoneyProblem.NotPositive;
        var exact = Amount.FromUnits(minor, Currency.Digits(currency));
        if (IsWholeUnits(currency) && exact != decimal.Truncate(exact)) return MercadoPagoMoneyProblem.NotWhole;
        wire = IsWholeUnits(currency) ? decimal.Truncate(exact) : exact;
        return MercadoPagoMoneyProblem.None;
    }

    /// <summary>Minor units by ISO 4217 of a number on the wire; null: it is negative, no whole number of them, or of no known currency.</summary>
    public static long? FromWire(decimal wire, string currency)
    {
        if (!Currency.IsKnown(currency)) return null;
        return Amount.TryToUnits(wire, Currency.Digits(currency), out var minor) is AmountProblem.None or AmountProblem.Zero ? minor : null;
    }
}

/// <summary>Why Mercado Pago cannot take an amount, in check order.</summary>
public enum MercadoPagoMoneyProblem
{
    None,

    /// <summary>No account of Mercado Pago has the currency.</summary>
    UnknownCurrency,

    /// <summary>Zero or less.</summary>
    NotPositive,

    /// <summary>The currency has whole units only, and this is a fraction of one.</summary>
    NotWhole,
}
