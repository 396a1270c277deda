using System.Text.Json;
using Topup.Contracts;
using Topup.Domain.Catalog;
using Topup.Domain.Tenancy;
using Topup.Server.Http;
using Topup.Server.Tenancy;

namespace Topup.Server.Catalog;

/// <summary>Defines what a credit buys, or changes all of it but its decimals and currency.</summary>
internal sealed class SaveCreditType(CatalogChanges changes)
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPut("/v1/credit-types/{code}", Handle)
        .WithName("SaveCreditType")
        .WithSummary("Define what a credit buys. Decimals and currency can never be changed.")
        .Accepts<CreditTypeRequest>("application/json")
        .Produces<CreditTypeView>().Produces<CreditTypeView>(StatusCodes.Status201Created)
        .MayRefuse(400, 401, 403, 409, 413, 415)
        .RequireScope(Scope.Catalog);

    private static Task<IResult> Handle(string code, HttpContext context, SaveCreditType verb) =>
        CatalogPut.Handle(context, Json.Wire.CreditTypeRequest, Json.Wire.CreditTypeView, (asked, author, stop) => verb.Run(code, asked, author, stop));

    public Task<Outcome<Saved<CreditTypeView>>> Run(string code, CreditTypeRequest request, Author author, CancellationToken stop) =>
        changes.Make<Outcome<Saved<CreditTypeView>>>(author, async change =>
        {
            var wanted = CatalogForm.Type(code, request, change.Catalog);
            if (wanted.Problem is { } problem) return problem;
            var refusal = CatalogRules.Save(change.Catalog, wanted.Value);
            if (refusal != CatalogRefusal.None) return CatalogProblems.Of(refusal, code);

            var current = change.Catalog.Types.GetValueOrDefault(code);
            var before = current is null ? null : CatalogForm.View(current);
            var after = CatalogForm.View(wanted.Value);
            await change.Save("credit_type", code, JsonOf(before), JsonOf(after),
                () => CatalogStore.Save(change.Connection, change.Transaction, wanted.Value));
            return new Saved<CreditTypeView>(after, IsNew: before is null);
        }, stop);

    private static string? JsonOf(CreditTypeView? view) =>
        view is null ? null : JsonSerializer.Serialize(view, Json.Wire.CreditTypeView);
}
