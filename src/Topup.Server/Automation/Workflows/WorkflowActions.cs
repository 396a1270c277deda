using System.Globalization;
using Topup.Contracts;
using Topup.Domain.Automation;
using Topup.Domain.Messaging;
using Topup.Domain.Tenancy;
using Topup.Server.Automation.Webhooks;
using Topup.Server.Catalog.Settings;
using Topup.Server.Ledger;
using Topup.Server.Messaging;
using Topup.Server.Storage;
using Topup.Server.Tenancy;

namespace Topup.Server.Automation.Workflows;

/// <summary>
/// Does one action. What can be repeated under the same id is (a message, a webhook); credits are given under a key, so once.
/// </summary>
internal sealed class WorkflowActions(
    Database database, SendNotice notices, SignedPost post, WorkflowSecrets secrets, GrantCredits grants, PauseTenant tenants, OperatorSettings settings,
    WorkflowValues values, ILogger<WorkflowActions> log)
{
    /// <summary>Keys that begin so no request can name.</summary>
    private const string KeyPrefix = "§workflow:";

    public async Task<ActionResult> Do(RunRow run, int number, WorkflowAction action, Happening happening, WorkflowEvent kind, CancellationToken stop)
    {
        try
        {
            return action.Kind switch
            {
                WorkflowForm.Webhook => await Post(run, number, action, happening, kind, stop),
                WorkflowForm.Grant => await Give(run, number, action, happening),
                WorkflowForm.Pause or WorkflowForm.Resume => await Pause(run, action, stop),
                _ => await Send(run, number, action, happening, kind, stop),
            };
        }
        catch (Exception failed) when (failed is not OperationCanceledException)
        {
            // The kind of failure alone: its words may say to whom.
            log.LogWarning("Action {Number} of workflow run {Run} failed: {Failure}", number, run.Id, failed.GetType().Name);
            return ActionResult.Later("action_failed");
        }
    }

    /// <summary>To whom a message goes; empty: there is no address.</summary>
    public async Task<string> RecipientOf(WorkflowAction action, string tenant, CancellationToken stop)
    {
        switch (action.To)
        {
            case WorkflowForm.ToTenant:
                var owner = await database.Read(connection => TenancyStore.FindTenant(connection, tenant), stop);
                return (action.Kind == WorkflowForm.Email ? owner?.Email : owner?.Phone) ?? "";
            case WorkflowForm.ToOperator:
                var contact = await settings.Operator(stop);
                return (action.Kind == WorkflowForm.Email ? contact.Email : contact.Phone) ?? "";
            default:
                return action.To!;
        }
    }

    private async Task<ActionResult> Send(RunRow run, int number, WorkflowAction action, Happening happening, WorkflowEvent kind, CancellationToken stop)
    {
        var to = await RecipientOf(action, run.Tenant, stop);
        if (to.Length == 0) return ActionResult.Skipped("no_address");
        if (MessageForm.Recipient("to", action.Kind, to) is not null) return ActionResult.Refused("address_not_valid");
        var content = WorkflowText.Message(action, to, kind, await values.Of(kind, happening, stop));
        var sent = await notices.Run(MessageId.Of(run.Tenant, IdOf(run, number)), action.Kind, content, stop);
        return sent.Outcome switch
        {
            SendOutcome.Accepted => ActionResult.Done,
            SendOutcome.Refused => ActionResult.Refused(sent.Reason),
            SendOutcome.Later or SendOutcome.Unknown => ActionResult.Later(sent.Reason, sent.After),
        };
    }

    private async Task<ActionResult> Post(RunRow run, int number, WorkflowAction action, Happening happening, WorkflowEvent kind, CancellationToken stop)
    {
        var body = WorkflowText.Body(action, happening, await values.Of(kind, happening, stop));
        var sent = await post.Send(action.Url!, action.AllowPrivate ?? false, IdOf(run, number), body, await secrets.Keys(run.Workflow, stop), stop);
        return sent.Attempt.IsDelivered
            ? ActionResult.Done
            : ActionResult.Later(
                sent.Error.Length > 0 ? sent.Error : string.Create(CultureInfo.InvariantCulture, $"http_{sent.Attempt.Status}"), sent.Attempt.RetryAfter);
    }

    private async Task<ActionResult> Give(RunRow run, int number, WorkflowAction action, Happening happening)
    {
        var actor = ActorOf(run.Workflow);
        // Everything follows from the rule and the event: a repetition is the same request.
        var granted = await grants.Run(new Caller(actor, actor, Scope.Grant, null), KeyPrefix + IdOf(run, number), new GrantRequest
        {
            Tenant = run.Tenant, Type = action.Type!, Amount = action.Amount!.Value, Source = "promotional", Reason = action.Reason,
            Reference = actor, ExpiresAt = action.ExpiresInDays is { } days ? happening.At.ToDateTimeOffset().AddDays(days) : null,
        });
        return granted.Problem is not { } problem ? ActionResult.Done
            : problem.Status is StatusCodes.Status429TooManyRequests or >= StatusCodes.Status500InternalServerError ? ActionResult.Later(problem.Code)
            : ActionResult.Refused(problem.Code);
    }

    private async Task<ActionResult> Pause(RunRow run, WorkflowAction action, CancellationToken stop) =>
        await tenants.Run(run.Tenant, action.Kind == WorkflowForm.Pause, new Author(ActorOf(run.Workflow), action.Reason ?? ""), stop)
            ? ActionResult.Done
            : ActionResult.Skipped("nothing_to_do");

    private static string ActorOf(string workflow) => LedgerNews.WorkflowActor + workflow;

    /// <summary>The same for every attempt.</summary>
    private static string IdOf(RunRow run, int number) => string.Create(CultureInfo.InvariantCulture, $"{run.Id}-{number}");
}
