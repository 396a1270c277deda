using System.Data.Common;
using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Automation;
using Topup.Domain.Catalog;
using Topup.Domain.Messaging;
using Topup.Server.Automation.Webhooks;
using Topup.Server.Catalog;
using Topup.Server.Storage;
using Topup.Server.Tenancy;

namespace Topup.Server.Automation.Workflows;

/// <summary>
/// Turns events into runs and goes on with them, one action after the other. Of several servers one at a time has a run. A
/// server that ends before it has written what came of an action leaves it to be done again, when its lease is over.
/// </summary>
internal sealed class WorkflowWorker(
    WorkflowStore store, WorkflowActions actions, Database database, Outbox outbox, CatalogCache catalogs, WorkflowOptions options, WebhookOptions webhooks,
    TimeProvider clock, ILogger<WorkflowWorker> log) : BackgroundService
{
    private const string Loop = "loop";
    private const int RunsAtOnce = 16;

    /// <summary>A driver may have a message for as long as its lease; with this on top nobody else takes it for lost.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ShortLease = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan KeepFor = TimeSpan.FromDays(30);
    private static readonly TimeSpan PurgeEvery = TimeSpan.FromHours(1);

    private Instant purgedAt = Instant.Always;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Every);
        var going = new List<Task>();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await timer.WaitForNextTickAsync(stoppingToken);
                // A run that is slow must not keep the others waiting, so nobody waits for it here.
                going.RemoveAll(task => task.IsCompleted);
                going.AddRange(await Begin(RunsAtOnce - going.Count, stoppingToken));
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                // What is under way ends too, and is done again by whoever comes next.
            }
            catch (Exception failed)
            {
                log.LogWarning(failed, "Workflows could not be looked at; they are in {Seconds} s", options.Every.TotalSeconds);
            }
        }
        await Task.WhenAll(going).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Does all that is due now.</summary>
    public async Task Run(CancellationToken stop)
    {
        while (await Begin(RunsAtOnce, stop) is { Count: > 0 } going) await Task.WhenAll(going);
    }

    private async Task<List<Task>> Begin(int runs, CancellationToken stop)
    {
        while (await outbox.Sequence(stop) == Outbox.SequenceMax) { }
        if (await store.Behind(stop) > 0)
        {
            var catalog = await catalogs.Refresh(stop);
            while (await store.FanOut((connection, happening, rules) => Start(connection, happening, rules, catalog), Now, stop) > 0) { }
        }
        await Purge(stop);
        return [.. (await store.Claim(Now, ShortLease, LeaseOf(null), runs, stop)).Select(run => WorkOff(run, stop))];
    }

    /// <summary>The runs that an event starts. What a workflow has done starts none, but that is written down.</summary>
    private async Task<List<RunRow>> Start(DbConnection connection, Happening happening, List<WorkflowRow> rules, CatalogSnapshot catalog)
    {
        var isAsked = rules.Exists(rule => rule.Settings.Conditions?.Plan is not null);
        var plan = isAsked && happening.Tenant.Length > 0 ? (await TenancyStore.FindTenant(connection, happening.Tenant))?.Plan : null;
        var (runs, now) = (new List<RunRow>(), Now);
        foreach (var rule in rules)
        {
            if (rule.Event is not { } kind) continue;
            var occasion = WorkflowOccasions.Of(kind, happening, plan, catalog);
            if (!IsFor(rule, kind, occasion, catalog)) continue;
            runs.Add(new RunRow
            {
                Id = Guid.CreateVersion7(now.ToDateTimeOffset()).ToString(), Workflow = rule.Code, Version = rule.Version, Event = happening.Id,
                Tenant = happening.Tenant, Type = happening.Type, Position = happening.Position,
                Status = occasion.IsOfWorkflow ? RunStatus.Skipped : RunStatus.Waiting, Reason = occasion.IsOfWorkflow ? Loop : "",
                Actions = rule.Settings.Actions.Count, DueAt = occasion.IsOfWorkflow ? Instant.Never : now, CreatedAt = now, ChangedAt = now,
            });
        }
        return runs;
    }

    /// <summary>A condition that has come to make no sense, for its type is gone, holds for nothing.</summary>
    public static bool IsFor(WorkflowRow rule, WorkflowEvent kind, WorkflowOccasion occasion, CatalogSnapshot catalog)
    {
        if (kind.Channel is not null && kind.Channel != occasion.Channel) return false;
        var conditions = WorkflowForm.ConditionsOf(rule.Settings.Conditions, kind, catalog);
        return conditions.Problem is null && conditions.Value.Matches(occasion);
    }

    private async Task WorkOff(RunRow claimed, CancellationToken stop)
    {
        try
        {
            if (await store.Load(claimed, stop) is not var (settings, happening) || WorkflowEvents.Find(settings.Event) is not { } kind)
            {
                await database.Transact(async (connection, transaction) =>
                {
                    await WorkflowStore.SaveRun(connection, transaction, claimed with
                    {
                        Status = RunStatus.Failed, Reason = "event_gone", DueAt = Instant.Never, Lease = "", FreeAt = Instant.Always, ChangedAt = Now,
                    });
                    return true;
                }, stop);
                return;
            }
            RunRow? held = claimed;
            while (held is not null) held = await Next(held, settings.Actions[held.Action], happening, kind, stop);
        }
        catch (Exception failed) when (failed is not OperationCanceledException)
        {
            log.LogError(failed, "Workflow run {Id} could not be worked off; it is tried again", claimed.Id);
        }
    }

    /// <summary>Does the next action and writes what came of it. Null: we do no more of this run now.</summary>
    private async Task<RunRow?> Next(RunRow held, WorkflowAction action, Happening happening, WorkflowEvent kind, CancellationToken stop)
    {
        if (!await store.Extend(held, Now.Plus(LeaseOf(action)), stop)) return null;
        var result = await actions.Do(held, held.Action, action, happening, kind, stop);
        var now = Now;
        var verdict = WorkflowRun.After(
            result.Outcome, held.Action, held.Actions, held.Tries + 1, now, result.RetryAfter, Random.Shared.Next(WorkflowRun.JitterMax + 1));
        // Once it is done, that is written, whoever wants us to end.
        return await database.Transact(async (connection, transaction) =>
        {
            var current = await store.LockRun(connection, transaction, held.Id);
            await WorkflowStore.SaveAttempt(connection, transaction, held.Id, held.Action, verdict.Action, result.Reason, now);
            if (current is null || current.Lease != held.Lease || current.Status != RunStatus.Waiting) return null;
            var goesOn = verdict.Run == RunStatus.Waiting && verdict.Next > held.Action;
            var after = current with
            {
                Status = verdict.Run, Action = verdict.Next, Tries = verdict.Next > held.Action ? 0 : current.Tries + 1, DueAt = verdict.DueAt,
                Lease = goesOn ? current.Lease : "", FreeAt = goesOn ? now.Plus(ShortLease) : Instant.Always, ChangedAt = now,
            };
            await WorkflowStore.SaveRun(connection, transaction, after);
            return goesOn ? after : null;
        }, CancellationToken.None);
    }

    /// <summary>Longer than the action can take, so that whoever lives keeps what it has.</summary>
    private TimeSpan LeaseOf(WorkflowAction? action) => action?.Kind switch
    {
        WorkflowForm.Webhook => webhooks.Patience + Slack,
        WorkflowForm.Grant or WorkflowForm.Pause or WorkflowForm.Resume => ShortLease,
        _ => SendSchedule.Lease + Slack,
    };

    private async Task Purge(CancellationToken stop)
    {
        if (Now < purgedAt.Plus(PurgeEvery)) return;
        await store.Purge(Now.Plus(-KeepFor), stop);
        purgedAt = Now;
    }

    private Instant Now => Instant.From(clock.GetUtcNow());
}

/// <param name="Every">How often it is looked whether anything is due.</param>
internal sealed record WorkflowOptions(TimeSpan Every)
{
    private const int SecondsMax = 86_400;

    /// <exception cref="InvalidOperationException">A setting is wrong; the message says which and how.</exception>
    public static WorkflowOptions From(IConfiguration settings)
    {
        var text = settings["Topup:WorkflowEverySeconds"];
        if (string.IsNullOrEmpty(text)) return new WorkflowOptions(TimeSpan.FromSeconds(1));
        return int.TryParse(text, out var seconds) && seconds is >= 1 and <= SecondsMax
            ? new WorkflowOptions(TimeSpan.FromSeconds(seconds))
            : throw new InvalidOperationException($"Topup__WorkflowEverySeconds must be a whole number from 1 to {SecondsMax}, not '{text}'.");
    }
}
