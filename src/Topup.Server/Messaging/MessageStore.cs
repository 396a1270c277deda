using System.Globalization;
using Dapper;
using Topup.Domain;
using Topup.Domain.Messaging;
using Topup.Domain.Tenancy;
using Topup.Server.Ledger;
using Topup.Server.Messaging.Suppressions;
using Topup.Server.Storage;
using static Topup.Server.Storage.Column;

namespace Topup.Server.Messaging;

/// <summary>All SQL of messages. A message changes only through the ledger's lane, under the lock of its tenant, as <see cref="Kind"/>.</summary>
internal sealed class MessageStore(Database database)
{
    private static readonly Column[] Key = [Long("bucket"), Text("tenant_id"), Text("id")];

    private static readonly Column[] Values =
    [
        Text("channel"), Long("campaign"), Long("status"), Text("reason"), Text("driver"), Text("provider_id"), Long("attempts"), Text("type"),
        Long("hold"), Long("held"), Long("quantity"), Long("per_segment"), Long("charged"), Text("reference"), Long("fingerprint"), Text("actor"),
        Long("created_at"), Long("changed_at"), Long("due_at"), Long("version"),
    ];

    private static readonly string Columns = "m.tenant_id, m.id, " + string.Join(", ", Values.Select(column => "m." + column.Name));

    private static readonly Statement Load = new(
        $"select {Columns} from {"{rows}"} join messages m on m.bucket = r.bucket and m.tenant_id = r.tenant_id and m.id = r.id", Key);

    private static readonly Statement SaveMessages = LedgerStore.Upsert("messages", Key, Values);

    private static readonly Statement SaveContents = LedgerStore.Upsert(
        "message_contents", Key, Text("recipient"), Text("subject"), Text("body_text"), Text("body_html"), Text("content_sid"), Text("content_variables"),
        Long("delete_at"));

    /// <summary>Messages as the ledger loads and saves them together with a pool.</summary>
    public static readonly CompanionKind Kind = new(Load, Read, (row, writes) => Save((MessageRow)row, writes));

    public static CompanionKey KeyOf(MessageId id) => new(Kind, id.Tenant, id.Id);

    public static void Save(MessageId id, MessageContent content, Instant deleteAt, Alongside writes) => writes.RowsOf(SaveContents).Add()
        .Long(TenantId.Bucket(id.Tenant)).Text(id.Tenant).Text(id.Id).Text(content.Recipient).Text(content.Subject).Text(content.Text).Text(content.Html)
        .Text(content.ContentSid).Text(content.ContentVariables).Long(deleteAt.UnixMs);

    public async Task<MessageRow?> Find(MessageId id, CancellationToken stop) => (await Many(
        "m.bucket = @bucket and m.tenant_id = @tenant and m.id = @id",
        new { bucket = (long)TenantId.Bucket(id.Tenant), tenant = id.Tenant, id = id.Id }, stop)).FirstOrDefault();

    /// <summary>Null: it was deleted.</summary>
    public Task<MessageContent?> FindContent(MessageId id, CancellationToken stop) => database.Read(async connection =>
    {
        MessageContent? found = null;
        await LedgerHistory.Each(connection,
            """
            select c.recipient, c.subject, c.body_text, c.body_html, c.content_sid, c.content_variables from message_contents c
            where c.bucket = @bucket and c.tenant_id = @tenant and c.id = @id
            """,
            new { bucket = (long)TenantId.Bucket(id.Tenant), tenant = id.Tenant, id = id.Id },
            row => found = new MessageContent(row.Text(0), row.Text(1), row.Text(2), row.Text(3)) { ContentSid = row.Text(4), ContentVariables = row.Text(5) });
        return found;
    }, stop);

    /// <summary>A tenant's, the newest first, with their recipients; empty: it is not kept any more.</summary>
    public Task<List<(MessageRow Row, string Recipient)>> List(
        string tenant, MessageStatus? status, string? channel, PlaceInMessages before, int limit, CancellationToken stop) => database.Read(async connection =>
    {
        var found = new List<(MessageRow, string)>();
        await LedgerHistory.Each(connection,
            $"""
            select {Columns}, coalesce(c.recipient, '') from messages m
            left join message_contents c on c.bucket = m.bucket and c.tenant_id = m.tenant_id and c.id = m.id
            where m.bucket = @bucket and m.tenant_id = @tenant
              and (m.created_at < @beforeAt or (m.created_at = @beforeAt and m.id < @beforeId))
              {(status is null ? "" : "and m.status = @status")} {(channel is null ? "" : "and m.channel = @channel")}
            order by m.created_at desc, m.id desc limit @limit
            """,
            new
            {
                bucket = (long)TenantId.Bucket(tenant), tenant, beforeAt = before.At, beforeId = before.Id, status = (long)(status ?? 0), channel,
                limit = (long)limit,
            },
            row => found.Add((Read(row), row.Text(Values.Length + 2))));
        return found;
    }, stop);

    /// <summary>All tenants', the newest first, with their recipients.</summary>
    public Task<List<(MessageRow Row, string Recipient)>> ListAll(
        string? tenant, MessageStatus? status, string? channel, PlaceInAllMessages before, int limit, CancellationToken stop) => database.Read(async connection =>
    {
        var found = new List<(MessageRow, string)>();
        await LedgerHistory.Each(connection,
            $"""
            select {Columns}, coalesce(c.recipient, '') from messages m
            left join message_contents c on c.bucket = m.bucket and c.tenant_id = m.tenant_id and c.id = m.id
            where m.created_at <= @at
              and (m.created_at < @at or (m.created_at = @at and (m.tenant_id < @beforeTenant or (m.tenant_id = @beforeTenant and m.id < @beforeId))))
              {(tenant is null ? "" : "and m.bucket = @bucket and m.tenant_id = @tenant")} 
              {StatusCondition(status)} {(channel is null ? "" : "and m.channel = @channel")}
            order by m.created_at desc, m.tenant_id desc, m.id desc limit @limit
            """,
            new
            {
                bucket = tenant is null ? 0L : TenantId.Bucket(tenant), tenant = tenant ?? "", at = before.At,
                beforeTenant = before.Id.Tenant, beforeId = before.Id.Id, status = (long)(status ?? 0), channel, limit = (long)limit,
            },
            row => found.Add((Read(row), row.Text(Values.Length + 2))));
        return found;
    }, stop);

    /// <summary>Those that somebody must look after are found by an index of their own, so they are named in the statement.</summary>
    private static string StatusCondition(MessageStatus? status) => status switch
    {
        null => "",
        MessageStatus.Unknown => "and m.status = 2",
        _ => "and m.status = @status",
    };

    /// <summary>Channels that have messages which wait for time, and the first of these times.</summary>
    public Task<List<string>> DueChannels(Instant now, CancellationToken stop) => database.Read(async connection =>
    {
        var found = new List<string>();
        await LedgerHistory.Each(connection,
            "select distinct m.channel from messages m where m.due_at <= @now and m.due_at < 9223372036854775807",
            new { now = now.UnixMs }, row => found.Add(row.Text(0)));
        return found;
    }, stop);

    /// <summary>Those of a channel whose time has come, the longest waiting first.</summary>
    public Task<List<MessageRow>> Due(string channel, Instant now, int limit, CancellationToken stop) => Many(
        "m.channel = @channel and m.due_at <= @now and m.due_at < 9223372036854775807 order by m.due_at limit @limit",
        new { channel, now = now.UnixMs, limit = (long)limit }, stop);

    /// <summary>
    /// What was refused on a channel since the last message that was let through, or in the same moment; null: nothing. That a
    /// recipient gets no more messages stops nobody else's.
    /// </summary>
    public Task<Stoppage?> Stopped(string tenant, string channel, CancellationToken stop) => database.Read(async connection =>
    {
        Stoppage? found = null;
        var args = new
        {
            bucket = (long)TenantId.Bucket(tenant), tenant, channel, refused = (long)MessageStatus.Refused, through = 0L, suppressed = SuppressionList.Reason,
        };
        await LedgerHistory.Each(connection,
            """
            select m.created_at from messages m
            where m.bucket = @bucket and m.tenant_id = @tenant and m.channel = @channel and m.status <> @refused
            order by m.created_at desc limit 1
            """, args, row => args = args with { through = row.Long(0) });
        var (count, since) = (0L, 0L);
        await LedgerHistory.Each(connection,
            """
            select count(*), coalesce(min(m.created_at), 0) from messages m
            where m.bucket = @bucket and m.tenant_id = @tenant and m.channel = @channel and m.status = @refused and m.created_at >= @through
              and m.reason <> @suppressed
            """, args, row => (count, since) = (row.Long(0), row.Long(1)));
        if (count == 0) return null;
        await LedgerHistory.Each(connection,
            """
            select m.type, m.reason, m.held, m.created_at from messages m
            where m.bucket = @bucket and m.tenant_id = @tenant and m.channel = @channel and m.status = @refused and m.created_at >= @through
              and m.reason <> @suppressed
            order by m.created_at desc limit 1
            """, args, row => found = new Stoppage(channel, row.Text(0), row.Text(1), row.Long(2), count, new Instant(since), new Instant(row.Long(3))));
        return found;
    }, stop);

    /// <summary>Channels on which a tenant has sent or tried to.</summary>
    public Task<List<string>> ChannelsOf(string tenant, CancellationToken stop) => database.Read(async connection =>
    {
        var found = new List<string>();
        await LedgerHistory.Each(connection,
            "select distinct m.channel from messages m where m.bucket = @bucket and m.tenant_id = @tenant",
            new { bucket = (long)TenantId.Bucket(tenant), tenant }, row => found.Add(row.Text(0)));
        return found;
    }, stop);

    /// <summary>Forgets to whom and what, where the time is over for which it is kept. Says how many were forgotten.</summary>
    public Task<int> Forget(Instant now, int limit, CancellationToken stop) => database.Transact((connection, transaction) => connection.ExecuteAsync(
        """
        delete from message_contents where (bucket, tenant_id, id) in
            (select c.bucket, c.tenant_id, c.id from message_contents c where c.delete_at <= @now order by c.delete_at limit @limit)
        """, new { now = now.UnixMs, limit = (long)limit }, transaction), stop);

    private Task<List<MessageRow>> Many(string condition, object args, CancellationToken stop) => database.Read(async connection =>
    {
        var found = new List<MessageRow>();
        await LedgerHistory.Each(connection, $"select {Columns} from messages m where {condition}", args, row => found.Add(Read(row)));
        return found;
    }, stop);

    private static MessageRow Read(IRow row) => new()
    {
        Tenant = row.Text(0),
        Id = row.Text(1),
        Message = new Message
        {
            Channel = row.Text(2),
            IsCampaign = row.Long(3) == 1,
            Status = (MessageStatus)row.Long(4),
            Reason = row.Text(5),
            Driver = row.Text(6),
            ProviderId = row.Text(7),
            Attempts = (int)row.Long(8),
            CreatedAt = new Instant(row.Long(18)),
            ChangedAt = new Instant(row.Long(19)),
            DueAt = new Instant(row.Long(20)),
        },
        Type = row.Text(9),
        Hold = row.Long(10),
        Held = row.Long(11),
        Quantity = row.Long(12),
        IsPerSegment = row.Long(13) == 1,
        Charged = row.Long(14),
        Reference = row.Text(15),
        Fingerprint = row.Long(16),
        Actor = row.Text(17),
        Version = row.Long(21),
    };

    private static void Save(MessageRow row, Alongside writes)
    {
        var message = row.Message;
        writes.RowsOf(SaveMessages).Add().Long(TenantId.Bucket(row.Tenant)).Text(row.Tenant).Text(row.Id)
            .Text(message.Channel).Long(message.IsCampaign ? 1 : 0).Long((long)message.Status).Text(message.Reason).Text(message.Driver)
            .Text(message.ProviderId).Long(message.Attempts).Text(row.Type).Long(row.Hold).Long(row.Held).Long(row.Quantity)
            .Long(row.IsPerSegment ? 1 : 0).Long(row.Charged).Text(row.Reference).Long(row.Fingerprint).Text(row.Actor)
            .Long(message.CreatedAt.UnixMs).Long(message.ChangedAt.UnixMs).Long(message.DueAt.UnixMs).Long(row.Version);
    }
}

/// <summary>Where a page of messages ended.</summary>
internal readonly record struct PlaceInMessages(long At, string Id)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{At} {Id}");

    public static bool TryParse(string text, out PlaceInMessages place)
    {
        place = new PlaceInMessages(long.MaxValue, "");
        if (text.Length == 0) return true;
        if (text.Split(' ') is not [var number, var id]) return false;
        if (!long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var at)) return false;
        place = new PlaceInMessages(at, id);
        return true;
    }
}

/// <summary>Where a page of everybody's messages ended.</summary>
internal readonly record struct PlaceInAllMessages(long At, MessageId Id)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{At} {Id}");

    public static bool TryParse(string text, out PlaceInAllMessages place)
    {
        place = new PlaceInAllMessages(long.MaxValue, new MessageId("", ""));
        if (text.Length == 0) return true;
        if (text.Split(' ') is not [var number, var id] || !MessageId.TryParse(id, out var parsed)) return false;
        if (!long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var at)) return false;
        place = new PlaceInAllMessages(at, parsed);
        return true;
    }
}

/// <summary>Messages that were refused one after the other.</summary>
/// <param name="Wanted">Smallest units that the last of them asked for.</param>
internal sealed record Stoppage(string Channel, string Type, string Reason, long Wanted, long Refused, Instant Since, Instant LastAt);
