using System.Collections.Frozen;
using System.Collections.Immutable;
using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Catalog;
using Topup.Server.Http;

namespace Topup.Server.Catalog;

/// <summary>
/// The catalogue between the wire and the rules. Amounts change their unit here, so each needs the credit type that it
/// counts in.
/// </summary>
internal static class CatalogForm
{
    private const decimal Unlimited = -1;
    private const string AddOnTypeDefault = "addons";

    public static Outcome<CreditType> Type(string code, CreditTypeRequest request, CatalogSnapshot catalog)
    {
        if ((Fields.Code("code", code)
            ?? Fields.Text("name", request.Name, CreditType.NameLengthMax)
            ?? Fields.Text("unit", request.Unit, CreditType.UnitLengthMax)
            ?? Fields.Number("decimals", request.Decimals, 0, Amount.DecimalsMax)
            ?? Fields.Code("channel", request.Channel)
            ?? CampaignPool(code, request, catalog)
            ?? Fields.Currency("currency", request.Currency)
            ?? CurrencyDecimals(request)
            ?? Fields.Number("low_percent", request.LowPercent, CreditType.LowPercentMin, CreditType.LowPercentMax)
            ?? Fields.Number("runway_days", request.RunwayDays, 1, CreditType.DaysMax)
            ?? Fields.Number("expiring_days", request.ExpiringDays, 1, CreditType.DaysMax)) is { } problem)
            return problem;

        var debtLimit = Fields.Amount("debt_limit", request.DebtLimit ?? 0, request.Decimals, zeroAllowed: true);
        var lowAmount = Fields.Amount("low_amount", request.LowAmount ?? 0, request.Decimals, zeroAllowed: request.LowAmount is null);
        var unitCost = Cost("unit_cost", request.UnitCost ?? 0);
        if ((debtLimit.Problem ?? lowAmount.Problem ?? unitCost.Problem) is { } wrong) return wrong;

        return new CreditType
        {
            Code = code,
            Name = request.Name,
            Unit = request.Unit,
            Decimals = request.Decimals,
            Enabled = request.Enabled ?? true,
            Channel = request.Channel,
            CampaignPool = request.CampaignPool,
            NeedsActivePlan = request.NeedsActivePlan ?? false,
            Currency = request.Currency,
            DebtLimit = debtLimit.Value,
            LowPercent = request.LowPercent,
            LowAmount = request.LowAmount is null ? null : lowAmount.Value,
            UnitCost = unitCost.Value,
            RunwayDays = request.RunwayDays,
            ExpiringDays = request.ExpiringDays,
        };
    }

    public static Outcome<Plan> Plan(string code, PlanRequest request, CatalogSnapshot catalog)
    {
        if ((Fields.Code("code", code)
            ?? Fields.Text("name", request.Name, Domain.Catalog.Plan.NameLengthMax)
            ?? Types("allowances", request.Allowances.Keys, catalog)
            ?? Types("top_up", request.TopUp, catalog)
            ?? Types("rollover", request.Rollover?.Keys, catalog)) is { } problem)
            return problem;

        var allowances = new Dictionary<string, long?>(StringComparer.Ordinal);
        foreach (var (type, amount) in request.Allowances)
        {
            var limit = Allowance($"allowances.{type}", amount, catalog.Types[type]);
            if (limit.Problem is { } wrong) return wrong;
            allowances[type] = limit.Value;
        }

        var rollover = new Dictionary<string, Rollover>(StringComparer.Ordinal);
        foreach (var (type, terms) in request.Rollover ?? FrozenDictionary<string, RolloverTerms>.Empty)
        {
            var carry = Rollover($"rollover.{type}", terms, catalog.Types[type], allowances.GetValueOrDefault(type));
            if (carry.Problem is { } wrong) return wrong;
            rollover[type] = carry.Value;
        }

        return new Plan
        {
            Code = code,
            Name = request.Name,
            Allowances = allowances.ToFrozenDictionary(StringComparer.Ordinal),
            TopUp = request.TopUp?.ToFrozenSet(StringComparer.Ordinal),
            Rollover = rollover.ToFrozenDictionary(StringComparer.Ordinal),
        };
    }

    public static Outcome<Pack> Pack(string code, PackRequest request, CatalogSnapshot catalog)
    {
        if ((Fields.Code("code", code)
            ?? Types("type", [request.Type], catalog)
            ?? Fields.Text("name", request.Name, Domain.Catalog.Pack.NameLengthMax)
            ?? Fields.Lines("description", request.Description, Domain.Catalog.Pack.DescriptionLengthMax)
            ?? Fields.Currency("currency", request.Currency)
            ?? Plans("plans", request.Plans, catalog)) is { } problem)
            return problem;

        var price = Fields.Amount("price", request.Price, Currency.Digits(request.Currency));
        var credits = Fields.Amount("credits", request.Credits, catalog.Types[request.Type].Decimals);
        if ((price.Problem ?? credits.Problem) is { } wrong) return wrong;

        var pack = new Pack
        {
            Code = code,
            Type = request.Type,
            Name = request.Name,
            Description = string.IsNullOrEmpty(request.Description) ? null : request.Description,
            Price = price.Value,
            Currency = request.Currency,
            Credits = credits.Value,
            Active = request.Active ?? true,
            Plans = request.Plans?.ToFrozenSet(StringComparer.Ordinal),
        };
        return request.Custom is { } terms ? Custom(pack, terms, catalog.Types[pack.Type]) : pack;
    }

    public static Outcome<AddOn> AddOn(string code, AddOnRequest request, CatalogSnapshot catalog)
    {
        var type = request.Type ?? AddOnTypeDefault;
        if ((Fields.Text("code", code, Domain.Catalog.AddOn.CodeLengthMax)
            ?? Fields.Code("code", code)
            ?? Types("type", [type], catalog)
            ?? Fields.Text("name", request.Name, Domain.Catalog.AddOn.NameLengthMax)
            ?? Fields.Lines("description", request.Description, Domain.Catalog.AddOn.DescriptionLengthMax)
            ?? Plans("plans", request.Plans, catalog)) is { } problem)
            return problem;
        var price = Fields.Amount("price", request.Price, catalog.Types[type].Decimals);
        if (price.Problem is { } wrong) return wrong;
        return new AddOn
        {
            Code = code,
            Type = type,
            Name = request.Name,
            Description = string.IsNullOrEmpty(request.Description) ? null : request.Description,
            Price = price.Value,
            Active = request.Active ?? true,
            Plans = request.Plans?.ToFrozenSet(StringComparer.Ordinal),
        };
    }

    public static CreditTypeView View(CreditType type) => new()
    {
        Code = type.Code,
        Name = type.Name,
        Unit = type.Unit,
        Decimals = type.Decimals,
        Enabled = type.Enabled,
        Channel = type.Channel,
        CampaignPool = type.CampaignPool,
        NeedsActivePlan = type.NeedsActivePlan,
        Currency = type.Currency,
        DebtLimit = Amount.FromUnits(type.DebtLimit, type.Decimals),
        LowPercent = type.LowPercent,
        LowAmount = type.LowAmount is { } amount ? Amount.FromUnits(amount, type.Decimals) : null,
        UnitCost = type.UnitCost == 0 ? null : Amount.FromUnits(type.UnitCost, CreditType.CostDecimals),
        RunwayDays = type.RunwayDays,
        ExpiringDays = type.ExpiringDays,
    };

    public static PlanView View(Plan plan, CatalogSnapshot catalog) => new()
    {
        Code = plan.Code,
        Name = plan.Name,
        Allowances = Sorted(plan.Allowances, (type, limit) =>
            limit is { } units ? Amount.FromUnits(units, catalog.Types[type].Decimals) : Unlimited),
        TopUp = plan.TopUp?.Order(StringComparer.Ordinal).ToList(),
        Rollover = Sorted(plan.Rollover, (type, terms) => new RolloverTerms
        {
            Min = Amount.FromUnits(terms.Min, catalog.Types[type].Decimals),
            Max = Amount.FromUnits(terms.Max, catalog.Types[type].Decimals),
        }),
    };

    public static PackView View(Pack pack, CatalogSnapshot catalog) => new()
    {
        Code = pack.Code,
        Type = pack.Type,
        Name = pack.Name,
        Description = pack.Description,
        Price = Amount.FromUnits(pack.Price, Currency.Digits(pack.Currency)),
        Currency = pack.Currency,
        Credits = Amount.FromUnits(pack.Credits, catalog.Types[pack.Type].Decimals),
        Active = pack.Active,
        Plans = pack.Plans?.Order(StringComparer.Ordinal).ToList(),
        Custom = pack.Custom is { } custom ? View(custom, Currency.Digits(pack.Currency)) : null,
    };

    public static AddOnView View(AddOn addOn, CatalogSnapshot catalog) => new()
    {
        Code = addOn.Code,
        Type = addOn.Type,
        Name = addOn.Name,
        Description = addOn.Description,
        Price = Amount.FromUnits(addOn.Price, catalog.Types[addOn.Type].Decimals),
        Active = addOn.Active,
        Plans = addOn.Plans?.Order(StringComparer.Ordinal).ToList(),
    };

    /// <summary>What the operator pays is not for the eyes of a tenant.</summary>
    public static CreditTypeView WithoutCosts(CreditTypeView type) => type with { UnitCost = null };

    private static CustomAmountTerms View(CustomAmount custom, int digits) => new()
    {
        MinPrice = Amount.FromUnits(custom.MinPrice, digits),
        MaxPrice = Amount.FromUnits(custom.MaxPrice, digits),
        Bonuses = [.. custom.Bonuses.Select(bonus => new BonusTerms { FromPrice = Amount.FromUnits(bonus.FromPrice, digits), Percent = bonus.Percent })],
    };

    private static Problem? CampaignPool(string code, CreditTypeRequest request, CatalogSnapshot catalog)
    {
        if (request.CampaignPool is not { } other) return null;
        if (Types("campaign_pool", [other], catalog) is { } problem) return problem;
        if (other == code) return Problems.Invalid("campaign_pool", "campaign_pool must be another credit type.");
        return catalog.Types[other].Decimals == request.Decimals
            ? null
            : Problems.Invalid("campaign_pool", "campaign_pool must be a credit type with the same decimals.");
    }

    private static Problem? CurrencyDecimals(CreditTypeRequest request)
    {
        if (request.Currency is not { } currency) return null;
        var digits = Currency.Digits(currency);
        return request.Decimals == digits
            ? null
            : Problems.Invalid("decimals", $"decimals must be {digits}, as {currency} has.", digits);
    }

    private static Outcome<long?> Allowance(string field, decimal amount, CreditType type)
    {
        if (amount == Unlimited) return (long?)null;
        if (amount < 0) return Problems.Invalid(field, $"{field} must be 0 or more, or -1 for unlimited.", Unlimited);
        var units = Fields.Amount(field, amount, type.Decimals, zeroAllowed: true);
        return units.Problem is { } problem ? problem : (long?)units.Value;
    }

    private static Outcome<Rollover> Rollover(string field, RolloverTerms? terms, CreditType type, long? allowance)
    {
        if (terms is null) return Problems.Invalid(field, $"{field} must not be null.");
        if (allowance is null)
            return Problems.Invalid(field, $"{field} needs an allowance with an end: without one there is nothing to carry over.");
        var min = Fields.Amount($"{field}.min", terms.Min ?? 0, type.Decimals, zeroAllowed: true);
        var max = Fields.Amount($"{field}.max", terms.Max, type.Decimals, zeroAllowed: true);
        if ((min.Problem ?? max.Problem) is { } problem) return problem;
        return min.Value <= max.Value
            ? new Rollover(min.Value, max.Value)
            : Problems.Invalid($"{field}.min", $"{field}.min must be at most {field}.max.", terms.Max);
    }

    /// <summary>The pack with its bounds and bonuses, every price between which can be bought.</summary>
    private static Outcome<Pack> Custom(Pack pack, CustomAmountTerms terms, CreditType type)
    {
        var digits = Currency.Digits(pack.Currency);
        var min = Fields.Amount("custom.min_price", terms.MinPrice, digits);
        var max = Fields.Amount("custom.max_price", terms.MaxPrice, digits);
        if ((min.Problem ?? max.Problem) is { } problem) return problem;
        if (min.Value > max.Value) return Problems.Invalid("custom.min_price", "custom.min_price must be at most custom.max_price.", terms.MaxPrice);
        var bonuses = Bonuses(terms, min.Value, max.Value, digits);
        if (bonuses.Problem is { } wrong) return wrong;

        var custom = pack with { Custom = new CustomAmount(min.Value, max.Value, bonuses.Value) };
        if (custom.CreditsFor(min.Value, out _) == CustomAmountProblem.TooFewCredits)
        {
            var least = Amount.FromUnits(1, type.Decimals);
            return Problems.Invalid("custom.min_price", $"custom.min_price must buy at least {least} of {type.Code}, bonus included.", least);
        }
        if (custom.CreditsFor(max.Value, out _) != CustomAmountProblem.None)
        {
            var most = Amount.FromUnits(Amount.Max, type.Decimals);
            return Problems.Invalid("custom.max_price", $"custom.max_price must buy at most {most} of {type.Code}, bonus included.", most);
        }
        return custom;
    }

    private static Outcome<ImmutableArray<Bonus>> Bonuses(CustomAmountTerms terms, long min, long max, int digits)
    {
        const string field = "custom.bonuses";
        if (terms.Bonuses is not { } asked) return ImmutableArray<Bonus>.Empty;
        if (asked.Count > CustomAmount.BonusesMax)
            return Problems.Invalid(field, $"{field} must be at most {CustomAmount.BonusesMax}.", CustomAmount.BonusesMax);
        var bonuses = ImmutableArray.CreateBuilder<Bonus>(asked.Count);
        for (var at = 0; at < asked.Count; at++)
        {
            var bonus = Bonus($"{field}[{at}]", asked[at], bonuses, min, max, digits);
            if (bonus.Problem is { } problem) return problem;
            bonuses.Add(bonus.Value);
        }
        return bonuses.ToImmutable();
    }

    private static Outcome<Bonus> Bonus(string field, BonusTerms? terms, ImmutableArray<Bonus>.Builder before, long min, long max, int digits)
    {
        // A list on the wire may hold null, whatever its type here says.
        if (terms is null) return Problems.Invalid(field, $"{field} must not be null.");
        var from = Fields.Amount($"{field}.from_price", terms.FromPrice, digits);
        if ((from.Problem ?? Fields.Number($"{field}.percent", terms.Percent, Domain.Catalog.Bonus.PercentMin, Domain.Catalog.Bonus.PercentMax)) is { } problem)
            return problem;
        if (from.Value < min)
            return Problems.Invalid($"{field}.from_price", $"{field}.from_price must be at least custom.min_price.", Amount.FromUnits(min, digits));
        if (from.Value > max)
            return Problems.Invalid($"{field}.from_price", $"{field}.from_price must be at most custom.max_price.", Amount.FromUnits(max, digits));
        if (before is [.., var last])
        {
            if (from.Value <= last.FromPrice)
                return Problems.Invalid($"{field}.from_price", $"{field}.from_price must be more than that of the bonus before it.",
                    Amount.FromUnits(last.FromPrice, digits));
            if (terms.Percent <= last.Percent)
                return Problems.Invalid($"{field}.percent", $"{field}.percent must be more than that of the bonus before it.", last.Percent);
        }
        return new Bonus(from.Value, terms.Percent);
    }

    /// <summary>Own cost of one credit or one use, in millionths of the operator's currency.</summary>
    internal static Outcome<long> Cost(string field, decimal cost)
    {
        var units = Fields.Amount(field, cost, CreditType.CostDecimals, zeroAllowed: true);
        if (units.Problem is not null || units.Value <= CreditType.CostMax) return units;
        var most = CreditType.CostMax / 1_000_000;
        return Problems.Invalid(field, $"{field} must be at most {most}.", most);
    }

    internal static Problem? Types(string field, IEnumerable<string?>? codes, CatalogSnapshot catalog) =>
        Known(field, codes, catalog.Types.ContainsKey, CatalogProblems.TypeUnknown);

    internal static Problem? Plans(string field, IEnumerable<string?>? codes, CatalogSnapshot catalog) =>
        Known(field, codes, catalog.Plans.ContainsKey, CatalogProblems.PlanUnknown);

    // A list on the wire may hold null, whatever its type here says.
    private static Problem? Known(
        string field, IEnumerable<string?>? codes, Func<string, bool> isKnown, Func<string, string, Problem> unknown)
    {
        foreach (var code in codes ?? [])
        {
            if (Fields.Code(field, code ?? "") is { } problem) return problem;
            if (!isKnown(code!)) return unknown(field, code!);
        }
        return null;
    }

    private static SortedDictionary<string, TOut> Sorted<TIn, TOut>(
        FrozenDictionary<string, TIn> values, Func<string, TIn, TOut> map)
    {
        var sorted = new SortedDictionary<string, TOut>(StringComparer.Ordinal);
        foreach (var (key, value) in values) sorted[key] = map(key, value);
        return sorted;
    }
}
