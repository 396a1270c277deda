using System.Text.Json;
using Topup.Contracts;
using Topup.Domain.Catalog;
using Topup.Domain.Tenancy;
using Topup.Server.Http;
using Topup.Server.Tenancy;

namespace Topup.Server.Catalog;

/// <summary>Defines a tier, or changes it for all tenants on it. Credits that were bought are not touched.</summary>
internal sealed class SavePlan(CatalogChanges changes)
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPut("/v1/plans/{code}", Handle)
        .WithName("SavePlan")
        .WithSummary("Define a tier: what comes back every period and what may be topped up.")
        .Accepts<PlanRequest>("application/json")
        .Produces<PlanView>().Produces<PlanView>(StatusCodes.Status201Created)
        .MayRefuse(400, 401, 403, 409, 413, 415)
        .RequireScope(Scope.Catalog);

    private static Task<IResult> Handle(string code, HttpContext context, SavePlan verb) =>
        CatalogPut.Handle(context, Json.Wire.PlanRequest, Json.Wire.PlanView, (asked, author, stop) => verb.Run(code, asked, author, stop));

    public Task<Outcome<Saved<PlanView>>> Run(string code, PlanRequest request, Author author, CancellationToken stop) =>
        changes.Make<Outcome<Saved<PlanView>>>(author, async change =>
        {
            var wanted = CatalogForm.Plan(code, request, change.Catalog);
            if (wanted.Problem is { } problem) return problem;
            var refusal = CatalogRules.Save(change.Catalog, wanted.Value);
            if (refusal != CatalogRefusal.None) return CatalogProblems.Of(refusal, code);

            var current = change.Catalog.Plans.GetValueOrDefault(code);
            var before = current is null ? null : CatalogForm.View(current, change.Catalog);
            var after = CatalogForm.View(wanted.Value, change.Catalog);
            await change.Save("plan", code, JsonOf(before), JsonOf(after),
                () => CatalogStore.Save(change.Connection, change.Transaction, wanted.Value));
            return new Saved<PlanView>(after, IsNew: before is null);
        }, stop);

    private static string? JsonOf(PlanView? view) =>
        view is null ? null : JsonSerializer.Serialize(view, Json.Wire.PlanView);
}
