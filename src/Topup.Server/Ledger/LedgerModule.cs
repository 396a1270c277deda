using Topup.Contracts;
using Topup.Domain.Tenancy;
using Topup.Server.Http;
using Topup.Server.Ledger.Limits;
using Topup.Server.Tenancy;

namespace Topup.Server.Ledger;

/// <summary>The ledger's verbs and routes.</summary>
internal static class LedgerModule
{
    public static IServiceCollection AddLedger(this IServiceCollection services, LedgerOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton<LedgerMetrics>();
        services.AddSingleton<LedgerLanes>();
        services.AddHostedService(provider => provider.GetRequiredService<LedgerLanes>());
        services.AddSingleton<LedgerDesk>();
        services.AddSingleton<LedgerHistory>();
        services.AddSingleton<LedgerReader>();
        services.AddSingleton<ConsumeCredits>();
        services.AddSingleton<ConsumeBatch>();
        services.AddSingleton<CheckCredits>();
        services.AddSingleton<PlaceHold>();
        services.AddSingleton<CaptureHold>();
        services.AddSingleton<ReleaseHold>();
        services.AddSingleton<ReverseEntry>();
        services.AddSingleton<GrantCredits>();
        services.AddSingleton<VoidGrant>();
        services.AddSingleton<ListPools>();
        services.AddSingleton<ListEntries>();
        services.AddSingleton<ListHolds>();
        services.AddSingleton<ListGrants>();
        services.AddSingleton<ListEvents>();
        services.AddSingleton<SaveLimit>();
        services.AddSingleton<DeleteLimit>();
        services.AddSingleton<ListLimits>();
        services.AddSingleton<EstimateUses>();
        services.AddSingleton<DryRunPlanChange>();
        services.AddSingleton<DryRunExpiry>();
        services.AddSingleton<DryRunDraw>();
        services.AddSingleton<VerifyLedger>();
        services.AddSingleton<ReadShortages>();
        services.AddSingleton<SettleWorker>();
        services.AddHostedService(provider => provider.GetRequiredService<SettleWorker>());
        services.AddHostedService<VerifyWorker>();
        return services;
    }

    public static void MapLedger(this IEndpointRouteBuilder app, LedgerOptions options)
    {
        var v1 = app.MapGroup("/v1").WithTags("Ledger");

        v1.MapPost("/consume", (HttpContext context, ConsumeCredits verb) => verb.Handle(context))
            .Describe<ConsumeRequest, ConsumeReply>(
                "ConsumeCredits", "Spend credits: allowance first, purchased second, never below zero", Scope.Consume, write: true);
        v1.MapPost("/consume/batch", (HttpContext context, ConsumeBatch verb) => verb.Handle(context))
            .Describe<ConsumeBatchRequest, ConsumeBatchReply>("ConsumeBatch", "Up to 1,000 uses, each with its own key and its own answer", Scope.Consume);
        v1.MapPost("/check", (HttpContext context, CheckCredits verb) => verb.Handle(context))
            .Describe<ConsumeRequest, CheckReply>("CheckCredits", "Would this use be allowed, and if not, what would fix it", Scope.Consume);

        v1.MapPost("/holds", (HttpContext context, PlaceHold verb) => verb.Handle(context))
            .Describe<HoldRequest, HoldReply>("PlaceHold", "Set credits aside before the work is done", Scope.Consume, write: true);
        v1.MapGet("/holds/{id}", (HttpContext context, string id, ListHolds verb) => verb.HandleOne(context, id))
            .Describe<HoldView>("GetHold", "One hold", Scope.Read);
        v1.MapPost("/holds/{id}/capture", (HttpContext context, string id, CaptureHold verb) => verb.Handle(context, id))
            .Describe<CaptureRequest, CaptureReply>("CaptureHold", "End a hold with what the work really took", Scope.Consume, write: true);
        v1.MapPost("/holds/{id}/release", (HttpContext context, string id, ReleaseHold verb) => verb.Handle(context, id))
            .Describe<ReleaseReply>("ReleaseHold", "End a hold without any use", Scope.Consume, write: true);

        v1.MapPost("/reversals", (HttpContext context, ReverseEntry verb) => verb.Handle(context))
            .Describe<ReversalRequest, ReversalReply>("ReverseEntry", "Give a use back to where it came from", Scope.Consume, write: true);
        v1.MapPost("/grants", (HttpContext context, GrantCredits verb) => verb.Handle(context))
            .Describe<GrantRequest, GrantReply>("GrantCredits", "Give credits, or money to a balance", Scope.Grant, write: true);
        v1.MapPost("/grants/{id}/void", (HttpContext context, string id, VoidGrant verb) => verb.Handle(context, id))
            .Describe<VoidRequest, VoidReply>("VoidGrant", "Take back what is left of a grant or purchase", Scope.Grant, write: true);

        v1.MapGet("/tenants/{id}/pools", (HttpContext context, string id, ListPools verb) => verb.Handle(context, id))
            .Describe<Page<PoolView>>("ListPools", "What a tenant has", Scope.Read);
        v1.MapGet("/tenants/{id}/pools/{type}", (HttpContext context, string id, string type, string? at, ListPools verb) =>
                verb.HandleOne(context, id, type, at))
            .Describe<PoolView>("GetPool", "One pool, now, or with ?at= as it was", Scope.Read);
        v1.MapGet("/tenants/{id}/entries", (HttpContext context, string id, [AsParameters] ListEntries.Query query, ListEntries verb) =>
                verb.Handle(context, id, query))
            .Describe<Page<EntryView>>("ListEntries", "A tenant's history, the newest first; ?format=csv for a file", Scope.Read);
        v1.MapGet("/tenants/{id}/holds", (HttpContext context, string id, string? type, string? status, string? limit, string? cursor, ListHolds verb) =>
                verb.Handle(context, id, type, status, limit, cursor))
            .Describe<Page<HoldView>>("ListHolds", "A tenant's holds", Scope.Read);
        v1.MapGet("/tenants/{id}/grants", (HttpContext context, string id, string? type, string? limit, string? cursor, ListGrants verb) =>
                verb.Handle(context, id, type, limit, cursor))
            .Describe<Page<LotView>>("ListGrants", "Every lot a tenant bought or was granted", Scope.Read);

        v1.MapPut("/tenants/{id}/limits/{code}", (HttpContext context, string id, string code, SaveLimit verb) => verb.Handle(context, id, code))
            .WithName("SaveLimit").WithSummary("Cap the uses or credits of a tenant or of one of its subjects, or switch a usage type off")
            .Accepts<LimitRequest>("application/json").Produces<LimitView>().Produces<LimitView>(StatusCodes.Status201Created)
            .MayRefuse(400, 401, 403, 404, 409, 413, 415).RequireScope(Scope.Limits);
        v1.MapDelete("/tenants/{id}/limits/{code}", (HttpContext context, string id, string code, DeleteLimit verb) => verb.Handle(context, id, code))
            .WithName("DeleteLimit").WithSummary("Take a limit away").Produces(StatusCodes.Status204NoContent)
            .MayRefuse(400, 401, 403, 404).RequireScope(Scope.Limits);
        v1.MapGet("/tenants/{id}/limits", (HttpContext context, string id, ListLimits verb) => verb.Handle(context, id))
            .Describe<Page<LimitView>>("ListLimits", "A tenant's limits, and what is left of each", Scope.Read);
        v1.MapGet("/tenants/{id}/rates", (HttpContext context, string id, string? amount, EstimateUses verb) => verb.Handle(context, id, amount))
            .Describe<RatesView>("GetTenantRates", "What uses cost a tenant, and how many of each are left", Scope.Read);
        v1.MapPost("/dry-runs/plan-change", (HttpContext context, DryRunPlanChange verb) => verb.Handle(context))
            .Describe<DryRunPlanChangeRequest, DryRunPlanChangeReply>("DryRunPlanChange", "What another plan or status would do to a tenant", Scope.Read);
        v1.MapPost("/dry-runs/expiry", (HttpContext context, DryRunExpiry verb) => verb.Handle(context))
            .Describe<DryRunExpiryRequest, DryRunExpiryReply>("DryRunExpiry", "What time alone would leave of a tenant's credits", Scope.Read);
        v1.MapPost("/dry-runs/draw", (HttpContext context, DryRunDraw verb) => verb.Handle(context))
            .Describe<DryRunDrawRequest, DryRunDrawReply>("DryRunDraw", "What several uses in a row would draw", Scope.Read);

        v1.MapGet("/events", (HttpContext context, string? after, string? tenant, string? type, string? limit, string? cursor, ListEvents verb) =>
                verb.Handle(context, after, tenant, type, limit, cursor))
            .Describe<Page<EventView>>("ListEvents", "The log of events, in order", Scope.Read);
        v1.MapPost("/verify", (HttpContext context, VerifyLedger verb) => verb.Handle(context))
            .Describe<VerifyRequest, VerifyReply>("VerifyLedger", "Recompute every balance from its history", Scope.Read);
        v1.MapGet("/verify", (HttpContext context, VerifyLedger verb) => verb.HandleLast(context))
            .Describe<VerifyReply>("GetVerification", "The last report", Scope.Read);
        if (options.Echo) v1.MapPost("/echo", EchoConsume.Handle).ExcludeFromDescription().RequireScope(Scope.Consume);
    }
}
