using System.Text.Json;
using Topup.Contracts;
using Topup.Domain.Catalog;
using Topup.Domain.Tenancy;
using Topup.Server.Http;
using Topup.Server.Tenancy;

namespace Topup.Server.Catalog;

/// <summary>Deletes a rate card that has not begun.</summary>
internal sealed class DeleteRateCard(CatalogChanges changes)
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapDelete("/v1/rate-cards/{code}", Handle)
        .WithName("DeleteRateCard")
        .WithSummary("Delete a rate card that has not begun.")
        .Produces(StatusCodes.Status204NoContent)
        .MayRefuse(400, 401, 403, 404, 409)
        .RequireScope(Scope.Catalog);

    private static async Task<IResult> Handle(string code, HttpContext context, DeleteRateCard verb)
    {
        var author = Author.Of(context);
        if (author.Problem is { } unsaid) return unsaid.AsResult();
        return Reply.Of(await verb.Run(code, author.Value, context.RequestAborted));
    }

    public Task<Problem?> Run(string code, Author author, CancellationToken stop) =>
        changes.Make<Problem?>(author, async change =>
        {
            if (!change.Catalog.RateCards.TryGetValue(code, out var current)) return CatalogProblems.NoRateCard();
            var refusal = CatalogRules.DeleteRateCard(current, change.Now);
            if (refusal != CatalogRefusal.None) return CatalogProblems.Of(refusal, code);

            var before = JsonSerializer.Serialize(RateCardForm.View(current, change.Catalog), Json.Wire.RateCardView);
            await change.Save("rate_card", code, before, null,
                () => CatalogStore.DeleteRateCard(change.Connection, change.Transaction, code));
            return null;
        }, stop);
}
