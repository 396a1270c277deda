using Microsoft.AspNetCore.Mvc;
using Topup.Contracts;
using Topup.Domain.Tenancy;
using Topup.Server.Http;
using Topup.Server.Tenancy;

namespace Topup.Server.Imports;

/// <summary>Files of tenants and grants.</summary>
internal static class ImportsModule
{
    /// <summary>More than a file may have, so that whoever sends too much gets an answer and not a cut connection.</summary>
    public const int BytesDrainedMax = 32_000_000;

    public static IServiceCollection AddImports(this IServiceCollection services, IConfiguration settings) => services
        .AddSingleton(ImportOptions.From(settings))
        .AddSingleton<ImportStore>()
        .AddSingleton<StartImport>().AddSingleton<ReadImports>().AddSingleton<CancelImport>()
        .AddSingleton<ImportWorker>().AddHostedService(provider => provider.GetRequiredService<ImportWorker>());

    public static void MapImports(this IEndpointRouteBuilder routes)
    {
        var v1 = routes.MapGroup("/v1").WithTags("Imports");
        v1.MapPost("/imports", (HttpContext context, string? kind, [FromQuery(Name = "dry_run")] string? dryRun, StartImport verb) => verb.Handle(context, kind, dryRun))
            .Accepts<byte[]>("text/csv")
            .Describe<ImportReply>("StartImport",
                "Import a CSV file of tenants or grants, which needs that scope too; ?dry_run=true only checks it, and needs no idempotency key", Scope.Read, write: true)
            .MayRefuse(413, 415).WithMetadata(new RequestSizeLimitAttribute(BytesDrainedMax));
        v1.MapGet("/imports", (HttpContext context, string? limit, string? cursor, ReadImports verb) => verb.Handle(context, limit, cursor))
            .Describe<Page<ImportView>>("ListImports", "Imports, the newest first", Scope.Read);
        v1.MapGet("/imports/{id}", (HttpContext context, string id, ReadImports verb) => verb.HandleOne(context, id))
            .Describe<ImportView>("GetImport", "An import, and how far it is", Scope.Read);
        v1.MapGet("/imports/{id}/failures.csv", (HttpContext context, string id, ReadImports verb) => verb.HandleFailures(context, id))
            .WithName("ExportImportFailures").WithSummary("The rows that were not imported, each with its reason, to be corrected and imported again")
            .Produces<string>(StatusCodes.Status200OK, "text/csv").MayRefuse(401, 403, 404).RequireScope(Scope.Read);
        v1.MapPost("/imports/{id}/cancel", (HttpContext context, string id, CancelImport verb) => verb.Handle(context, id))
            .Describe<ImportView>("CancelImport", "Begin no more rows of an import, which needs the scope of its kind too; what was done stays done", Scope.Read)
            .MayRefuse(409);
    }
}
