using Topup.Contracts;
using Topup.Domain.Tenancy;
using Topup.Server.Tenancy;

namespace Topup.Server.Checkout.Reconciliations;

/// <summary>The comparison of what providers list with what was credited.</summary>
internal static class ReconciliationsModule
{
    public static IServiceCollection AddReconciliations(this IServiceCollection services) => services
        .AddSingleton<ReconciliationStore>()
        .AddSingleton<RunReconciliation>()
        .AddSingleton<ListReconciliations>()
        .AddSingleton<DailyReconciliation>().AddHostedService(provider => provider.GetRequiredService<DailyReconciliation>());

    public static void MapReconciliations(this IEndpointRouteBuilder routes)
    {
        var v1 = routes.MapGroup("/v1").WithTags("Checkout");
        v1.MapPost("/reconciliations", (HttpContext context, RunReconciliation verb) => verb.Handle(context))
            .Describe<ReconciliationRequest, ReconciliationView>(
                "RunReconciliation", "Compare what the providers list with the purchases, and repair what can be", Scope.Grant, write: true);
        v1.MapGet("/reconciliations", (HttpContext context, string? limit, string? cursor, ListReconciliations verb) => verb.Handle(context, limit, cursor))
            .Describe<Page<ReconciliationView>>("ListReconciliations", "Comparisons with the providers, the newest first", Scope.Read);
        v1.MapGet("/reconciliations/{id}", (HttpContext context, string id, ListReconciliations verb) => verb.HandleOne(context, id))
            .Describe<ReconciliationView>("GetReconciliation", "One comparison with the providers, with all it found", Scope.Read);
    }
}
