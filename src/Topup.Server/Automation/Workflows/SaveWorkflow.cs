using Topup.Contracts;
using Topup.Domain;
using Topup.Server.Catalog;
using Topup.Server.Http;
using Topup.Server.Storage;
using Topup.Server.Tenancy;

namespace Topup.Server.Automation.Workflows;

/// <summary><c>PUT /v1/workflows/{code}</c>: makes a workflow, or replaces all of it but its secret.</summary>
internal sealed class SaveWorkflow(Database database, WorkflowStore store, CatalogCache catalogs, SecretKeys keys, Outbox outbox, TimeProvider clock)
{
    private const int WorkflowsMax = 100;

    public Task<IResult> Handle(HttpContext context, string code)
    {
        context.Response.Headers.CacheControl = "no-store";
        return CatalogPut.Handle(context, Json.Wire.WorkflowRequest, Json.Wire.WorkflowView, (asked, author, stop) => Run(code, asked, author, stop));
    }

    public async Task<Outcome<Saved<WorkflowView>>> Run(string code, WorkflowRequest request, Author author, CancellationToken stop)
    {
        if (WorkflowForm.Check(code, request, await catalogs.Refresh(stop)).Problem is { } wrong) return wrong;
        if (request.Conditions?.Tenant is { } tenant && await database.Read(connection => TenancyStore.FindTenant(connection, tenant), stop) is null)
            return TenancyProblems.TenantUnknown(tenant);
        var needsSecret = request.Secret is not null || request.Actions.Any(action => action.Kind == WorkflowForm.Webhook);
        SecretBox? box = null;
        if (needsSecret && (box = keys.FindOrMake()) is null) return Problems.Of(409, ProblemCodes.SecretKeyMissing, SecretKeys.MissingSentence);

        // What was acknowledged before this request is older than the rule.
        while (await outbox.Sequence(stop) == Outbox.SequenceMax) { }
        var now = Instant.From(clock.GetUtcNow());
        return await database.Transact<Outcome<Saved<WorkflowView>>>(async (connection, transaction) =>
        {
            var before = await store.Lock(connection, transaction, code);
            if (before is null && await WorkflowStore.Count(connection, transaction) >= WorkflowsMax) return WorkflowProblems.TooMany(WorkflowsMax);
            var isEnabled = request.Enabled ?? true;
            var beginsAnew = before is null || (isEnabled && !before.Enabled) || before.Settings.Event != request.Event;
            var after = new WorkflowRow
            {
                Code = code, Version = await WorkflowStore.LastVersion(connection, transaction, code) + 1,
                Settings = request with { Secret = null }, Enabled = isEnabled,
                Since = beginsAnew ? await WorkflowStore.LastPosition(connection, transaction) : before!.Since,
                CreatedAt = before?.CreatedAt ?? now, UpdatedAt = now,
            };
            await WorkflowStore.Save(connection, transaction, after);
            if (!isEnabled) await WorkflowStore.Cancel(connection, transaction, code, "disabled", now);
            var secret = box is null ? null : await WorkflowSecrets.Save(connection, transaction, box, code, request.Secret, author, now);
            await Audit.Add(connection, transaction, author, now, before is null ? "workflow.created" : "workflow.changed", code, "",
                before is null ? null : WorkflowForm.Audited(before), WorkflowForm.Audited(after));
            return new Saved<WorkflowView>(WorkflowForm.View(after, secret), IsNew: before is null);
        }, stop);
    }
}
