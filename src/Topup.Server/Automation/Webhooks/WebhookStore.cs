using System.Data.Common;
using Dapper;
using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Automation;
using Topup.Domain.Tenancy;
using Topup.Server.Storage;

namespace Topup.Server.Automation.Webhooks;

/// <summary>All SQL of webhooks.</summary>
internal sealed class WebhookStore(Database database)
{
    /// <summary>How many events become deliveries in one transaction.</summary>
    private const int EventsAtOnce = 1_000;

    /// <summary>A replay looks no further back than to a page of events that all happened this long before its beginning.</summary>
    private static readonly TimeSpan OutOfOrderMax = TimeSpan.FromHours(1);

    private const string EndpointColumns =
        """
        id as Id, url as Url, events as Events, description as Description, enabled as Enabled, tenant as Tenant, allow_private as AllowPrivate, since as Since,
        disabled_reason as DisabledReason, failing_since as FailingSince, old_secret_until as OldSecretUntil, lease as Lease, free_at as FreeAt,
        created_at as CreatedAt, updated_at as UpdatedAt
        """;

    private const string DeliveryColumns =
        """
        d.endpoint as Endpoint, d.event as Event, d.tenant_id as Tenant, d.type as Type, d.position as Position, d.status as Status, d.tries as Tries,
        d.attempts as Attempts, d.due_at as DueAt, d.created_at as CreatedAt, d.attempted_at as AttemptedAt, d.duration_ms as DurationMs,
        d.last_status as LastStatus, d.last_error as LastError, d.reply as Reply
        """;

    private const string DeliveriesWithEvents =
        $"""
        select {DeliveryColumns}, o.at as At, o.payload as Payload
        from webhook_deliveries d join outbox o on o.bucket = d.bucket and o.tenant_id = d.tenant_id and o.id = d.event
        """;

    /// <summary>Events that an endpoint wants. It is never told that it was disabled itself, for then it could be again.</summary>
    private const string Wanted =
        """
        (@all = 1 or type {types}) and (@tenant = '' or (bucket = @bucket and tenant_id = @tenant)) and not (type = @disabled and payload like @itself)
        """;

    public Task<EndpointRow?> Find(string id, CancellationToken stop) => database.Read(async connection =>
        Of(await connection.QuerySingleOrDefaultAsync<StoredEndpoint>($"select {EndpointColumns} from webhook_endpoints where id = @id", new { id })), stop);

    /// <summary>In the order in which they were made; ids sort by time.</summary>
    public async Task<List<EndpointRow>> List(string after, int limit, CancellationToken stop) => Of(await database.Read(connection =>
        connection.QueryAsync<StoredEndpoint>(
            $"select {EndpointColumns} from webhook_endpoints where id > @after order by id limit @limit", new { after, limit = (long)limit }), stop));

    /// <summary>The row, which nobody else can change until the transaction ends.</summary>
    public async Task<EndpointRow?> Lock(DbConnection connection, DbTransaction transaction, string id) => Of(await connection.QuerySingleOrDefaultAsync<StoredEndpoint>(
        $"select {EndpointColumns} from webhook_endpoints where id = @id{database.Dialect.Lock}", new { id }, transaction));

    /// <summary>How many endpoints there are. Nobody else can add one until the transaction ends.</summary>
    public async Task<long> CountLocked(DbConnection connection, DbTransaction transaction)
    {
        await ReadPosition(connection, transaction);
        return await connection.ExecuteScalarAsync<long>("select count(*) from webhook_endpoints", transaction: transaction);
    }

    /// <summary>The last position that an event has.</summary>
    public static Task<long> LastPosition(DbConnection connection, DbTransaction? transaction) =>
        connection.ExecuteScalarAsync<long>("select value from counters where name = 'outbox'", transaction: transaction);

    /// <summary>Saves all of a row. To be called under <see cref="Lock"/>, or for a row that is new.</summary>
    public static Task Save(DbConnection connection, DbTransaction transaction, EndpointRow row) => connection.ExecuteAsync(
        """
        insert into webhook_endpoints (id, url, events, description, enabled, tenant, allow_private, since, disabled_reason, failing_since, old_secret_until,
            lease, free_at, created_at, updated_at)
        values (@id, @url, @events, @description, @enabled, @tenant, @allowPrivate, @since, @disabledReason, @failingSince, @oldSecretUntil,
            @lease, @freeAt, @createdAt, @updatedAt)
        on conflict (id) do update set url = excluded.url, events = excluded.events, description = excluded.description, enabled = excluded.enabled,
            tenant = excluded.tenant, allow_private = excluded.allow_private, since = excluded.since, disabled_reason = excluded.disabled_reason,
            failing_since = excluded.failing_since, old_secret_until = excluded.old_secret_until, lease = excluded.lease, free_at = excluded.free_at,
            updated_at = excluded.updated_at
        """,
        new
        {
            id = row.Id, url = row.Url, events = string.Join(' ', row.Events), description = row.Description, enabled = row.Enabled ? 1L : 0L, tenant = row.Tenant,
            allowPrivate = row.AllowPrivate ? 1L : 0L, since = row.Since, disabledReason = (long)row.DisabledReason, failingSince = row.FailingSince.UnixMs,
            oldSecretUntil = row.OldSecretUntil.UnixMs, lease = row.Lease, freeAt = row.FreeAt.UnixMs, createdAt = row.CreatedAt.UnixMs,
            updatedAt = row.UpdatedAt.UnixMs,
        }, transaction);

    public static async Task Delete(DbConnection connection, DbTransaction transaction, string id)
    {
        await connection.ExecuteAsync("delete from webhook_deliveries where endpoint = @id", new { id }, transaction);
        await connection.ExecuteAsync("delete from webhook_endpoints where id = @id", new { id }, transaction);
    }

    /// <summary>
    /// Makes deliveries of the events that have come since the last time, and says how many events those were. Where it
    /// stopped is written in the same transaction, so an event becomes one delivery for each endpoint that wants it.
    /// </summary>
    public async Task<long> FanOut(Instant now, CancellationToken stop)
    {
        var behind = await database.Read(connection => connection.ExecuteScalarAsync<long>(
            "select cast(sum(case name when 'outbox' then value else -value end) as bigint) from counters where name in ('outbox', 'webhooks')"), stop);
        return behind <= 0 ? 0 : await database.Transact(async (connection, transaction) =>
        {
            var from = await ReadPosition(connection, transaction);
            var upTo = Math.Min(from + EventsAtOnce, await LastPosition(connection, transaction));
            if (upTo <= from) return 0;
            var endpoints = Of(await connection.QueryAsync<StoredEndpoint>(
                $"select {EndpointColumns} from webhook_endpoints where enabled = 1 and since < @upTo", new { upTo }, transaction));
            foreach (var endpoint in endpoints)
                await Deliver(connection, transaction, endpoint, Math.Max(from, endpoint.Since), upTo, Instant.Always, now, again: false);
            await connection.ExecuteAsync("update counters set value = @upTo where name = 'webhooks'", new { upTo }, transaction);
            return upTo - from;
        }, stop);
    }

    /// <summary>The first position of an event that happened at a moment or later; <see cref="long.MaxValue"/>: there is none.</summary>
    public async Task<long> FirstSince(Instant from, CancellationToken stop)
    {
        var (first, before) = (long.MaxValue, long.MaxValue);
        while (true)
        {
            var page = (await database.Read(connection => connection.QueryAsync<EventTime>(
                "select position as Position, at as At from outbox where position > 0 and position < @before order by position desc limit @limit",
                new { before, limit = (long)EventsAtOnce }), stop)).AsList();
            foreach (var seen in page.Where(seen => seen.At >= from.UnixMs)) first = seen.Position;
            // Positions follow the order of commits, which is not quite that of time.
            if (page.Count < EventsAtOnce || page.All(seen => seen.At < from.Plus(-OutOfOrderMax).UnixMs)) return first;
            before = page[^1].Position;
        }
    }

    /// <summary>How many events of a span an endpoint wants.</summary>
    public Task<long> CountWanted(EndpointRow endpoint, long firstPosition, Instant from, CancellationToken stop) => database.Read(connection =>
        connection.ExecuteScalarAsync<long>(
            $"select count(*) from outbox where position > 0 and position >= @firstPosition and at >= @since and {WantedHere}",
            Arguments(endpoint, firstPosition, 0, from, Instant.Always)), stop);

    /// <summary>Has an endpoint sent everything of a span that it wants, also what it got already.</summary>
    public async Task<int> Replay(DbConnection connection, DbTransaction transaction, EndpointRow endpoint, long firstPosition, Instant from, Instant now) =>
        await Deliver(connection, transaction, endpoint, firstPosition - 1, await LastPosition(connection, transaction), from, now, again: true);

    /// <summary>Lets nothing keep an endpoint from being sent to, but a server that does so now.</summary>
    public static Task EndRest(DbConnection connection, DbTransaction transaction, string id) => connection.ExecuteAsync(
        "update webhook_endpoints set free_at = 0 where id = @id and lease = ''", new { id }, transaction);

    /// <summary>
    /// Takes endpoints for which something is due, those that have waited longest first. Who has one is alone to send to it,
    /// until the lease is over.
    /// </summary>
    public async Task<List<EndpointRow>> Claim(Instant now, TimeSpan lease, int limit, CancellationToken stop)
    {
        // Whoever holds an endpoint for longer than anybody may wrote that under a clock that was wrong.
        const string due =
            """
            from webhook_endpoints e where e.enabled = 1 and (e.free_at <= @now or e.free_at > @far)
                and exists (select 1 from webhook_deliveries d where d.endpoint = e.id and d.status = 0 and d.due_at <= @now)
            """;
        var args = new { now = now.UnixMs, far = now.Plus(RetrySchedule.RetryAfterMax + lease).UnixMs, limit = (long)limit };
        if (limit == 0 || !(await database.Read(connection => connection.QueryAsync<string>($"select e.id {due} limit 1", args), stop)).Any()) return [];
        return await database.Transact(async (connection, transaction) =>
        {
            var rows = Of(await connection.QueryAsync<StoredEndpoint>(
                $"select {EndpointColumns} {due} order by e.free_at, e.id limit @limit{database.Dialect.LockSkipLocked}", args, transaction));
            var claimed = rows.ConvertAll(row => row with { Lease = Guid.NewGuid().ToString(), FreeAt = now.Plus(lease) });
            foreach (var row in claimed) await SaveLease(connection, transaction, row);
            return claimed;
        }, stop);
    }

    /// <summary>Gives an endpoint back, if it is still held.</summary>
    public Task Release(EndpointRow held, CancellationToken stop) => database.Transact((connection, transaction) => connection.ExecuteAsync(
        "update webhook_endpoints set lease = '', free_at = 0 where id = @id and lease = @lease",
        new { id = held.Id, lease = held.Lease }, transaction), stop);

    /// <summary>Writes only what a holder of the lease may change.</summary>
    public static Task SaveLease(DbConnection connection, DbTransaction transaction, EndpointRow row) => connection.ExecuteAsync(
        """
        update webhook_endpoints set lease = @lease, free_at = @freeAt, failing_since = @failingSince, enabled = @enabled, disabled_reason = @reason
        where id = @id
        """,
        new
        {
            id = row.Id, lease = row.Lease, freeAt = row.FreeAt.UnixMs, failingSince = row.FailingSince.UnixMs, enabled = row.Enabled ? 1L : 0L,
            reason = (long)row.DisabledReason,
        }, transaction);

    /// <summary>What is due for an endpoint, in the order of the events.</summary>
    public async Task<List<DeliveryRow>> Due(string endpoint, Instant now, int limit, CancellationToken stop) => Of(await database.Read(connection =>
        connection.QueryAsync<StoredDelivery>(
            $"{DeliveriesWithEvents} where d.endpoint = @endpoint and d.status = 0 and d.due_at <= @now order by d.position limit @limit",
            new { endpoint, now = now.UnixMs, limit = (long)limit }), stop));

    /// <summary>Writes what came of an attempt, unless somebody else made one meanwhile.</summary>
    public static Task SaveAttempt(DbConnection connection, DbTransaction transaction, DeliveryRow before, DeliveryVerdict verdict, Sent sent, Instant now) =>
        connection.ExecuteAsync(
            """
            update webhook_deliveries set status = @status, tries = tries + 1, attempts = attempts + 1, due_at = @dueAt, attempted_at = @now,
                duration_ms = @durationMs, last_status = @lastStatus, last_error = @lastError, reply = @reply
            where endpoint = @endpoint and event = @event and attempts = @attempts
            """,
            new
            {
                endpoint = before.Endpoint, @event = before.Event, attempts = (long)before.Attempts, status = (long)verdict.Status, dueAt = verdict.DueAt.UnixMs,
                now = now.UnixMs, durationMs = (long)sent.DurationMs, lastStatus = (long)sent.Attempt.Status, lastError = sent.Error, reply = sent.Reply,
            }, transaction);

    /// <summary>The newest first.</summary>
    /// <param name="before">Only those of events before this position.</param>
    public async Task<List<DeliveryRow>> ListDeliveries(string endpoint, DeliveryStatus? status, long before, int limit, CancellationToken stop) => Of(await database.Read(
        connection => connection.QueryAsync<StoredDelivery>(
            $"""
            {DeliveriesWithEvents} where d.endpoint = @endpoint and d.position < @before {(status is null ? "" : "and d.status = @status")}
            order by d.position desc limit @limit
            """, new { endpoint, before, status = (long)(status ?? 0), limit = (long)limit }), stop));

    /// <summary>How many deliveries that were made from a moment on are where, and since when the first that waits is due.</summary>
    public Task<DeliveryCounts> Count(Instant since, CancellationToken stop) => database.Read(connection => connection.QuerySingleAsync<DeliveryCounts>(
        """
        select
            (select count(*) from webhook_deliveries where status > 0 and created_at >= @since and status = @delivered) as Delivered,
            (select count(*) from webhook_deliveries where status > 0 and created_at >= @since and status <> @delivered) as Failed,
            (select count(*) from webhook_deliveries where status = 0) as Waiting
        """, new { since = since.UnixMs, delivered = (long)DeliveryStatus.Delivered }), stop);

    public Task<DeliveryRow?> FindDelivery(string endpoint, string @event, CancellationToken stop) => database.Read(async connection =>
        Of(await connection.QueryAsync<StoredDelivery>($"{DeliveriesWithEvents} where d.endpoint = @endpoint and d.event = @event", new { endpoint, @event }))
            .FirstOrDefault(), stop);

    /// <summary>Has a delivery made again, as if it were new. False: there is none.</summary>
    public static async Task<bool> Resend(DbConnection connection, DbTransaction transaction, string endpoint, string @event, Instant now) =>
        await connection.ExecuteAsync(
            "update webhook_deliveries set status = 0, tries = 0, due_at = @now where endpoint = @endpoint and event = @event",
            new { endpoint, @event, now = now.UnixMs }, transaction) == 1;

    /// <summary>Forgets deliveries that are done and older than this; the events stay.</summary>
    public Task<int> Purge(Instant before, CancellationToken stop) => database.Transact((connection, transaction) => connection.ExecuteAsync(
        "delete from webhook_deliveries where status > 0 and created_at < @before", new { before = before.UnixMs }, transaction), stop);

    private string WantedHere => Wanted.Replace("{types}", database.Dialect.In("@types"), StringComparison.Ordinal);

    /// <summary>The last position that became deliveries, under a lock.</summary>
    private Task<long> ReadPosition(DbConnection connection, DbTransaction transaction) => connection.ExecuteScalarAsync<long>(
        "select value from counters where name = 'webhooks'" + database.Dialect.Lock, transaction: transaction);

    private Task<int> Deliver(
        DbConnection connection, DbTransaction transaction, EndpointRow endpoint, long after, long upTo, Instant since, Instant now, bool again) =>
        connection.ExecuteAsync(
            $"""
            insert into webhook_deliveries (endpoint, event, bucket, tenant_id, type, position, status, tries, attempts, due_at, created_at, attempted_at,
                duration_ms, last_status, last_error, reply)
            select @endpoint, id, bucket, tenant_id, type, position, 0, 0, 0, @now, @now, 0, 0, 0, '', '' from outbox
            where position > 0 and position > @position and position <= @upTo and at >= @since and {WantedHere}
            on conflict (endpoint, event) do {(again ? "update set status = 0, tries = 0, due_at = excluded.due_at" : "nothing")}
            """, Arguments(endpoint, after, upTo, since, now), transaction);

    private static DynamicParameters Arguments(EndpointRow endpoint, long position, long upTo, Instant since, Instant now) => new(new
    {
        endpoint = endpoint.Id, position, firstPosition = position, upTo, since = since.UnixMs, now = now.UnixMs,
        all = endpoint.Events.Contains(EventTypes.Any) ? 1L : 0L, types = endpoint.Events, tenant = endpoint.Tenant,
        bucket = (long)TenantId.Bucket(endpoint.Tenant), disabled = WebhookNews.Disabled, itself = $"%{endpoint.Id}%",
    });

    private static List<EndpointRow> Of(IEnumerable<StoredEndpoint> rows) => [.. rows.Select(row => Of(row)!)];

    private static EndpointRow? Of(StoredEndpoint? row) => row is null ? null : new EndpointRow
    {
        Id = row.Id, Url = row.Url, Events = row.Events.Split(' '), Description = row.Description, Enabled = row.Enabled == 1, Tenant = row.Tenant,
        AllowPrivate = row.AllowPrivate == 1, Since = row.Since, DisabledReason = (DisableReason)row.DisabledReason, FailingSince = new Instant(row.FailingSince),
        OldSecretUntil = new Instant(row.OldSecretUntil), Lease = row.Lease, FreeAt = new Instant(row.FreeAt), CreatedAt = new Instant(row.CreatedAt),
        UpdatedAt = new Instant(row.UpdatedAt),
    };

    private static List<DeliveryRow> Of(IEnumerable<StoredDelivery> rows) =>
    [
        .. rows.Select(row => new DeliveryRow
        {
            Endpoint = row.Endpoint, Event = row.Event, Tenant = row.Tenant, Type = row.Type, Position = row.Position, Status = (DeliveryStatus)row.Status,
            Tries = (int)row.Tries, Attempts = (int)row.Attempts, DueAt = new Instant(row.DueAt), CreatedAt = new Instant(row.CreatedAt),
            AttemptedAt = new Instant(row.AttemptedAt), DurationMs = (int)row.DurationMs, LastStatus = (int)row.LastStatus, LastError = row.LastError,
            Reply = row.Reply, At = new Instant(row.At), Payload = row.Payload,
        }),
    ];

    private sealed record EventTime(long Position, long At);

    private sealed record StoredEndpoint(
        string Id, string Url, string Events, string Description, long Enabled, string Tenant, long AllowPrivate, long Since, long DisabledReason,
        long FailingSince, long OldSecretUntil, string Lease, long FreeAt, long CreatedAt, long UpdatedAt);

    private sealed record StoredDelivery(
        string Endpoint, string Event, string Tenant, string Type, long Position, long Status, long Tries, long Attempts, long DueAt, long CreatedAt,
        long AttemptedAt, long DurationMs, long LastStatus, string LastError, string Reply, long At, string Payload);
}
