using Topup.Contracts;
using Topup.Domain;
using Topup.Server.Http;
using Topup.Server.Storage;
using Topup.Server.Tenancy;

namespace Topup.Server.Automation.Workflows;

/// <summary><c>DELETE /v1/workflows/{code}</c>: what it has begun is canceled; its runs can be read until they are forgotten.</summary>
internal sealed class DeleteWorkflow(Database database, WorkflowStore store, TimeProvider clock)
{
    public async Task<IResult> Handle(HttpContext context, string code)
    {
        var author = Author.Of(context);
        return author.Problem is { } unsaid ? unsaid.AsResult() : Reply.Of(await Run(code, author.Value, context.RequestAborted));
    }

    public Task<Problem?> Run(string code, Author author, CancellationToken stop) => database.Transact(async (connection, transaction) =>
    {
        if (await store.Lock(connection, transaction, code) is not { } row) return WorkflowProblems.WorkflowUnknown();
        var now = Instant.From(clock.GetUtcNow());
        await WorkflowStore.Cancel(connection, transaction, code, "deleted", now);
        await WorkflowStore.Delete(connection, transaction, code);
        await WorkflowSecrets.Forget(connection, transaction, code);
        await Audit.Add(connection, transaction, author, now, "workflow.deleted", code, "", WorkflowForm.Audited(row), null);
        return null;
    }, stop);
}
