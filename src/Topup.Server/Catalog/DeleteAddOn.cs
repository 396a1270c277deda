using System.Text.Json;
using Topup.Contracts;
using Topup.Domain.Catalog;
using Topup.Domain.Tenancy;
using Topup.Server.Http;
using Topup.Server.Tenancy;

namespace Topup.Server.Catalog;

/// <summary>Deletes an add-on that no tenant has, be it waiting or suspended.</summary>
internal sealed class DeleteAddOn(CatalogChanges changes)
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapDelete("/v1/addons/{code}", Handle)
        .WithName("DeleteAddOn")
        .WithSummary("Delete an add-on that no tenant has.")
        .Produces(StatusCodes.Status204NoContent)
        .MayRefuse(400, 401, 403, 404, 409)
        .RequireScope(Scope.Catalog);

    private static async Task<IResult> Handle(string code, HttpContext context, DeleteAddOn verb)
    {
        var author = Author.Of(context);
        if (author.Problem is { } unsaid) return unsaid.AsResult();
        return Reply.Of(await verb.Run(code, author.Value, context.RequestAborted));
    }

    public Task<Problem?> Run(string code, Author author, CancellationToken stop) =>
        changes.Make<Problem?>(author, async change =>
        {
            if (!change.Catalog.AddOns.TryGetValue(code, out var current)) return CatalogProblems.NoAddOn();
            var hasTenants = await CatalogStore.HasAddOn(change.Connection, change.Transaction, code);
            var refusal = CatalogRules.DeleteAddOn(hasTenants);
            if (refusal != CatalogRefusal.None) return CatalogProblems.Of(refusal, code);

            var before = JsonSerializer.Serialize(CatalogForm.View(current, change.Catalog), Json.Wire.AddOnView);
            await change.Save("addon", code, before, null,
                () => CatalogStore.DeleteAddOn(change.Connection, change.Transaction, code));
            return null;
        }, stop);
}
