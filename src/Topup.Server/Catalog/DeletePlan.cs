using System.Text.Json;
using Topup.Contracts;
using Topup.Domain.Catalog;
using Topup.Domain.Tenancy;
using Topup.Server.Http;
using Topup.Server.Tenancy;

namespace Topup.Server.Catalog;

/// <summary>Deletes a plan that nobody is on.</summary>
internal sealed class DeletePlan(CatalogChanges changes)
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapDelete("/v1/plans/{code}", Handle)
        .WithName("DeletePlan")
        .WithSummary("Delete a plan that nobody is on.")
        .Produces(StatusCodes.Status204NoContent)
        .MayRefuse(400, 401, 403, 404, 409)
        .RequireScope(Scope.Catalog);

    private static async Task<IResult> Handle(string code, HttpContext context, DeletePlan verb)
    {
        var author = Author.Of(context);
        if (author.Problem is { } unsaid) return unsaid.AsResult();
        return Reply.Of(await verb.Run(code, author.Value, context.RequestAborted));
    }

    public Task<Problem?> Run(string code, Author author, CancellationToken stop) =>
        changes.Make<Problem?>(author, async change =>
        {
            if (!change.Catalog.Plans.TryGetValue(code, out var current)) return CatalogProblems.NoPlan();
            var hasTenants = await CatalogStore.HasTenants(change.Connection, change.Transaction, change.Dialect, code);
            var refusal = CatalogRules.DeletePlan(change.Catalog, code, hasTenants);
            if (refusal != CatalogRefusal.None) return CatalogProblems.Of(refusal, code);

            var before = JsonSerializer.Serialize(CatalogForm.View(current, change.Catalog), Json.Wire.PlanView);
            await change.Save("plan", code, before, null,
                () => CatalogStore.DeletePlan(change.Connection, change.Transaction, code));
            return null;
        }, stop);
}
