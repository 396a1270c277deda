using Topup.Domain;
using Topup.Domain.Catalog;
using Topup.Server.Catalog.Settings;

namespace Topup.Server.Web;

/// <summary>Money of the wire as pages show it.</summary>
internal static class MoneyWords
{
    /// <summary>In the operator's own writing of the currency.</summary>
    public static string Text(this MoneyOnScreen money, decimal amount, string currency) =>
        Amount.TryToUnits(amount, Currency.Digits(currency), out var units) is AmountProblem.None or AmountProblem.Zero ? money.Text(units, currency) : $"{amount} {currency}";
}
