using System.Data.Common;
using System.Text.Json;
using Dapper;
using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Automation;
using Topup.Domain.Tenancy;
using Topup.Server.Storage;

namespace Topup.Server.Automation.Workflows;

/// <summary>All SQL of workflows.</summary>
internal sealed class WorkflowStore(Database database)
{
    /// <summary>How many events become runs in one transaction.</summary>
    private const int EventsAtOnce = 1_000;

    private const string Workflows =
        """
        select w.code as Code, w.version as Version, v.settings as Settings, w.enabled as Enabled, w.since as Since, w.created_at as CreatedAt,
            w.updated_at as UpdatedAt
        from workflows w join workflow_versions v on v.workflow = w.code and v.version = w.version
        """;

    private const string RunColumns =
        """
        r.id as Id, r.workflow as Workflow, r.version as Version, r.event as Event, r.tenant_id as Tenant, r.type as Type, r.position as Position,
        r.status as Status, r.reason as Reason, r.action as Action, r.actions as Actions, r.tries as Tries, r.due_at as DueAt, r.lease as Lease,
        r.free_at as FreeAt, r.created_at as CreatedAt, r.changed_at as ChangedAt
        """;

    public Task<WorkflowRow?> Find(string code, CancellationToken stop) => database.Read(async connection =>
        Of(await connection.QuerySingleOrDefaultAsync<StoredWorkflow>($"{Workflows} where w.code = @code", new { code })), stop);

    public async Task<List<WorkflowRow>> List(string after, int limit, CancellationToken stop) => Of(await database.Read(connection =>
        connection.QueryAsync<StoredWorkflow>($"{Workflows} where w.code > @after order by w.code limit @limit", new { after, limit = (long)limit }), stop));

    /// <summary>The rule; null: there is none. Until the transaction ends nobody else changes one, and no event becomes a run.</summary>
    public async Task<WorkflowRow?> Lock(DbConnection connection, DbTransaction transaction, string code)
    {
        await ReadPosition(connection, transaction);
        return Of(await connection.QuerySingleOrDefaultAsync<StoredWorkflow>($"{Workflows} where w.code = @code", new { code }, transaction));
    }

    /// <summary>To be called under <see cref="Lock"/>.</summary>
    public static Task<long> Count(DbConnection connection, DbTransaction transaction) =>
        connection.ExecuteScalarAsync<long>("select count(*) from workflows", transaction: transaction);

    public static async Task<bool> Exists(DbConnection connection, DbTransaction transaction, string code) =>
        await connection.ExecuteScalarAsync<long>("select count(*) from workflows where code = @code", new { code }, transaction) > 0;

    /// <summary>The last version of a code, also of one that was deleted; 0: there was none. To be called under <see cref="Lock"/>.</summary>
    public static Task<long> LastVersion(DbConnection connection, DbTransaction transaction, string code) => connection.ExecuteScalarAsync<long>(
        "select coalesce(max(version), 0) from workflow_versions where workflow = @code", new { code }, transaction);

    public static Task<long> LastPosition(DbConnection connection, DbTransaction transaction) =>
        connection.ExecuteScalarAsync<long>("select value from counters where name = 'outbox'", transaction: transaction);

    /// <summary>Saves all of a rule, as a new version. To be called under <see cref="Lock"/>.</summary>
    public static async Task Save(DbConnection connection, DbTransaction transaction, WorkflowRow row)
    {
        await connection.ExecuteAsync("insert into workflow_versions (workflow, version, settings) values (@Code, @Version, @settings)",
            new { row.Code, row.Version, settings = WorkflowForm.Words(row.Settings) }, transaction);
        await connection.ExecuteAsync(
            """
            insert into workflows (code, version, event, enabled, since, created_at, updated_at) values (@code, @version, @event, @enabled, @since, @createdAt, @updatedAt)
            on conflict (code) do update set version = excluded.version, event = excluded.event, enabled = excluded.enabled, since = excluded.since,
                updated_at = excluded.updated_at
            """,
            new
            {
                code = row.Code, version = row.Version, @event = row.Settings.Event, enabled = row.Enabled ? 1L : 0L, since = row.Since,
                createdAt = row.CreatedAt.UnixMs, updatedAt = row.UpdatedAt.UnixMs,
            }, transaction);
    }

    /// <summary>The runs stay until they are forgotten, and so do the versions that they began with.</summary>
    public static Task Delete(DbConnection connection, DbTransaction transaction, string code) =>
        connection.ExecuteAsync("delete from workflows where code = @code", new { code }, transaction);

    /// <summary>Ends what has begun and is not done. What is being done now is still written down.</summary>
    public static Task Cancel(DbConnection connection, DbTransaction transaction, string code, string reason, Instant now) => connection.ExecuteAsync(
        """
        update workflow_runs set status = @canceled, reason = @reason, lease = '', due_at = @never, changed_at = @now where workflow = @code and status = 0
        """, new { code, reason, canceled = (long)RunStatus.Canceled, never = Instant.Never.UnixMs, now = now.UnixMs }, transaction);

    /// <summary>The rules that start something.</summary>
    public async Task<List<WorkflowRow>> Enabled(CancellationToken stop) =>
        Of(await database.Read(connection => connection.QueryAsync<StoredWorkflow>($"{Workflows} where w.enabled = 1 order by w.code"), stop));

    /// <summary>A rule, or a webhook endpoint by its name, asks for weekly statements.</summary>
    public Task<bool> IsStatementWanted(CancellationToken stop) => database.Read(async connection => await connection.ExecuteScalarAsync<long>(
        """
        select (select count(*) from workflows where enabled = 1 and event = @event)
            + (select count(*) from webhook_endpoints where enabled = 1 and ' ' || events || ' ' like '% ' || @event || ' %')
        """, new { @event = WorkflowEvents.WeeklyStatement }) > 0, stop);

    /// <summary>How many events have come that were not looked at yet.</summary>
    public Task<long> Behind(CancellationToken stop) => database.Read(connection => connection.ExecuteScalarAsync<long>(
        "select cast(sum(case name when 'outbox' then value else -value end) as bigint) from counters where name in ('outbox', 'workflows')"), stop);

    /// <summary>
    /// Makes runs of the events that have come since the last time, and says how many events those were. Where it stopped is
    /// written in the same transaction, so an event starts each rule once.
    /// </summary>
    /// <param name="start">The runs that an event starts, of the rules that were enabled when it came.</param>
    public Task<long> FanOut(Func<DbConnection, Happening, List<WorkflowRow>, Task<List<RunRow>>> start, Instant now, CancellationToken stop) =>
        database.Transact(async (connection, transaction) =>
        {
            var from = await ReadPosition(connection, transaction);
            var upTo = Math.Min(from + EventsAtOnce, await LastPosition(connection, transaction));
            if (upTo <= from) return 0;
            var rules = Of(await connection.QueryAsync<StoredWorkflow>($"{Workflows} where w.enabled = 1 and w.since < @upTo order by w.code", new { upTo }, transaction));
            var types = rules.Select(rule => rule.Event?.Event).OfType<string>().Distinct().ToArray();
            foreach (var @event in types.Length == 0 ? [] : await Events(connection, transaction, from, upTo, types))
            {
                var wanting = rules.FindAll(rule => rule.Event?.Event == @event.Type && rule.Since < @event.Position);
                if (wanting.Count == 0) continue;
                foreach (var run in await start(connection, @event, wanting)) await Insert(connection, transaction, run, rules.Find(rule => rule.Code == run.Workflow)!);
            }
            await connection.ExecuteAsync("update counters set value = @upTo where name = 'workflows'", new { upTo }, transaction);
            return upTo - from;
        }, stop);

    /// <summary>Takes runs that are due. Who has one is alone to go on with it, until the lease is over.</summary>
    /// <param name="leaseMax">Nobody may hold one for longer: who does wrote that under a clock that was wrong.</param>
    public async Task<List<RunRow>> Claim(Instant now, TimeSpan lease, TimeSpan leaseMax, int limit, CancellationToken stop)
    {
        const string due = "from workflow_runs r where r.status = 0 and r.due_at <= @now and (r.free_at <= @now or r.free_at > @far)";
        var args = new { now = now.UnixMs, far = now.Plus(leaseMax).UnixMs, limit = (long)limit };
        if (limit == 0 || !(await database.Read(connection => connection.QueryAsync<string>($"select r.id {due} limit 1", args), stop)).Any()) return [];
        return await database.Transact(async (connection, transaction) =>
        {
            var rows = Of(await connection.QueryAsync<StoredRun>(
                $"select {RunColumns} {due} order by r.due_at, r.position, r.id limit @limit{database.Dialect.LockSkipLocked}", args, transaction));
            var claimed = rows.ConvertAll(row => row with { Lease = Guid.NewGuid().ToString(), FreeAt = now.Plus(lease) });
            foreach (var row in claimed) await SaveRun(connection, transaction, row);
            return claimed;
        }, stop);
    }

    /// <summary>Holds a run for longer. False: it is ours no more.</summary>
    public Task<bool> Extend(RunRow held, Instant freeAt, CancellationToken stop) => database.Transact(async (connection, transaction) =>
        await connection.ExecuteAsync("update workflow_runs set free_at = @freeAt where id = @id and lease = @lease and status = 0",
            new { id = held.Id, lease = held.Lease, freeAt = freeAt.UnixMs }, transaction) == 1, stop);

    /// <summary>The row, which nobody else can change until the transaction ends.</summary>
    public async Task<RunRow?> LockRun(DbConnection connection, DbTransaction transaction, string id) => Of(await connection.QueryAsync<StoredRun>(
        $"select {RunColumns} from workflow_runs r where r.id = @id{database.Dialect.Lock}", new { id }, transaction)).FirstOrDefault();

    /// <summary>To be called under <see cref="LockRun"/> or by who holds the lease.</summary>
    public static Task SaveRun(DbConnection connection, DbTransaction transaction, RunRow row) => connection.ExecuteAsync(
        """
        update workflow_runs set status = @status, reason = @reason, action = @action, tries = @tries, due_at = @dueAt, lease = @lease, free_at = @freeAt,
            changed_at = @changedAt
        where id = @id
        """,
        new
        {
            id = row.Id, status = (long)row.Status, reason = row.Reason, action = (long)row.Action, tries = (long)row.Tries, dueAt = row.DueAt.UnixMs,
            lease = row.Lease, freeAt = row.FreeAt.UnixMs, changedAt = row.ChangedAt.UnixMs,
        }, transaction);

    /// <summary>Writes what came of one attempt.</summary>
    public static Task SaveAttempt(DbConnection connection, DbTransaction transaction, string run, int number, ActionStatus status, string reason, Instant now) =>
        connection.ExecuteAsync(
            """
            update workflow_run_actions set status = @status, attempts = attempts + 1, attempted_at = @now, reason = @reason where run = @run and number = @number
            """, new { run, number = (long)number, status = (long)status, reason, now = now.UnixMs }, transaction);

    /// <summary>Lets the action that failed be tried as a new one.</summary>
    public static Task Again(DbConnection connection, DbTransaction transaction, string run, int number) => connection.ExecuteAsync(
        "update workflow_run_actions set status = 0 where run = @run and number = @number", new { run, number = (long)number }, transaction);

    /// <summary>What a rule said in a version, and the event; null: the event is gone.</summary>
    public Task<(WorkflowRequest Settings, Happening Event)?> Load(RunRow run, CancellationToken stop) => database.Read(async connection =>
    {
        var settings = await connection.ExecuteScalarAsync<string>(
            "select settings from workflow_versions where workflow = @Workflow and version = @Version", new { run.Workflow, run.Version });
        var found = (await connection.QueryAsync<StoredEvent>(
            $"select {EventColumns} from outbox where bucket = @bucket and tenant_id = @Tenant and id = @Event",
            new { bucket = (long)TenantId.Bucket(run.Tenant), run.Tenant, run.Event })).FirstOrDefault();
        return settings is null || found is null ? ((WorkflowRequest, Happening)?)null : (WorkflowForm.Read(settings), Of(found));
    }, stop);

    public async Task<RunRow?> FindRun(string id, CancellationToken stop) => Of(await database.Read(connection =>
        connection.QueryAsync<StoredRun>($"select {RunColumns} from workflow_runs r where r.id = @id", new { id }), stop)).FirstOrDefault();

    /// <summary>The newest events first.</summary>
    /// <param name="before">Only those of events before this position.</param>
    public async Task<List<RunRow>> ListRuns(string workflow, RunStatus? status, long before, int limit, CancellationToken stop) => Of(await database.Read(connection =>
        connection.QueryAsync<StoredRun>(
            $"""
            select {RunColumns} from workflow_runs r where r.workflow = @workflow and r.position < @before {(status is null ? "" : "and r.status = @status")}
            order by r.position desc limit @limit
            """, new { workflow, before, status = (long)(status ?? 0), limit = (long)limit }), stop));

    public async Task<ILookup<string, RunActionRow>> Actions(IReadOnlyCollection<string> runs, CancellationToken stop)
    {
        var rows = await database.Read(connection => connection.QueryAsync<StoredAction>(
            $"""
            select run as Run, number as Number, kind as Kind, status as Status, attempts as Attempts, attempted_at as AttemptedAt, reason as Reason
            from workflow_run_actions where run {database.Dialect.In("@runs")} order by run, number
            """, new { runs = runs.ToArray() }), stop);
        return rows.ToLookup(row => row.Run, row => new RunActionRow(
            row.Run, (int)row.Number, row.Kind, (ActionStatus)row.Status, (int)row.Attempts, new Instant(row.AttemptedAt), row.Reason));
    }

    /// <summary>Forgets runs that are over and older than this, and what rules said that no run needs any more.</summary>
    public Task<int> Purge(Instant before, CancellationToken stop) => database.Transact(async (connection, transaction) =>
    {
        await ReadPosition(connection, transaction);
        const string old = "status > 0 and created_at < @before";
        var args = new { before = before.UnixMs };
        await connection.ExecuteAsync($"delete from workflow_run_actions where run in (select id from workflow_runs where {old})", args, transaction);
        var runs = await connection.ExecuteAsync($"delete from workflow_runs where {old}", args, transaction);
        await connection.ExecuteAsync(
            """
            delete from workflow_versions where not exists (select 1 from workflows w where w.code = workflow_versions.workflow and w.version = workflow_versions.version)
                and not exists (select 1 from workflow_runs r where r.workflow = workflow_versions.workflow and r.version = workflow_versions.version)
            """, transaction: transaction);
        return runs;
    }, stop);

    private const string EventColumns = "type as Type, id as Id, tenant_id as Tenant, position as Position, at as At, payload as Payload";

    /// <summary>The last position that became runs, under a lock.</summary>
    private Task<long> ReadPosition(DbConnection connection, DbTransaction transaction) => connection.ExecuteScalarAsync<long>(
        "select value from counters where name = 'workflows'" + database.Dialect.Lock, transaction: transaction);

    private async Task<List<Happening>> Events(DbConnection connection, DbTransaction transaction, long from, long upTo, string[] types)
    {
        var rows = await connection.QueryAsync<StoredEvent>(
            $"select {EventColumns} from outbox where position > 0 and position > @from and position <= @upTo and type {database.Dialect.In("@types")} order by position",
            new { from, upTo, types }, transaction);
        return [.. rows.Select(Of)];
    }

    private static async Task Insert(DbConnection connection, DbTransaction transaction, RunRow run, WorkflowRow rule)
    {
        var isNew = await connection.ExecuteAsync(
            """
            insert into workflow_runs (id, workflow, version, event, bucket, tenant_id, type, position, status, reason, action, actions, tries, due_at, lease, free_at,
                created_at, changed_at)
            values (@Id, @Workflow, @Version, @Event, @bucket, @Tenant, @Type, @Position, @status, @Reason, 0, @actions, 0, @dueAt, '', 0, @createdAt, @createdAt)
            on conflict (workflow, event) do nothing
            """,
            new
            {
                run.Id, run.Workflow, run.Version, run.Event, bucket = (long)TenantId.Bucket(run.Tenant), run.Tenant, run.Type, run.Position,
                status = (long)run.Status, run.Reason, actions = (long)run.Actions, dueAt = run.DueAt.UnixMs, createdAt = run.CreatedAt.UnixMs,
            }, transaction);
        if (isNew == 0 || run.Status != RunStatus.Waiting) return;
        foreach (var (number, action) in rule.Settings.Actions.Index())
        {
            await connection.ExecuteAsync(
                "insert into workflow_run_actions (run, number, kind, status, attempts, attempted_at, reason) values (@Id, @number, @Kind, 0, 0, 0, '')",
                new { run.Id, number = (long)number, action.Kind }, transaction);
        }
    }

    private static Happening Of(StoredEvent row)
    {
        using var data = JsonDocument.Parse(row.Payload);
        return new Happening(row.Type, row.Id, row.Tenant, row.Position, new Instant(row.At), data.RootElement.Clone());
    }

    private static List<WorkflowRow> Of(IEnumerable<StoredWorkflow> rows) => [.. rows.Select(row => Of(row)!)];

    private static WorkflowRow? Of(StoredWorkflow? row) => row is null ? null : new WorkflowRow
    {
        Code = row.Code, Version = row.Version, Settings = WorkflowForm.Read(row.Settings), Enabled = row.Enabled == 1, Since = row.Since,
        CreatedAt = new Instant(row.CreatedAt), UpdatedAt = new Instant(row.UpdatedAt),
    };

    private static List<RunRow> Of(IEnumerable<StoredRun> rows) =>
    [
        .. rows.Select(row => new RunRow
        {
            Id = row.Id, Workflow = row.Workflow, Version = row.Version, Event = row.Event, Tenant = row.Tenant, Type = row.Type, Position = row.Position,
            Status = (RunStatus)row.Status, Reason = row.Reason, Action = (int)row.Action, Actions = (int)row.Actions, Tries = (int)row.Tries,
            DueAt = new Instant(row.DueAt), Lease = row.Lease, FreeAt = new Instant(row.FreeAt), CreatedAt = new Instant(row.CreatedAt),
            ChangedAt = new Instant(row.ChangedAt),
        }),
    ];

    private sealed record StoredWorkflow(string Code, long Version, string Settings, long Enabled, long Since, long CreatedAt, long UpdatedAt);

    private sealed record StoredRun(
        string Id, string Workflow, long Version, string Event, string Tenant, string Type, long Position, long Status, string Reason, long Action, long Actions,
        long Tries, long DueAt, string Lease, long FreeAt, long CreatedAt, long ChangedAt);

    private sealed record StoredAction(string Run, long Number, string Kind, long Status, long Attempts, long AttemptedAt, string Reason);

    private sealed record StoredEvent(string Type, string Id, string Tenant, long Position, long At, string Payload);
}
