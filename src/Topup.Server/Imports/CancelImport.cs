using Topup.Contracts;
using Topup.Domain;
using Topup.Server.Http;
using Topup.Server.Tenancy;

namespace Topup.Server.Imports;

/// <summary><c>POST /v1/imports/{id}/cancel</c>: no more rows are begun. What was done stays done.</summary>
internal sealed class CancelImport(ImportStore store, TimeProvider clock)
{
    public async Task<IResult> Handle(HttpContext context, string id)
    {
        var author = Author.Of(context);
        if (author.Problem is { } problem) return problem.AsResult();
        return Reply.Of(await Run(context.Caller(), id, author.Value, context.RequestAborted), Json.Wire.ImportView);
    }

    public async Task<Outcome<ImportView>> Run(Caller caller, string id, Author author, CancellationToken stop)
    {
        if (ImportProblems.OfOneTenant(caller) is { } ofOne) return ofOne;
        if (await store.Find(id, stop) is not { } found) return ImportProblems.Unknown();
        if (ImportProblems.NotAllowed(caller, found.Kind) is { } forbidden) return forbidden;
        var now = Instant.From(clock.GetUtcNow());
        var moved = await store.Move(id, progress => progress.Cancel(), now, (connection, transaction, import) =>
            Audit.Add(connection, transaction, author, now, "import.canceled", import.Id, "", null, StartImport.Words(import)), stop);
        if (moved is not var (import, _)) return ImportProblems.Unknown();
        return import.Progress.Cancel() is null ? ImportProblems.Over() : import.View();
    }
}
