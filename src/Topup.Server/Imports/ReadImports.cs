using Topup.Contracts;
using Topup.Domain.Imports;
using Topup.Server.Http;
using Topup.Server.Tenancy;

namespace Topup.Server.Imports;

/// <summary><c>GET /v1/imports</c>, one of them, and the file of what failed.</summary>
internal sealed class ReadImports(ImportStore store)
{
    public async Task<IResult> Handle(HttpContext context, string? limit, string? cursor)
    {
        var paging = Paging.Read(limit, cursor);
        if ((ImportProblems.OfOneTenant(context.Caller()) ?? paging.Problem) is { } problem) return problem.AsResult();
        return Reply.Of<Page<ImportView>>(await Run(paging.Value, context.RequestAborted), Json.Wire.PageImportView);
    }

    public async Task<IResult> HandleOne(HttpContext context, string id)
    {
        if (ImportProblems.OfOneTenant(context.Caller()) is { } problem) return problem.AsResult();
        return Reply.Of<ImportView>(await store.Find(id, context.RequestAborted) is { } found ? found.View() : ImportProblems.Unknown(), Json.Wire.ImportView);
    }

    public async Task<IResult> HandleFailures(HttpContext context, string id)
    {
        if (ImportProblems.OfOneTenant(context.Caller()) is { } problem) return problem.AsResult();
        return await store.Find(id, context.RequestAborted) is { } found ? new FailuresCsv(store, found) : ImportProblems.Unknown().AsResult();
    }

    /// <summary>The newest first.</summary>
    public async Task<Page<ImportView>> Run(Paging paging, CancellationToken stop)
    {
        var page = paging.Of(await store.List(paging.After, paging.Rows, stop), import => import.Id);
        return new Page<ImportView> { Data = [.. page.Data.Select(import => import.View())], NextCursor = page.NextCursor };
    }

    /// <summary>One with all that a page shows of it; null: there is none.</summary>
    public async Task<WholeImport?> Whole(string id, CancellationToken stop)
    {
        if (await store.Find(id, stop) is not { } import) return null;
        var isNew = import.Progress.Status == ImportStatus.Checked;
        return new WholeImport(import,
            isNew ? await store.FirstRows(id, WholeImport.FirstMax, stop) : [], isNew ? await store.FindSame(import, stop) : null,
            import.Progress.Failed > 0 ? await store.Failures(id, 0, WholeImport.FailuresMax, stop) : []);
    }
}

/// <summary>An import as a page shows it.</summary>
/// <param name="First">The first rows of a file that nobody has said yes to.</param>
/// <param name="Same">The very same file was imported before; null: it was not.</param>
/// <param name="Failures">The first of them.</param>
internal sealed record WholeImport(ImportRecord Import, List<ImportRow> First, ImportRecord? Same, List<ImportFailure> Failures)
{
    public const int FirstMax = 5;
    public const int FailuresMax = 20;
}
