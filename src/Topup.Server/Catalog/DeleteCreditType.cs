using System.Text.Json;
using Topup.Contracts;
using Topup.Domain.Catalog;
using Topup.Domain.Tenancy;
using Topup.Server.Http;
using Topup.Server.Tenancy;

namespace Topup.Server.Catalog;

/// <summary>Deletes a credit type that nothing counts in.</summary>
internal sealed class DeleteCreditType(CatalogChanges changes)
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapDelete("/v1/credit-types/{code}", Handle)
        .WithName("DeleteCreditType")
        .WithSummary("Delete a credit type that nothing counts in.")
        .Produces(StatusCodes.Status204NoContent)
        .MayRefuse(400, 401, 403, 404, 409)
        .RequireScope(Scope.Catalog);

    private static async Task<IResult> Handle(string code, HttpContext context, DeleteCreditType verb)
    {
        var author = Author.Of(context);
        if (author.Problem is { } unsaid) return unsaid.AsResult();
        return Reply.Of(await verb.Run(code, author.Value, context.RequestAborted));
    }

    public Task<Problem?> Run(string code, Author author, CancellationToken stop) =>
        changes.Make<Problem?>(author, async change =>
        {
            if (!change.Catalog.Types.TryGetValue(code, out var current)) return CatalogProblems.NoType();
            var hasPools = await CatalogStore.HasPools(change.Connection, change.Transaction, code);
            var refusal = CatalogRules.DeleteType(change.Catalog, code, hasPools);
            if (refusal != CatalogRefusal.None) return CatalogProblems.Of(refusal, code);

            var before = JsonSerializer.Serialize(CatalogForm.View(current), Json.Wire.CreditTypeView);
            await change.Save("credit_type", code, before, null,
                () => CatalogStore.DeleteType(change.Connection, change.Transaction, code));
            return null;
        }, stop);
}
