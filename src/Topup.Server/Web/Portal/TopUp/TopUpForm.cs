using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Catalog;
using Topup.Domain.Checkout;
using Topup.Domain.Tenancy;
using Topup.Server.Catalog;
using Topup.Server.Catalog.Settings;
using Topup.Server.Checkout;
using Topup.Server.Checkout.Methods;
using Topup.Server.Checkout.Providers;
using Topup.Server.Http;
using Topup.Server.Ledger;
using Topup.Server.Tenancy.Portal;
using Topup.Server.Usage;

namespace Topup.Server.Web.Portal.TopUp;

/// <summary>
/// What a buyer chooses from, what it costs, and the order. The form says which sum its button named; another one is shown
/// first and never charged at once.
/// </summary>
internal sealed class TopUpForm(
    LedgerReader reader, ReadForecasts forecasts, PaymentMethods methods, IEnumerable<IPaymentProvider> providers, SettlePurchase settle, TopUpOffers offers,
    MakeOffer prices, StartPurchase purchases, CatalogCache catalogs, OperatorSettings settings, PublicAddress address)
{
    /// <summary>Stands in place of a pack for money by the amount. No pack has such a code.</summary>
    public const string ByAmount = "*";

    /// <summary>The button alone, for a form in which something else was chosen.</summary>
    public static void Map(IEndpointRouteBuilder app) => app.MapGet("/portal/top-up/{type}/sum",
            async (HttpContext context, string type, string? pack, string? amount, TopUpForm form) =>
            {
                var l = Locale.Of(context);
                var sum = await form.SumOf(context.Features.Get<PortalSession>()!.Tenant, type, pack ?? "", amount ?? "", l, context.RequestAborted);
                return new RazorComponentResult<SumButton>(sum.Problem is { } problem
                    ? new { Wrong = l.Words(problem.Detail), Sum = "", Words = "" }
                    : new { Wrong = "", Sum = sum.Value.Name, sum.Value.Words });
            })
        .WithMetadata(new PortalPageAttribute(PortalScope.Buy)).ExcludeFromDescription();

    /// <summary>What there is to choose; a problem: no such type. Nothing is offered where <see cref="TopUpChoices.IsOffered"/> says so.</summary>
    public async Task<Outcome<TopUpChoices>> Read(string tenant, string code, CancellationToken stop)
    {
        var read = await reader.Tenant(tenant, Instant.Always, stop);
        if (read.Problem is { } unknown) return unknown;
        if (!read.Value.Catalog.Types.TryGetValue(code, out var type)) return Problems.Of(404, ProblemCodes.TypeUnknown, "There is no credit type of this code.");
        var pool = read.Value.Of(type);
        var packs = read.Value.Catalog.Packs.Values.Where(pack => pack.Type == code && pack.IsSoldTo(pool.Plan))
            .OrderBy(pack => pack.Custom is not null).ThenBy(pack => pack.Price).ThenBy(pack => pack.Code, StringComparer.Ordinal).ToList();
        var money = type.Currency is null ? packs.Select(pack => settle.MoneyType(pack.Currency)).FirstOrDefault(found => found is not null) : null;
        var balance = money is null ? null : read.Value.Of(money);
        var ways = (await methods.Offered(stop)).Where(method => method != PaymentMethod.Balance || balance is not null).ToList();
        // Nobody pays from a balance that is empty, where there is another way.
        if (ways.Count > 1 && balance is { Pool.Balance.Available: <= 0 }) ways.Remove(PaymentMethod.Balance);
        var isHidden = (await settings.SavedPortal(stop)).HiddenTypes?.Contains(code, StringComparer.Ordinal) == true;
        return new TopUpChoices
        {
            Type = type, Pool = pool, Packs = packs, Methods = ways, IsOffered = !isHidden && (await offers.Of([pool], read.Value.Catalog, stop))[0].Offer.IsMade,
            Forecast = await forecasts.Of(pool, stop), Money = await settings.Money(stop), Balance = balance,
            SavesCards = providers.OfType<ICardCharger>().Any(charger => ways.Contains(charger.Method)),
        };
    }

    /// <summary>What the choice costs now.</summary>
    public async Task<Outcome<TopUpSum>> SumOf(string tenant, string type, string pack, string amount, Locale l, CancellationToken stop)
    {
        var wanted = Order(tenant, type, pack, amount, l);
        if (wanted.Problem is { } wrong) return wrong;
        var offer = await prices.Run(wanted.Value, stop);
        if (offer.Problem is { } notSold) return notSold;
        // A pack of another type would be another page's.
        if (offer.Value.Type.Code != type) return Problems.Of(404, ProblemCodes.PackUnknown, "There is no pack of this code.", "pack");
        var (price, currency) = (offer.Value.Price, offer.Value.Currency);
        return new TopUpSum(string.Create(CultureInfo.InvariantCulture, $"{price} {currency}"), (await settings.Money(stop)).Text(price, currency));
    }

    /// <param name="key">That of the form. What is chosen goes into it, so that another choice is another order.</param>
    public async Task<Outcome<PurchaseView>> Buy(PortalSession session, string type, string pack, string amount, string method, bool savesCard, string key, Locale l, CancellationToken stop)
    {
        var wanted = Order(session.Tenant, type, pack, amount, l);
        if (wanted.Problem is { } wrong) return wrong;
        var order = wanted.Value with
        {
            Method = method.Length > 0 ? method : null, SavesCard = savesCard, Actor = session.Caller.KeyId, ReturnUrl = ReturnUrlOf(session),
            Key = string.Create(CultureInfo.InvariantCulture, $"portal:{key}:{wanted.Value.Pack}:{wanted.Value.Amount}:{method}:{savesCard}"),
        };
        if (!IdempotencyKey.IsValid(order.Key)) return Problems.Invalid("method", "There is no such way to pay.");
        return await purchases.Run(order, stop);
    }

    private Outcome<OrderRequest> Order(string tenant, string type, string pack, string amount, Locale l)
    {
        var order = new OrderRequest { Tenant = tenant, Key = "", Actor = "" };
        if (pack.Length == 0) return Problems.Invalid("pack", l.Words("Choose what to buy."));
        var isByAmount = pack == ByAmount;
        if (!isByAmount && catalogs.Current.Packs.GetValueOrDefault(pack)?.Custom is null) return order with { Pack = pack };
        var typed = TypedNumber.Of("amount", amount, l);
        if (typed.Problem is { } wrong) return wrong;
        return isByAmount ? order with { Type = type, Amount = typed.Value } : order with { Pack = pack, Amount = typed.Value };
    }

    /// <summary>Where the buyer goes on to from the provider: to the platform if it has said so, else to where the portal is.</summary>
    public string ReturnUrlOf(PortalSession session) =>
        session.ReturnUrl.Length > 0 ? session.ReturnUrl
        : session.EmbedOrigin.Length > 0 ? session.EmbedOrigin + "/"
        : address.Of("/portal");
}

/// <summary>All that the page of a credit type shows.</summary>
internal sealed record TopUpChoices
{
    public required CreditType Type { get; init; }
    public required PoolNow Pool { get; init; }

    /// <summary>Those with a fixed price first, the cheapest first.</summary>
    public required IReadOnlyList<Pack> Packs { get; init; }

    /// <summary>The operator's default first.</summary>
    public required IReadOnlyList<string> Methods { get; init; }
    public required bool IsOffered { get; init; }
    public required ForecastView Forecast { get; init; }
    public required MoneyOnScreen Money { get; init; }

    /// <summary>The money that the tenant has here; null: there is none of the packs' currency.</summary>
    public PoolNow? Balance { get; init; }

    /// <summary>A card can be saved with one of the methods.</summary>
    public required bool SavesCards { get; init; }
}

/// <param name="Name">For the form, to know whether it is still the same.</param>
internal sealed record TopUpSum(string Name, string Words);
