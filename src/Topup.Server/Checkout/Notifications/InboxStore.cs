using Dapper;
using System.Text.Json;
using Topup.Contracts;
using Topup.Domain;
using Topup.Server.Checkout.Providers;
using Topup.Server.Storage;

namespace Topup.Server.Checkout.Notifications;

/// <summary>Notifications as they came in. They are durable before they are answered, and can be worked off again.</summary>
internal sealed class InboxStore(Database database)
{
    /// <summary>False: the provider's event is there already.</summary>
    public async Task<bool> Add(InboxRow row, CancellationToken stop) => await database.Transact((connection, transaction) => connection.ExecuteAsync(
        """
        insert into inbox (id, method, event, type, trusted, query, headers, body, received_at, status, tries, try_at, tenant_id, order_id, note)
        values (@id, @method, @event, @type, @trusted, @query, @headers, @body, @receivedAt, 0, 0, @receivedAt, '', '', '')
        on conflict do nothing
        """,
        new
        {
            id = row.Id, method = row.Method, @event = row.Event, type = row.Type, trusted = row.Trusted, query = row.Query, headers = row.Headers,
            body = row.Body, receivedAt = row.ReceivedAt,
        }, transaction), stop) == 1;

    /// <summary>Those that wait and are due, the oldest first.</summary>
    public async Task<List<InboxRow>> Due(Instant now, int limit, CancellationToken stop) => (await database.Read(connection =>
        connection.QueryAsync<InboxRow>(
            """
            select id as Id, method as Method, event as Event, type as Type, trusted as Trusted, query as Query, headers as Headers, body as Body,
                received_at as ReceivedAt, tries as Tries
            from inbox where status = 0 and try_at <= @now order by try_at limit @limit
            """, new { now = now.UnixMs, limit = (long)limit }), stop)).AsList();

    public Task Save(InboxRow row, InboxStatus status, Instant tryAt, PurchaseId? purchase, string note, CancellationToken stop) =>
        database.Transact((connection, transaction) => connection.ExecuteAsync(
            """
            update inbox set status = @status, tries = tries + 1, try_at = @tryAt, tenant_id = @tenant, order_id = @order, note = @note where id = @id
            """,
            new
            {
                id = row.Id, status = (long)status, tryAt = tryAt.UnixMs, tenant = purchase?.Tenant ?? "", order = purchase?.Number ?? "", note,
            }, transaction), stop);

    /// <summary>Those of one purchase, the oldest first.</summary>
    public async Task<List<HeardRow>> Of(PurchaseId purchase, CancellationToken stop) => (await database.Read(connection =>
        connection.QueryAsync<HeardRow>(
            """
            select type as Type, trusted as Trusted, query as Query, body as Body, received_at as ReceivedAt, status as Status, note as Note
            from inbox where order_id = @order and order_id <> '' and tenant_id = @tenant order by id limit 200
            """, new { order = purchase.Number, tenant = purchase.Tenant }), stop)).AsList();

    /// <summary>How many wait, and since when the first does.</summary>
    public Task<WaitingRow> Waiting(CancellationToken stop) => database.Read(connection => connection.QuerySingleAsync<WaitingRow>(
        "select count(*) as Count, coalesce(min(received_at), 0) as OldestAt from inbox where status = 0"), stop);

    /// <summary>Notifications that are done and older than this are forgotten; what they caused is kept for ever.</summary>
    public Task<int> Purge(Instant before, CancellationToken stop) => database.Transact((connection, transaction) =>
        connection.ExecuteAsync("delete from inbox where status <> 0 and received_at < @before", new { before = before.UnixMs }, transaction), stop);
}

/// <summary>A notification as it is shown to people.</summary>
internal sealed record HeardRow(string Type, long Trusted, string Query, byte[] Body, long ReceivedAt, long Status, string Note);

internal sealed record WaitingRow(long Count, long OldestAt);

/// <param name="Event">The provider's id of the event; empty: it has none that can be trusted.</param>
/// <param name="Trusted">1: its signature fits.</param>
/// <param name="Headers">JSON of those that were kept.</param>
internal sealed record InboxRow(
    string Id, string Method, string Event, string Type, long Trusted, string Query, string Headers, byte[] Body, long ReceivedAt, long Tries)
{
    public static InboxRow Of(string method, NotificationVerdict verdict, Notification notification, DateTimeOffset now) => new(
        Storage.EventId.Next(now), method, verdict.Id, verdict.Type, verdict.Trusted ? 1 : 0, notification.Query,
        JsonSerializer.Serialize(notification.Headers.ToDictionary(), TopupJson.Default.DictionaryStringString), notification.Body,
        now.ToUnixTimeMilliseconds(), Tries: 0);

    public Notification Notification => new(Query, JsonSerializer.Deserialize(Headers, TopupJson.Default.DictionaryStringString) ?? [], Body);
}

/// <summary>The numbers are stored and never change their meaning.</summary>
internal enum InboxStatus
{
    Waiting = 0,
    Done = 1,

    /// <summary>About nothing of ours.</summary>
    Ignored = 2,

    /// <summary>Tried for a day in vain. The reconciler has the purchase in view all the same.</summary>
    GivenUp = 3,
}
