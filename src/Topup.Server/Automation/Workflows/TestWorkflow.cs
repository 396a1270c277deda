using System.Text.Json;
using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Automation;
using Topup.Domain.Messaging;
using Topup.Domain.Tenancy;
using Topup.Server.Catalog;
using Topup.Server.Http;
using Topup.Server.Messaging;
using Topup.Server.Storage;
using Topup.Server.Tenancy;

namespace Topup.Server.Automation.Workflows;

/// <summary>
/// <c>POST /v1/workflows/{code}/test</c>: what a workflow, enabled or not, would do for an event. It does nothing, but for
/// messages that are sent to one address, when that is asked for.
/// </summary>
internal sealed class TestWorkflow(
    Database database, WorkflowStore store, WorkflowActions actions, WorkflowValues values, SendNotice notices, CatalogCache catalogs, TimeProvider clock)
{
    public async Task<IResult> Handle(HttpContext context, string code)
    {
        var body = await Body.Read(context, Json.Wire.WorkflowTestRequest);
        return body.Problem is { } unread ? unread.AsResult() : Reply.Of(await Run(code, body.Value, context.RequestAborted), Json.Wire.WorkflowTestReply);
    }

    public async Task<Outcome<WorkflowTestReply>> Run(string code, WorkflowTestRequest request, CancellationToken stop)
    {
        if (await store.Find(code, stop) is not { Event: { } kind } rule) return WorkflowProblems.WorkflowUnknown();
        var tenant = request.Event?.Tenant is { } id && TenantId.IsValid(id)
            ? await database.Read(connection => TenancyStore.FindTenant(connection, id), stop)
            : null;
        if (request.Event?.Tenant is { } unknown && tenant is null) return TenancyProblems.TenantUnknown(unknown);
        if (request.Event is { } sample && (sample.Data.ValueKind != JsonValueKind.Object || !EventData.IsReadable(sample.Data)))
            return Problems.Invalid("event.data", "event.data must be an object, and its texts such as can be read.");
        if (CheckSending(request, rule) is { } problem) return problem;

        var now = clock.GetUtcNow();
        var data = request.Event?.Data ?? WorkflowSamples.Of(kind);
        var happening = new Happening(kind.Event, Storage.EventId.Next(now), tenant?.Id ?? "", 0, Instant.From(now), data);
        var filled = await Values(kind, happening, stop);
        return new WorkflowTestReply
        {
            Matches = request.Event is null || await Matches(rule, kind, happening, tenant, stop),
            Values = filled,
            Actions = [.. await Task.WhenAll(rule.Settings.Actions.Select(action => Show(action, kind, happening, filled, request, stop)))],
        };
    }

    private static Problem? CheckSending(WorkflowTestRequest request, WorkflowRow rule)
    {
        if (request.Send != true) return null;
        if (request.To is not { } to) return Problems.Of(400, ProblemCodes.MissingField, "To send needs to: an address or number.", "to");
        return rule.Settings.Actions.Any(action => WorkflowForm.IsMessage(action) && MessageForm.Recipient("to", action.Kind, to) is null)
            ? null
            : Problems.Invalid("to", "to must be an address or number to which one of its messages can go.");
    }

    /// <summary>Where nothing is known, the example stands for it.</summary>
    private async Task<Dictionary<string, string>> Values(WorkflowEvent kind, Happening happening, CancellationToken stop)
    {
        var known = await values.Of(kind, happening, stop);
        return kind.Shortcodes.ToDictionary(
            code => code.Name,
            code => happening.Tenant.Length == 0 && known[code.Name].Length == 0 ? code.Example : known[code.Name], StringComparer.Ordinal);
    }

    private async Task<bool> Matches(WorkflowRow rule, WorkflowEvent kind, Happening happening, TenantRow? tenant, CancellationToken stop)
    {
        var catalog = await catalogs.Refresh(stop);
        return WorkflowWorker.IsFor(rule, kind, WorkflowOccasions.Of(kind, happening, tenant?.Plan, catalog), catalog);
    }

    private async Task<WorkflowTestAction> Show(
        WorkflowAction action, WorkflowEvent kind, Happening happening, IReadOnlyDictionary<string, string> filled, WorkflowTestRequest request,
        CancellationToken stop)
    {
        if (action.Kind == WorkflowForm.Webhook)
        {
            using var body = JsonDocument.Parse(WorkflowText.Body(action, happening, filled));
            return new WorkflowTestAction { Kind = action.Kind, Url = action.Url, Body = body.RootElement.Clone() };
        }
        if (!WorkflowForm.IsMessage(action))
            return new WorkflowTestAction { Kind = action.Kind, Type = action.Type, Amount = action.Amount, Reason = action.Reason };

        var to = action.To == WorkflowForm.ToTenant && happening.Tenant.Length == 0
            ? filled.GetValueOrDefault(action.Kind == WorkflowForm.Email ? "tenant_email" : "tenant_phone") ?? ""
            : await actions.RecipientOf(action, happening.Tenant, stop);
        var content = WorkflowText.Message(action, to, kind, filled);
        var shown = new WorkflowTestAction
        {
            Kind = action.Kind, To = WorkflowForm.TextOrNull(to), Subject = WorkflowForm.TextOrNull(content.Subject),
            Text = WorkflowForm.TextOrNull(content.Text), Html = WorkflowForm.TextOrNull(content.Html),
        };
        if (request.Send != true || MessageForm.Recipient("to", action.Kind, request.To!) is not null) return shown;
        var sent = await notices.Run(
            new MessageId("test", Guid.NewGuid().ToString("n")), action.Kind, content with { Recipient = request.To! }, stop);
        return shown with
        {
            To = request.To,
            Outcome = sent.Outcome switch
            {
                SendOutcome.Accepted => "accepted", SendOutcome.Refused => "refused", SendOutcome.Later => "later", SendOutcome.Unknown => "unknown",
            },
            Reason = WorkflowForm.TextOrNull(sent.Reason),
        };
    }
}
