using System.Text.Json;
using Topup.Contracts;
using Topup.Domain.Catalog;
using Topup.Domain.Tenancy;
using Topup.Server.Http;
using Topup.Server.Tenancy;

namespace Topup.Server.Catalog;

/// <summary>Defines an optional feature with a price a month, or changes it: what was charged stays as it was, the next charge is at the new price.</summary>
internal sealed class SaveAddOn(CatalogChanges changes)
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPut("/v1/addons/{code}", Handle)
        .WithName("SaveAddOn")
        .WithSummary("Define an optional feature with a price a month. A new price holds from the next charge on.")
        .Accepts<AddOnRequest>("application/json")
        .Produces<AddOnView>().Produces<AddOnView>(StatusCodes.Status201Created)
        .MayRefuse(400, 401, 403, 409, 413, 415)
        .RequireScope(Scope.Catalog);

    private static Task<IResult> Handle(string code, HttpContext context, SaveAddOn verb) =>
        CatalogPut.Handle(context, Json.Wire.AddOnRequest, Json.Wire.AddOnView, (asked, author, stop) => verb.Run(code, asked, author, stop));

    public Task<Outcome<Saved<AddOnView>>> Run(string code, AddOnRequest request, Author author, CancellationToken stop) =>
        changes.Make<Outcome<Saved<AddOnView>>>(author, async change =>
        {
            var wanted = CatalogForm.AddOn(code, request, change.Catalog);
            if (wanted.Problem is { } problem) return problem;
            var refusal = CatalogRules.Save(change.Catalog, wanted.Value);
            if (refusal != CatalogRefusal.None) return CatalogProblems.Of(refusal, code);

            var current = change.Catalog.AddOns.GetValueOrDefault(code);
            var before = current is null ? null : CatalogForm.View(current, change.Catalog);
            var after = CatalogForm.View(wanted.Value, change.Catalog);
            await change.Save("addon", code, JsonOf(before), JsonOf(after),
                () => CatalogStore.Save(change.Connection, change.Transaction, wanted.Value));
            return new Saved<AddOnView>(after, IsNew: before is null);
        }, stop);

    private static string? JsonOf(AddOnView? view) =>
        view is null ? null : JsonSerializer.Serialize(view, Json.Wire.AddOnView);
}
