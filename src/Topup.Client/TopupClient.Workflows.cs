using Topup.Contracts;

namespace Topup.Client;

public sealed partial class TopupClient
{
    /// <summary>Makes a workflow, or replaces all of it but its secret. A secret that was just made is in the reply.</summary>
    /// <param name="reason">Why, for the audit.</param>
    public Task<WorkflowView> SaveWorkflow(string code, WorkflowRequest request, string? reason = null, CancellationToken stop = default) =>
        Put(Workflow(code), request, TopupJson.Default.WorkflowRequest, TopupJson.Default.WorkflowView, reason, stop);

    /// <summary>Workflows, in the order of their codes.</summary>
    public IAsyncEnumerable<WorkflowView> ListWorkflows(CancellationToken stop = default) =>
        All((cursor, within) => ListWorkflowsPage(null, cursor, within), stop);

    /// <summary>One page of <see cref="ListWorkflows"/>.</summary>
    public Task<Page<WorkflowView>> ListWorkflowsPage(int? limit = null, string? cursor = null, CancellationToken stop = default) =>
        Get(Query("/v1/workflows", ("limit", Text(limit)), ("cursor", cursor)), TopupJson.Default.PageWorkflowView, stop);

    /// <summary>One workflow, without its secret.</summary>
    public Task<WorkflowView> GetWorkflow(string code, CancellationToken stop = default) => Get(Workflow(code), TopupJson.Default.WorkflowView, stop);

    /// <summary>Deletes a workflow; what it has begun is canceled.</summary>
    /// <param name="reason">Why, for the audit.</param>
    public Task DeleteWorkflow(string code, string? reason = null, CancellationToken stop = default) => Delete(Workflow(code), reason, stop);

    /// <summary>What a workflow would do for a sample event. Nothing is done, but for messages to one address when that is asked for.</summary>
    public Task<WorkflowTestReply> TestWorkflow(string code, WorkflowTestRequest request, CancellationToken stop = default) => Send(
        Message(HttpMethod.Post, Workflow(code) + "/test", Json(request, TopupJson.Default.WorkflowTestRequest), null, null), mayRepeat: false,
        TopupJson.Default.WorkflowTestReply, stop);

    /// <summary>What a workflow has done and does, the newest events first.</summary>
    /// <param name="status"><c>waiting</c>, <c>done</c>, <c>failed</c>, <c>skipped</c> or <c>canceled</c>; null: all.</param>
    public IAsyncEnumerable<WorkflowRunView> ListWorkflowRuns(string code, string? status = null, CancellationToken stop = default) =>
        All((cursor, within) => ListWorkflowRunsPage(code, status, null, cursor, within), stop);

    /// <summary>One page of <see cref="ListWorkflowRuns"/>.</summary>
    public Task<Page<WorkflowRunView>> ListWorkflowRunsPage(
        string code, string? status = null, int? limit = null, string? cursor = null, CancellationToken stop = default) =>
        Get(Query(Workflow(code) + "/runs", ("status", status), ("limit", Text(limit)), ("cursor", cursor)), TopupJson.Default.PageWorkflowRunView, stop);

    /// <summary>One run, action by action.</summary>
    public Task<WorkflowRunView> GetWorkflowRun(string id, CancellationToken stop = default) =>
        Get("/v1/workflow-runs/" + Segment(id), TopupJson.Default.WorkflowRunView, stop);

    /// <summary>Goes on with a run that failed or was canceled, at the action that was not done.</summary>
    /// <param name="reason">Why, for the audit.</param>
    public Task<WorkflowRunView> RetryWorkflowRun(string id, string? reason = null, CancellationToken stop = default) => Send(
        Message(HttpMethod.Post, $"/v1/workflow-runs/{Segment(id)}/retry", null, ReasonHeader, reason), mayRepeat: false, TopupJson.Default.WorkflowRunView, stop);

    /// <summary>Events that a workflow may name, with the conditions and shortcodes that make sense for each.</summary>
    public Task<Page<WorkflowEventView>> ListWorkflowEvents(CancellationToken stop = default) =>
        Get("/v1/workflow-events", TopupJson.Default.PageWorkflowEventView, stop);

    /// <summary>Ready-made workflows. None does anything until it is saved.</summary>
    public Task<Page<WorkflowPresetView>> ListWorkflowPresets(CancellationToken stop = default) =>
        Get("/v1/workflow-presets", TopupJson.Default.PageWorkflowPresetView, stop);

    private static string Workflow(string code) => "/v1/workflows/" + Segment(code);
}
