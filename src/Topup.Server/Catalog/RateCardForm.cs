using System.Collections.Frozen;
using System.Collections.Immutable;
using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Catalog;
using Topup.Server.Http;

namespace Topup.Server.Catalog;

/// <summary>Rate cards between the wire and the rules, for the operator who makes them and for whoever pays by them.</summary>
internal static class RateCardForm
{
    /// <param name="now">When a new card begins that does not say it.</param>
    public static Outcome<RateCard> Read(string code, RateCardRequest request, CatalogSnapshot catalog, Instant now)
    {
        if ((Fields.Code("code", code)
            ?? (request.Plan is { } plan ? CatalogForm.Plans("plan", [plan], catalog) : null)
            ?? Fields.Count("rates", request.Rates.Count, RateCard.RatesMax)) is { } problem)
            return problem;

        var rates = ImmutableArray.CreateBuilder<Rate>(request.Rates.Count);
        for (var at = 0; at < request.Rates.Count; at++)
        {
            var rate = NamedRate($"rates[{at}]", request.Rates[at], catalog);
            if (rate.Problem is { } wrong) return wrong;
            rates.Add(rate.Value);
        }
        Rate? unknown = null;
        if (request.Unknown is { } terms)
        {
            var rate = PricedRate("unknown", terms, catalog);
            if (rate.Problem is { } wrong) return wrong;
            unknown = rate.Value;
        }

        if (rates.Count == 0 && unknown is null)
            return Problems.Invalid("rates", "rates must not be empty, unless unknown says what a use costs: the card would sell nothing.", 1);

        var card = new RateCard
        {
            Code = code,
            Plan = request.Plan,
            EffectiveFrom = request.EffectiveFrom is { } from ? Instant.From(from) : catalog.RateCards.GetValueOrDefault(code)?.EffectiveFrom ?? now,
            Rates = rates.MoveToImmutable(),
            Unknown = unknown,
        };
        return card.FirstClash() is { } clash
            ? Problems.Invalid($"rates[{clash.Second}]",
                $"rates[{clash.Second}] and rates[{clash.First}] could both be the price of one use of {card.Rates[clash.First].UsageType}. " +
                "Take one out, or give one of them more dimensions.")
            : card;
    }

    public static RateCardView View(RateCard card, CatalogSnapshot catalog) => new()
    {
        Code = card.Code,
        Plan = card.Plan,
        EffectiveFrom = card.EffectiveFrom.ToDateTimeOffset(),
        Rates = [.. card.Rates.Select(rate => new RateTerms
        {
            UsageType = rate.UsageType,
            Name = NullIfEmpty(rate.Name),
            Type = rate.Type,
            Price = Amount.FromUnits(rate.Price, catalog.Types[rate.Type].Decimals),
            Seconds = rate.Seconds,
            UnitCost = CostOrNull(rate.UnitCost),
            Dimensions = DimensionsOrNull(rate),
        })],
        Unknown = card.Unknown is { } unknown
            ? new UnknownRateTerms
            {
                Name = NullIfEmpty(unknown.Name),
                Type = unknown.Type,
                Price = Amount.FromUnits(unknown.Price, catalog.Types[unknown.Type].Decimals),
                Seconds = unknown.Seconds,
                UnitCost = CostOrNull(unknown.UnitCost),
            }
            : null,
    };

    /// <summary>What the operator pays is not for the eyes of a tenant.</summary>
    public static RateCardView WithoutCosts(RateCardView card) => card with
    {
        Rates = [.. card.Rates.Select(rate => rate with { UnitCost = null })],
        Unknown = card.Unknown is { } unknown ? unknown with { UnitCost = null } : null,
    };

    /// <summary>
    /// The credits of <c>?amount=</c> at the most decimals a type may have, so that one number can be asked of all types;
    /// null: not asked.
    /// </summary>
    public static Outcome<long?> AmountAsked(string? amount)
    {
        if (amount is null) return (long?)null;
        var units = Fields.Amount("amount", amount, Amount.DecimalsMax);
        return units.Problem is { } problem ? problem : (long?)units.Value;
    }

    /// <param name="card">Null: there is none in effect.</param>
    public static RatesView Rates(string? plan, RateCard? card, Func<Rate, RateEstimate> estimate) => new()
    {
        Plan = plan,
        RateCard = card?.Code,
        EffectiveFrom = card?.EffectiveFrom.ToDateTimeOffset(),
        Rates = card is null ? [] : [.. card.Rates.Select(estimate)],
        Unknown = card?.Unknown is { } unknown ? estimate(unknown) : null,
    };

    /// <param name="amount">As <see cref="AmountAsked"/> gives it.</param>
    public static RateEstimate Estimate(Rate rate, CreditType type, long? amount) => new()
    {
        UsageType = NullIfEmpty(rate.UsageType),
        Name = NullIfEmpty(rate.Name),
        Type = rate.Type,
        Price = Amount.FromUnits(rate.Price, type.Decimals),
        Seconds = rate.Seconds,
        Dimensions = DimensionsOrNull(rate),
        UsesForAmount = amount is { } credits ? rate.UsesFor(Amount.Coarsen(credits, type.Decimals)) : null,
    };

    // A list on the wire may hold null, whatever its type here says.
    private static Outcome<Rate> NamedRate(string field, RateTerms? terms, CatalogSnapshot catalog)
    {
        if (terms is null) return Problems.Invalid(field, $"{field} must not be null.");
        if ((Fields.Text($"{field}.usage_type", terms.UsageType, Rate.UsageTypeLengthMax)
            ?? Dimensions($"{field}.dimensions", terms.Dimensions)) is { } problem)
            return problem;
        var priced = PricedRate(field, new UnknownRateTerms
        {
            Name = terms.Name, Type = terms.Type, Price = terms.Price, Seconds = terms.Seconds, UnitCost = terms.UnitCost,
        }, catalog);
        return priced.Problem is { } wrong
            ? wrong
            : priced.Value with
            {
                UsageType = terms.UsageType,
                Dimensions = terms.Dimensions?.ToFrozenDictionary(StringComparer.Ordinal) ?? FrozenDictionary<string, string>.Empty,
            };
    }

    private static Outcome<Rate> PricedRate(string field, UnknownRateTerms terms, CatalogSnapshot catalog)
    {
        if ((Fields.Text($"{field}.name", terms.Name, RateCard.NameLengthMax, min: 0)
            ?? CatalogForm.Types($"{field}.type", [terms.Type], catalog)
            ?? Fields.Number($"{field}.seconds", terms.Seconds, 1, Rate.SecondsMax)) is { } problem)
            return problem;
        var price = Fields.Amount($"{field}.price", terms.Price, catalog.Types[terms.Type].Decimals, zeroAllowed: true);
        var unitCost = CatalogForm.Cost($"{field}.unit_cost", terms.UnitCost ?? 0);
        if ((price.Problem ?? unitCost.Problem) is { } wrong) return wrong;
        return new Rate
        {
            UsageType = "",
            Name = terms.Name ?? "",
            Type = terms.Type,
            Price = price.Value,
            Seconds = terms.Seconds,
            UnitCost = terms.UnitCost is null ? null : unitCost.Value,
        };
    }

    private static Problem? Dimensions(string field, IReadOnlyDictionary<string, string>? dimensions)
    {
        if (dimensions is null) return null;
        if (Fields.Count(field, dimensions.Count, Rate.DimensionsMax) is { } tooMany) return tooMany;
        foreach (var (name, value) in dimensions)
        {
            if (!Code.IsValid(name)) return Problems.Invalid(field, "The name of a dimension must be 1 to 64 of a-z 0-9 - _ .", Code.LengthMax);
            if (value is null) return Problems.Invalid($"{field}.{name}", $"{field}.{name} must not be null.");
            if (Fields.Text($"{field}.{name}", value, Rate.DimensionLengthMax) is { } badValue) return badValue;
        }
        return null;
    }

    private static decimal? CostOrNull(long? cost) => cost is { } units ? Amount.FromUnits(units, CreditType.CostDecimals) : null;

    private static SortedDictionary<string, string>? DimensionsOrNull(Rate rate) =>
        rate.Dimensions.Count == 0 ? null : new SortedDictionary<string, string>(rate.Dimensions, StringComparer.Ordinal);

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
