using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Automation;
using Topup.Server.Http;
using Topup.Server.Storage;
using Topup.Server.Tenancy;

namespace Topup.Server.Automation.Workflows;

/// <summary><c>POST /v1/workflow-runs/{id}/retry</c>: goes on with a run that failed or was canceled, at the action that was not done.</summary>
internal sealed class RetryWorkflowRun(Database database, WorkflowStore store, TimeProvider clock)
{
    public async Task<IResult> Handle(HttpContext context, string id)
    {
        var author = Author.Of(context);
        return author.Problem is { } unsaid ? unsaid.AsResult() : Reply.Of(await Run(id, author.Value, context.RequestAborted), Json.Wire.WorkflowRunView);
    }

    public async Task<Outcome<WorkflowRunView>> Run(string id, Author author, CancellationToken stop)
    {
        var now = Instant.From(clock.GetUtcNow());
        var changed = await database.Transact<Outcome<RunRow>>(async (connection, transaction) =>
        {
            if (await store.LockRun(connection, transaction, id) is not { } run) return WorkflowProblems.RunUnknown();
            if (run.Status is not (RunStatus.Failed or RunStatus.Canceled) || !await WorkflowStore.Exists(connection, transaction, run.Workflow))
                return WorkflowProblems.RunNotFailed();
            var after = run with { Status = RunStatus.Waiting, Reason = "", Tries = 0, DueAt = now, Lease = "", FreeAt = Instant.Always, ChangedAt = now };
            await WorkflowStore.SaveRun(connection, transaction, after);
            await WorkflowStore.Again(connection, transaction, id, run.Action);
            await Audit.Add(connection, transaction, author, now, "workflow_run.retried", id, "", null, null);
            return after;
        }, stop);
        return changed.Problem is { } problem ? problem : WorkflowForm.View(changed.Value, (await store.Actions([id], stop))[id]);
    }
}
