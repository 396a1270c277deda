using System.Globalization;
using Topup.Contracts;
using Topup.Domain.Automation;
using Topup.Server.Http;

namespace Topup.Server.Automation.Workflows;

/// <summary>Workflows, their runs, the events that they may name, and those that are ready made.</summary>
internal sealed class ReadWorkflows(WorkflowStore store)
{
    public async Task<IResult> Handle(HttpContext context, string? limit, string? cursor)
    {
        var paging = Paging.Read(limit, cursor);
        if (paging.Problem is { } problem) return problem.AsResult();
        var rows = await store.List(paging.Value.After, paging.Value.Rows, context.RequestAborted);
        return Reply.Of<Page<WorkflowView>>(paging.Value.Of([.. rows.Select(row => WorkflowForm.View(row))], view => view.Code), Json.Wire.PageWorkflowView);
    }

    public async Task<IResult> HandleOne(HttpContext context, string code) => await store.Find(code, context.RequestAborted) is { } row
        ? Reply.Of<WorkflowView>(WorkflowForm.View(row), Json.Wire.WorkflowView)
        : WorkflowProblems.WorkflowUnknown().AsResult();

    /// <summary>Also of a workflow that was deleted, for as long as its runs are kept.</summary>
    public async Task<IResult> HandleRuns(HttpContext context, string code, string? status, string? limit, string? cursor)
    {
        var (paging, wanted) = (Paging.Read(limit, cursor), WorkflowForm.StatusOf(status));
        if ((paging.Problem ?? wanted.Problem) is { } problem) return problem.AsResult();
        var before = long.MaxValue;
        if (paging.Value.After.Length > 0 && !long.TryParse(paging.Value.After, NumberStyles.None, CultureInfo.InvariantCulture, out before))
            return Problems.Invalid("cursor", "cursor must be the next_cursor of an earlier page of this list.").AsResult();
        var rows = await store.ListRuns(code, wanted.Value, before, paging.Value.Rows, context.RequestAborted);
        if (rows.Count == 0 && before == long.MaxValue && await store.Find(code, context.RequestAborted) is null)
            return WorkflowProblems.WorkflowUnknown().AsResult();
        var actions = await store.Actions([.. rows.Select(row => row.Id)], context.RequestAborted);
        var page = paging.Value.Of(
            [.. rows.Select(row => WorkflowForm.View(row, actions[row.Id]))], view => view.Position.ToString(CultureInfo.InvariantCulture));
        return Reply.Of<Page<WorkflowRunView>>(page, Json.Wire.PageWorkflowRunView);
    }

    public async Task<IResult> HandleRun(HttpContext context, string id) => await store.FindRun(id, context.RequestAborted) is { } row
        ? Reply.Of<WorkflowRunView>(WorkflowForm.View(row, (await store.Actions([id], context.RequestAborted))[id]), Json.Wire.WorkflowRunView)
        : WorkflowProblems.RunUnknown().AsResult();

    public static IResult HandleEvents() => Reply.Of<Page<WorkflowEventView>>(new Page<WorkflowEventView>
    {
        Data =
        [
            .. WorkflowEvents.All.Select(known => new WorkflowEventView
            {
                Event = known.Name, LoggedAs = known.Event, Channel = known.Channel, Conditions = [.. WorkflowForm.ConditionNames(known)],
                Shortcodes = [.. known.Shortcodes.Select(code => new ShortcodeView { Name = code.Name, Example = code.Example })],
            }),
        ],
    }, Json.Wire.PageWorkflowEventView);

    public static IResult HandlePresets() =>
        Reply.Of<Page<WorkflowPresetView>>(new Page<WorkflowPresetView> { Data = WorkflowPresets.All }, Json.Wire.PageWorkflowPresetView);
}
