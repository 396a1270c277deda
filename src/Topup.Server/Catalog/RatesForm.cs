using Topup.Contracts;
using Topup.Domain.Catalog;
using Topup.Server.Http;

namespace Topup.Server.Catalog;

/// <summary>Rates on the wire as whoever pays them sees them, with how many uses there are for an amount of credits.</summary>
internal static class RatesForm
{
    /// <summary>
    /// The credits of <c>?amount=</c> at the most decimals a type may have, so that one number can be asked of all types;
    /// null: not asked.
    /// </summary>
    public static Outcome<long?> Amount(string? amount)
    {
        if (amount is null) return (long?)null;
        var units = Fields.Amount("amount", amount, Domain.Amount.DecimalsMax);
        return units.Problem is { } problem ? problem : (long?)units.Value;
    }

    /// <param name="card">Null: there is none in effect.</param>
    public static RatesView View(string? plan, RateCard? card, Func<Rate, RateEstimate> estimate) => new()
    {
        Plan = plan,
        RateCard = card?.Code,
        EffectiveFrom = card?.EffectiveFrom.ToDateTimeOffset(),
        Rates = card is null ? [] : [.. card.Rates.Select(estimate)],
        Unknown = card?.Unknown is { } unknown ? estimate(unknown) : null,
    };

    /// <param name="amount">As <see cref="Amount"/> gives it.</param>
    public static RateEstimate Estimate(Rate rate, CreditType type, long? amount) => new()
    {
        UsageType = NullIfEmpty(rate.UsageType),
        Name = NullIfEmpty(rate.Name),
        Type = rate.Type,
        Price = Domain.Amount.FromUnits(rate.Price, type.Decimals),
        Seconds = rate.Seconds,
        Dimensions = CatalogForm.DimensionsOrNull(rate),
        UsesForAmount = amount is { } credits ? rate.UsesFor(Domain.Amount.Coarsen(credits, type.Decimals)) : null,
    };

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
