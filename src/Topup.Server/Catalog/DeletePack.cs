using System.Text.Json;
using Topup.Contracts;
using Topup.Domain.Tenancy;
using Topup.Server.Http;
using Topup.Server.Tenancy;

namespace Topup.Server.Catalog;

/// <summary>Takes a pack out of the shop for ever. Credits that were bought with it stay.</summary>
internal sealed class DeletePack(CatalogChanges changes)
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapDelete("/v1/packs/{code}", Handle)
        .WithName("DeletePack")
        .WithSummary("Delete a pack. Credits that were bought with it stay.")
        .Produces(StatusCodes.Status204NoContent)
        .MayRefuse(400, 401, 403, 404)
        .RequireScope(Scope.Catalog);

    private static async Task<IResult> Handle(string code, HttpContext context, DeletePack verb)
    {
        var author = Author.Of(context);
        if (author.Problem is { } unsaid) return unsaid.AsResult();
        return Reply.Of(await verb.Run(code, author.Value, context.RequestAborted));
    }

    public Task<Problem?> Run(string code, Author author, CancellationToken stop) =>
        changes.Make<Problem?>(author, async change =>
        {
            if (!change.Catalog.Packs.TryGetValue(code, out var current)) return CatalogProblems.NoPack();

            var before = JsonSerializer.Serialize(CatalogForm.View(current, change.Catalog), Json.Wire.PackView);
            await change.Save("pack", code, before, null,
                () => CatalogStore.DeletePack(change.Connection, change.Transaction, code));
            return null;
        }, stop);
}
