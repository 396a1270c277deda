using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Tenancy;
using Topup.Server.Catalog.Settings;
using Topup.Server.Http;
using Topup.Server.Ledger;
using Topup.Server.Tenancy.Portal;
using Topup.Server.Usage;

namespace Topup.Server.Web.Portal.Credits;

/// <summary>What a tenant sees of its credits: a card for each type, with what stops it, how long it lasts, and whether more can be bought.</summary>
internal sealed class CreditCards(
    LedgerReader reader, ReadForecasts forecasts, ReadUsage usage, TopUpOffers offers, OperatorSettings settings, TimeProvider clock, TimeZoneInfo zone)
{
    private const string NoReason = "";

    /// <summary>The cards alone, for a page that is open. It says nothing where nothing is new, so that nothing is read out again.</summary>
    public static void Map(IEndpointRouteBuilder app) => app.MapGet("/portal/cards", async (HttpContext context, string? seen, CreditCards cards) =>
        {
            var session = context.Features.Get<PortalSession>()!;
            var now = await cards.Run(session, context.RequestAborted);
            if (now.Problem is { } problem) return Results.StatusCode(problem.Status);
            return VersionOf(now.Value) == seen ? Results.NoContent() : (IResult)new RazorComponentResult<CardList>(new { Cards = now.Value });
        })
        .WithMetadata(new PortalPageAttribute(PortalScope.View) { IsWatch = true }).ExcludeFromDescription();

    public async Task<Outcome<IReadOnlyList<CreditCard>>> Run(PortalSession session, CancellationToken stop)
    {
        var read = await reader.Tenant(session.Tenant, Instant.Always, stop);
        if (read.Problem is { } unknown) return unknown;
        var tenant = read.Value;
        var hidden = (await settings.SavedPortal(stop)).HiddenTypes ?? [];
        var all = tenant.Catalog.Types.Values.Where(type => !hidden.Contains(type.Code, StringComparer.Ordinal)).OrderBy(type => type.Currency is not null).ThenBy(type => type.Code, StringComparer.Ordinal).Select(tenant.Of).ToList();
        var offered = await offers.Of(all, tenant.Catalog, stop);
        var known = tenant.Types.Select(type => type.Code).ToHashSet(StringComparer.Ordinal);
        var refused = await Refused(session, stop);
        var money = await settings.Money(stop);
        var cards = new List<CreditCard>();
        foreach (var (pool, offer) in all.Zip(offered).Where(pair => known.Contains(pair.First.Type.Code) || pair.Second.Offer.IsMade))
        {
            cards.Add(new CreditCard
            {
                Pool = offer.Pool, Forecast = await forecasts.Of(pool, stop), Refused = refused.GetValueOrDefault(pool.Type.Code),
                Currency = pool.Type.Currency, Money = money, IsOffered = offer.Offer.IsMade && session.MayBuy,
            });
        }
        return cards;
    }

    /// <summary>Changes whenever a card does.</summary>
    public static string VersionOf(IReadOnlyList<CreditCard> cards)
    {
        var text = new StringBuilder();
        foreach (var card in cards)
        {
            var (pool, refused) = (card.Pool, card.Refused);
            text.Append(CultureInfo.InvariantCulture, $"{pool.Type} {pool.Name} {pool.Status} {pool.Remaining} {pool.Allowance} {card.Forecast.RunsOut} ")
                .Append(CultureInfo.InvariantCulture, $"{card.Forecast.BurnRate7} {refused?.Count} {card.IsOffered} {pool.Lots.Count} ");
        }
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, 8));
    }

    /// <summary>What was refused today, by credit type, whatever for.</summary>
    private async Task<Dictionary<string, RefusedView>> Refused(PortalSession session, CancellationToken stop)
    {
        var today = UsageForm.Text(LocalTime.DayOf(Instant.From(clock.GetUtcNow()), zone));
        var read = await usage.Run(session.Caller, session.Tenant, new UsageForm.Query(today, today, null, null, null, null, null, null, null, null), stop);
        if (read.Problem is not null) return [];
        return read.Value.Totals.Where(row => row.Refused.Count > 0).ToDictionary(row => row.Type, row => new RefusedView
        {
            Reason = NoReason, Count = row.Refused.Sum(refused => refused.Count), Asked = row.Refused.Sum(refused => refused.Asked),
            FirstAt = row.Refused.Min(refused => refused.FirstAt), LastAt = row.Refused.Max(refused => refused.LastAt),
        }, StringComparer.Ordinal);
    }
}

/// <summary>All that a card shows of a credit type.</summary>
public sealed record CreditCard
{
    public required PoolView Pool { get; init; }
    public required ForecastView Forecast { get; init; }

    /// <summary>What was refused today; null: nothing was.</summary>
    public RefusedView? Refused { get; init; }

    /// <summary>The credits are money of this currency; null: they are not.</summary>
    public string? Currency { get; init; }

    /// <summary>More can be bought, by whoever looks.</summary>
    public required bool IsOffered { get; init; }

    internal MoneyOnScreen? Money { get; init; }

    internal string Text(decimal amount, Locale l) => Currency is { } currency && Money is { } money
        ? money.Text((long)(amount * Amount.UnitsIn(Domain.Catalog.Currency.Digits(currency))), currency)
        : l.Number(amount);
}
