using System.Globalization;
using Topup.Contracts;
using Topup.Domain.Automation;
using Topup.Server.Http;

namespace Topup.Server.Automation.Workflows;

/// <summary>Workflows, their runs, the events that they may name, and those that are ready made.</summary>
internal sealed class ReadWorkflows(WorkflowStore store)
{
    /// <summary>In the order of their names.</summary>
    public static IReadOnlyList<WorkflowEventView> Events { get; } =
    [
        .. WorkflowEvents.All.Select(known => new WorkflowEventView
        {
            Event = known.Name, LoggedAs = known.Event, Channel = known.Channel, Conditions = [.. WorkflowForm.ConditionNames(known)],
            Shortcodes = [.. known.Shortcodes.Select(code => new ShortcodeView { Name = code.Name, Example = code.Example })],
        }),
    ];

    public static IReadOnlyList<WorkflowPresetView> Presets => WorkflowPresets.All;

    public async Task<IResult> Handle(HttpContext context, string? limit, string? cursor)
    {
        var paging = Paging.Read(limit, cursor);
        return paging.Problem is { } problem
            ? problem.AsResult()
            : Reply.Of<Page<WorkflowView>>(await List(paging.Value, context.RequestAborted), Json.Wire.PageWorkflowView);
    }

    public async Task<IResult> HandleOne(HttpContext context, string code) => Reply.Of(await One(code, context.RequestAborted), Json.Wire.WorkflowView);

    public async Task<IResult> HandleRuns(HttpContext context, string code, string? status, string? limit, string? cursor) =>
        Reply.Of(await Runs(code, status, limit, cursor, context.RequestAborted), Json.Wire.PageWorkflowRunView);

    public async Task<IResult> HandleRun(HttpContext context, string id) => Reply.Of(await Run(id, context.RequestAborted), Json.Wire.WorkflowRunView);

    public static IResult HandleEvents() => Reply.Of<Page<WorkflowEventView>>(new Page<WorkflowEventView> { Data = Events }, Json.Wire.PageWorkflowEventView);

    public static IResult HandlePresets() =>
        Reply.Of<Page<WorkflowPresetView>>(new Page<WorkflowPresetView> { Data = Presets }, Json.Wire.PageWorkflowPresetView);

    public async Task<Page<WorkflowView>> List(Paging paging, CancellationToken stop)
    {
        var rows = await store.List(paging.After, paging.Rows, stop);
        return paging.Of([.. rows.Select(row => WorkflowForm.View(row))], view => view.Code);
    }

    public async Task<Outcome<WorkflowView>> One(string code, CancellationToken stop) =>
        await store.Find(code, stop) is { } row ? WorkflowForm.View(row) : WorkflowProblems.WorkflowUnknown();

    /// <summary>Also of a workflow that was deleted, for as long as its runs are kept.</summary>
    public async Task<Outcome<Page<WorkflowRunView>>> Runs(string code, string? status, string? limit, string? cursor, CancellationToken stop)
    {
        var (paging, wanted) = (Paging.Read(limit, cursor), WorkflowForm.StatusOf(status));
        if ((paging.Problem ?? wanted.Problem) is { } problem) return problem;
        var before = long.MaxValue;
        if (paging.Value.After.Length > 0 && !long.TryParse(paging.Value.After, NumberStyles.None, CultureInfo.InvariantCulture, out before))
            return Problems.Invalid("cursor", "cursor must be the next_cursor of an earlier page of this list.");
        var rows = await store.ListRuns(code, wanted.Value, before, paging.Value.Rows, stop);
        if (rows.Count == 0 && before == long.MaxValue && await store.Find(code, stop) is null) return WorkflowProblems.WorkflowUnknown();
        var actions = await store.Actions([.. rows.Select(row => row.Id)], stop);
        return paging.Value.Of([.. rows.Select(row => WorkflowForm.View(row, actions[row.Id]))], view => view.Position.ToString(CultureInfo.InvariantCulture));
    }

    public async Task<Outcome<WorkflowRunView>> Run(string id, CancellationToken stop) =>
        await store.FindRun(id, stop) is { } row ? WorkflowForm.View(row, (await store.Actions([id], stop))[id]) : WorkflowProblems.RunUnknown();
}
