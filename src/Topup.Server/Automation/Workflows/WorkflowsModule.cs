using Topup.Contracts;
using Topup.Domain.Tenancy;
using Topup.Server.Http;
using Topup.Server.Tenancy;

namespace Topup.Server.Automation.Workflows;

/// <summary>Rules of the operator: when an event happens, messages, webhooks, grants and pauses follow.</summary>
internal static class WorkflowsModule
{
    /// <exception cref="InvalidOperationException">A setting is wrong; the message says which and how.</exception>
    public static IServiceCollection AddWorkflows(this IServiceCollection services, IConfiguration settings) => services
        .AddSingleton(WorkflowOptions.From(settings))
        .AddSingleton<WorkflowStore>().AddSingleton<StatementStore>()
        .AddSingleton<WorkflowSecrets>().AddSingleton<WorkflowValues>().AddSingleton<WorkflowActions>()
        .AddSingleton<SaveWorkflow>().AddSingleton<DeleteWorkflow>().AddSingleton<ReadWorkflows>().AddSingleton<TestWorkflow>().AddSingleton<RetryWorkflowRun>()
        .AddSingleton<WorkflowWorker>().AddHostedService(provider => provider.GetRequiredService<WorkflowWorker>())
        .AddSingleton<WeeklyStatements>().AddHostedService(provider => provider.GetRequiredService<WeeklyStatements>());

    public static void MapWorkflows(this IEndpointRouteBuilder app)
    {
        var v1 = app.MapGroup("/v1").WithTags("Workflows");
        v1.MapPut("/workflows/{code}", (HttpContext context, string code, SaveWorkflow verb) => verb.Handle(context, code))
            .Describe<WorkflowRequest, WorkflowView>("SaveWorkflow", "Make a workflow, or replace all of it but its secret", Scope.Catalog)
            .Produces<WorkflowView>(StatusCodes.Status201Created).MayRefuse(409);
        v1.MapGet("/workflows", (HttpContext context, string? limit, string? cursor, ReadWorkflows verb) => verb.Handle(context, limit, cursor))
            .Describe<Page<WorkflowView>>("ListWorkflows", "Workflows, in the order of their codes", Scope.Catalog);
        v1.MapGet("/workflows/{code}", (HttpContext context, string code, ReadWorkflows verb) => verb.HandleOne(context, code))
            .Describe<WorkflowView>("GetWorkflow", "One workflow, without its secret", Scope.Catalog);
        v1.MapDelete("/workflows/{code}", (HttpContext context, string code, DeleteWorkflow verb) => verb.Handle(context, code))
            .WithName("DeleteWorkflow").WithSummary("Delete a workflow with its secret; what it has begun is canceled")
            .Produces(StatusCodes.Status204NoContent).MayRefuse(400, 401, 403, 404).RequireScope(Scope.Catalog);
        v1.MapPost("/workflows/{code}/test", (HttpContext context, string code, TestWorkflow verb) => verb.Handle(context, code))
            .Describe<WorkflowTestRequest, WorkflowTestReply>("TestWorkflow", "What a workflow would do for a sample event; it is not done", Scope.Catalog);
        v1.MapGet("/workflows/{code}/runs", (HttpContext context, string code, string? status, string? limit, string? cursor, ReadWorkflows verb) =>
                verb.HandleRuns(context, code, status, limit, cursor))
            .Describe<Page<WorkflowRunView>>("ListWorkflowRuns", "What a workflow has done and does, the newest events first", Scope.Catalog);
        v1.MapGet("/workflow-runs/{id}", (HttpContext context, string id, ReadWorkflows verb) => verb.HandleRun(context, id))
            .Describe<WorkflowRunView>("GetWorkflowRun", "One run, action by action", Scope.Catalog);
        v1.MapPost("/workflow-runs/{id}/retry", (HttpContext context, string id, RetryWorkflowRun verb) => verb.Handle(context, id))
            .Describe<WorkflowRunView>("RetryWorkflowRun", "Go on with a run that failed or was canceled", Scope.Catalog).MayRefuse(409);
        v1.MapGet("/workflow-events", () => ReadWorkflows.HandleEvents())
            .Describe<Page<WorkflowEventView>>("ListWorkflowEvents", "Events that a workflow may name, with their conditions and shortcodes", Scope.Catalog);
        v1.MapGet("/workflow-presets", () => ReadWorkflows.HandlePresets())
            .Describe<Page<WorkflowPresetView>>("ListWorkflowPresets", "Ready-made workflows; none does anything until it is saved", Scope.Catalog);
    }
}
