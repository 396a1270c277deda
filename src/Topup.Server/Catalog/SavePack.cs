using System.Text.Json;
using Topup.Contracts;
using Topup.Domain.Catalog;
using Topup.Domain.Tenancy;
using Topup.Server.Http;
using Topup.Server.Tenancy;

namespace Topup.Server.Catalog;

/// <summary>
/// Defines what tenants can buy, or changes its name, description, plans, whether it is for sale, and between which amounts
/// the buyer may choose.
/// </summary>
internal sealed class SavePack(CatalogChanges changes)
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPut("/v1/packs/{code}", Handle)
        .WithName("SavePack")
        .WithSummary("Define what tenants can buy. Type, price, currency and credits can never be changed.")
        .Accepts<PackRequest>("application/json")
        .Produces<PackView>().Produces<PackView>(StatusCodes.Status201Created)
        .MayRefuse(400, 401, 403, 409, 413, 415)
        .RequireScope(Scope.Catalog);

    private static Task<IResult> Handle(string code, HttpContext context, SavePack verb) =>
        CatalogPut.Handle(context, Json.Wire.PackRequest, Json.Wire.PackView, (asked, author, stop) => verb.Run(code, asked, author, stop));

    public Task<Outcome<Saved<PackView>>> Run(string code, PackRequest request, Author author, CancellationToken stop) =>
        changes.Make<Outcome<Saved<PackView>>>(author, async change =>
        {
            var wanted = CatalogForm.Pack(code, request, change.Catalog);
            if (wanted.Problem is { } problem) return problem;
            var refusal = CatalogRules.Save(change.Catalog, wanted.Value);
            if (refusal != CatalogRefusal.None) return CatalogProblems.Of(refusal, code);

            var current = change.Catalog.Packs.GetValueOrDefault(code);
            var before = current is null ? null : CatalogForm.View(current, change.Catalog);
            var after = CatalogForm.View(wanted.Value, change.Catalog);
            await change.Save("pack", code, JsonOf(before), JsonOf(after),
                () => CatalogStore.Save(change.Connection, change.Transaction, wanted.Value));
            return new Saved<PackView>(after, IsNew: before is null);
        }, stop);

    private static string? JsonOf(PackView? view) =>
        view is null ? null : JsonSerializer.Serialize(view, Json.Wire.PackView);
}
