using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Catalog;
using Topup.Server.Catalog;
using Topup.Server.Http;
using Topup.Server.Ledger;

namespace Topup.Server.Checkout;

/// <summary>What a tenant would buy, and for how much, as the catalogue stands now.</summary>
internal sealed class MakeOffer(LedgerDesk desk, LedgerReader reader, CatalogCache catalogs)
{
    public async Task<Outcome<Offer>> Run(OrderRequest asked, CancellationToken stop)
    {
        await catalogs.Refresh(stop);
        if (asked.Pack is { } code) return await OfPack(asked, code, stop);
        if (asked.Type is not { } type || asked.Amount is null)
            return Problems.Of(400, ProblemCodes.MissingField, "Give pack, or type and amount.", "pack");
        if (asked.Price is not null) return Problems.Invalid("price", "price goes with a pack; with a type, give amount.");
        var typed = await desk.TypeOf(type);
        if (typed.Problem is { } unknown) return unknown;
        return typed.Value.Currency is { } currency
            ? await OfMoney(asked.Tenant, asked.Amount.Value, typed.Value, currency, stop)
            : await OfAmount(asked.Tenant, asked.Amount.Value, typed.Value, stop);
    }

    private async Task<Outcome<Offer>> OfPack(OrderRequest asked, string code, CancellationToken stop)
    {
        if (Fields.Code("pack", code) is { } invalid) return invalid;
        if (!catalogs.Current.Packs.TryGetValue(code, out var pack))
            return Problems.Of(404, ProblemCodes.PackUnknown, "There is no pack of this code.", "pack");
        if (asked.Type is not null && asked.Type != pack.Type) return Problems.Invalid("type", $"The pack is of type {pack.Type}.");
        var type = catalogs.Current.Types[pack.Type];
        if (await Sold(asked.Tenant, pack, type, stop) is { } problem) return problem;
        if (pack.Custom is null)
        {
            if (asked.Amount is not null || asked.Price is not null)
                return Problems.Invalid(asked.Amount is null ? "price" : "amount", "The pack is sold as it is; leave amount and price out.");
            return new Offer(pack.Code, pack.Name, type, pack.Credits, pack.Price, pack.Currency);
        }
        if (asked.Amount is null == asked.Price is null)
            return Problems.Invalid("amount", "The buyer chooses the amount of this pack: give amount or price, not both.");
        return asked.Price is { } price ? ForPrice(pack, type, price) : ForCredits(pack, type, asked.Amount!.Value);
    }

    /// <summary>Of the packs that let the buyer choose, the one that sells so many credits for least.</summary>
    private async Task<Outcome<Offer>> OfAmount(string tenant, decimal amount, CreditType type, CancellationToken stop)
    {
        Outcome<Offer>? best = null;
        foreach (var pack in catalogs.Current.Packs.Values.Where(pack => pack.Type == type.Code && pack.Custom is not null)
            .OrderBy(pack => pack.Code, StringComparer.Ordinal))
        {
            if (await Sold(tenant, pack, type, stop) is { } problem)
            {
                if (problem.Code != ProblemCodes.PackNotForSale) return problem;
                continue;
            }
            var offer = ForCredits(pack, type, amount);
            if (best is null || best.Value.Problem is not null || (offer.Problem is null && IsCheaper(offer.Value, best.Value.Value))) best = offer;
        }
        return best ?? Problems.Of(409, ProblemCodes.PackNotForSale, "No pack of this credit type lets the buyer choose the amount; choose a pack.", "type");
    }

    private async Task<Outcome<Offer>> OfMoney(string tenant, decimal amount, CreditType type, string currency, CancellationToken stop)
    {
        var units = LedgerDesk.Units(amount, type);
        if (units.Problem is { } wrong) return wrong;
        var pool = await reader.Pool(tenant, type, stop);
        if (pool.Problem is { } unknown) return unknown;
        if (!type.Enabled) return Problems.Of(409, ProblemCodes.TypeDisabled, "The credit type is disabled.", "type");
        if (!pool.Value.MayTopUp) return Problems.Of(409, ProblemCodes.PackNotForSale, "The tenant's plan may not buy credits of this type.", "type");
        return new Offer("", $"{type.Name}: {Amount.FromUnits(units.Value, type.Decimals)} {currency}", type, units.Value, units.Value, currency);
    }

    private async Task<Problem?> Sold(string tenant, Pack pack, CreditType type, CancellationToken stop)
    {
        var bought = await reader.Pool(tenant, type, stop);
        if (bought.Problem is { } unknown) return unknown;
        if (pack.IsSoldTo(bought.Value.Plan) && bought.Value.MayTopUp) return null;
        return Problems.Of(409, ProblemCodes.PackNotForSale, pack.Active ? "The tenant's plan may not buy this pack." : "The pack is not active.", "pack");
    }

    private static Outcome<Offer> ForPrice(Pack pack, CreditType type, decimal asked)
    {
        var price = Fields.Amount("price", asked, Currency.Digits(pack.Currency));
        if (price.Problem is { } wrong) return wrong;
        var refusal = pack.CreditsFor(price.Value, out var credits);
        return refusal == CustomAmountProblem.None ? Chosen(pack, type, credits, price.Value) : Refused(refusal, "price", pack);
    }

    private static Outcome<Offer> ForCredits(Pack pack, CreditType type, decimal asked)
    {
        var wanted = LedgerDesk.Units(asked, type);
        if (wanted.Problem is { } wrong) return wrong;
        var refusal = pack.PriceFor(wanted.Value, out var price);
        if (refusal != CustomAmountProblem.None) return Refused(refusal, "amount", pack);
        // The smallest price may buy a little more than was asked for: the buyer gets what it buys.
        refusal = pack.CreditsFor(price, out var credits);
        return refusal == CustomAmountProblem.None ? Chosen(pack, type, credits, price) : Refused(refusal, "amount", pack);
    }

    private static Offer Chosen(Pack pack, CreditType type, long credits, long price) =>
        new(pack.Code, $"{pack.Name}: {LedgerViews.Decimal(credits, type)} {type.Unit}", type, credits, price, pack.Currency);

    private static Outcome<Offer> Refused(CustomAmountProblem problem, string field, Pack pack)
    {
        var (min, max) = (pack.Custom!.MinPrice, pack.Custom.MaxPrice);
        var digits = Currency.Digits(pack.Currency);
        return problem switch
        {
            CustomAmountProblem.BelowMinimum => Problems.Invalid(field,
                $"{field} is less than the pack sells: at least {Amount.FromUnits(min, digits)} {pack.Currency}.", Amount.FromUnits(min, digits)),
            CustomAmountProblem.AboveMaximum or CustomAmountProblem.TooManyCredits => Problems.Invalid(field,
                $"{field} is more than the pack sells: at most {Amount.FromUnits(max, digits)} {pack.Currency}.", Amount.FromUnits(max, digits)),
            CustomAmountProblem.TooFewCredits => Problems.Invalid(field, $"{field} buys less than one credit."),
            CustomAmountProblem.None => throw new ArgumentOutOfRangeException(nameof(problem)),
        };
    }

    private static bool IsCheaper(Offer offer, Offer than) => offer.Currency == than.Currency && offer.Price < than.Price;
}

/// <param name="Pack">Its code; empty: money for the balance.</param>
internal sealed record Offer(string Pack, string Title, CreditType Type, long Credits, long Price, string Currency);
