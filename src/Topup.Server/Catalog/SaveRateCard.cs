using System.Text.Json;
using Topup.Contracts;
using Topup.Domain.Catalog;
using Topup.Domain.Tenancy;
using Topup.Server.Http;
using Topup.Server.Tenancy;

namespace Topup.Server.Catalog;

/// <summary>Defines what uses cost on a plan from a date on, or changes a card that has not begun.</summary>
internal sealed class SaveRateCard(CatalogChanges changes)
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPut("/v1/rate-cards/{code}", Handle)
        .WithName("SaveRateCard")
        .WithSummary("Define what uses cost on a plan from a date on. A card that has begun can never be changed.")
        .Accepts<RateCardRequest>("application/json")
        .Produces<RateCardView>().Produces<RateCardView>(StatusCodes.Status201Created)
        .MayRefuse(400, 401, 403, 409, 413, 415)
        .RequireScope(Scope.Catalog);

    private static Task<IResult> Handle(string code, HttpContext context, SaveRateCard verb) =>
        CatalogPut.Handle(context, Json.Wire.RateCardRequest, Json.Wire.RateCardView, (asked, author, stop) => verb.Run(code, asked, author, stop));

    public Task<Outcome<Saved<RateCardView>>> Run(string code, RateCardRequest request, Author author, CancellationToken stop) =>
        changes.Make<Outcome<Saved<RateCardView>>>(author, async change =>
        {
            var wanted = RateCardForm.Read(code, request, change.Catalog, change.Now);
            if (wanted.Problem is { } problem) return problem;
            var refusal = CatalogRules.Save(change.Catalog, wanted.Value, change.Now);
            if (refusal != CatalogRefusal.None) return CatalogProblems.Of(refusal, code);

            var current = change.Catalog.RateCards.GetValueOrDefault(code);
            var before = current is null ? null : RateCardForm.View(current, change.Catalog);
            var after = RateCardForm.View(wanted.Value, change.Catalog);
            await change.Save("rate_card", code, JsonOf(before), JsonOf(after),
                () => CatalogStore.Save(change.Connection, change.Transaction, wanted.Value));
            return new Saved<RateCardView>(after, IsNew: before is null);
        }, stop);

    private static string? JsonOf(RateCardView? view) =>
        view is null ? null : JsonSerializer.Serialize(view, Json.Wire.RateCardView);
}
