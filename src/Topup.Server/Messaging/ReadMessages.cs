using Topup.Contracts;
using Topup.Domain.Ledger;
using Topup.Domain.Messaging;
using Topup.Server.Catalog;
using Topup.Server.Http;
using Topup.Server.Ledger;
using Topup.Server.Tenancy;

namespace Topup.Server.Messaging;

/// <summary>Messages: one, a tenant's, and where a tenant's are stopped.</summary>
internal sealed class ReadMessages(MessageStore store, LedgerHistory history, LedgerReader reader, LedgerDesk desk, CatalogCache catalogs)
{
    public async Task<IResult> HandleOne(HttpContext context, string id) =>
        Reply.Of(await One(context.Caller(), id, context.RequestAborted), Json.Wire.MessageView);

    public async Task<Outcome<MessageView>> One(Caller caller, string id, CancellationToken stop)
    {
        if (!MessageId.TryParse(id, out var key) || !caller.MaySee(key.Tenant) || await store.Find(key, stop) is not { } row) return MessageProblems.Unknown();
        var content = await store.FindContent(row.Key, stop);
        return MessageForm.View(row, catalogs.Current.Types.GetValueOrDefault(row.Type), content?.Recipient, content);
    }

    public async Task<IResult> Handle(HttpContext context, string id, string? status, string? channel, string? limit, string? cursor)
    {
        var paging = Paging.Read(limit, cursor);
        if ((LedgerDesk.Tenant(context.Caller(), id) ?? Fields.Code("channel", channel) ?? paging.Problem) is { } problem) return problem.AsResult();
        MessageStatus? wanted = null;
        if (status is not null && (wanted = MessageForm.StatusOf(status)) is null)
            return Problems.Invalid("status", "status must be a status of a message, such as sent or unknown.").AsResult();
        if (!PlaceInMessages.TryParse(paging.Value.After, out var before))
            return Problems.Invalid("cursor", "cursor must be the next_cursor of an earlier page of this list.").AsResult();
        var rows = await store.List(id, wanted, channel, before, paging.Value.Rows, context.RequestAborted);
        if (rows.Count == 0 && !await history.HasTenant(id, context.RequestAborted)) return LedgerProblems.Of(LedgerRefusal.TenantUnknown, 0, null).AsResult();
        var page = PageOf(paging.Value, rows, row => new PlaceInMessages(row.Message.CreatedAt.UnixMs, row.Id).ToString());
        return Reply.Of<Page<MessageView>>(page, Json.Wire.PageMessageView);
    }

    /// <summary>What a list of everybody's messages is to show, as it was asked for.</summary>
    public readonly record struct Query(string? Status, string? Channel, string? Tenant, string? Limit, string? Cursor);

    /// <summary>Everybody's; of a key that is bound to one tenant, that tenant's.</summary>
    public async Task<IResult> HandleAll(HttpContext context, string? status, string? channel, string? tenant, string? limit, string? cursor) =>
        Reply.Of(await All(context.Caller(), new Query(status, channel, tenant, limit, cursor), context.RequestAborted), Json.Wire.PageMessageView);

    public async Task<Outcome<Page<MessageView>>> All(Caller caller, Query query, CancellationToken stop)
    {
        var paging = Paging.Read(query.Limit, query.Cursor);
        if (((query.Tenant is null ? null : LedgerDesk.Tenant(caller, query.Tenant)) ?? Fields.Code("channel", query.Channel) ?? paging.Problem) is { } problem)
            return problem;
        MessageStatus? wanted = null;
        if (query.Status is not null && (wanted = MessageForm.StatusOf(query.Status)) is null)
            return Problems.Invalid("status", "status must be a status of a message, such as sent or unknown.");
        if (!PlaceInAllMessages.TryParse(paging.Value.After, out var before))
            return Problems.Invalid("cursor", "cursor must be the next_cursor of an earlier page of this list.");
        var rows = await store.ListAll(query.Tenant ?? caller.TenantId, wanted, query.Channel, before, paging.Value.Rows, stop);
        return PageOf(paging.Value, rows, row => new PlaceInAllMessages(row.Message.CreatedAt.UnixMs, row.Key).ToString());
    }

    /// <summary>Channels whose last message was refused, unless what it lacked is there again by now.</summary>
    public async Task<IResult> HandleStopped(HttpContext context, string id)
    {
        var stop = context.RequestAborted;
        if (LedgerDesk.Tenant(context.Caller(), id) is { } problem) return problem.AsResult();
        if (!await history.HasTenant(id, stop)) return LedgerProblems.Of(LedgerRefusal.TenantUnknown, 0, null).AsResult();
        var stopped = new List<StoppedChannel>();
        foreach (var channel in await store.ChannelsOf(id, stop))
        {
            if (await store.Stopped(id, channel, stop) is not { } found || !catalogs.Current.Types.TryGetValue(found.Type, out var type)) continue;
            var pool = await reader.Pool(id, type, stop);
            if (pool.Problem is { } unread) return unread.AsResult();
            if (IsMended(found, pool.Value)) continue;
            stopped.Add(new StoppedChannel
            {
                Channel = channel, Type = type.Code, TypeName = type.Name, Reason = found.Reason, Refused = found.Refused,
                Since = found.Since.ToDateTimeOffset(), LastAt = found.LastAt.ToDateTimeOffset(), TopupUrl = desk.TopUpUrl(id, type.Code),
            });
        }
        return Reply.Of<StoppedView>(new StoppedView { Data = [.. stopped.OrderBy(channel => channel.Since)] }, Json.Wire.StoppedView);
    }

    private Page<MessageView> PageOf(Paging paging, List<(MessageRow Row, string Recipient)> rows, Func<MessageRow, string> cursorOf)
    {
        var page = paging.Of(rows, found => cursorOf(found.Row));
        return new Page<MessageView>
        {
            Data = [.. page.Data.Select(found => MessageForm.View(found.Row, catalogs.Current.Types.GetValueOrDefault(found.Row.Type), found.Recipient))],
            NextCursor = page.NextCursor,
        };
    }

    /// <summary>Whether credits or a plan came back. What a limit has stopped, only the next message can tell.</summary>
    private static bool IsMended(Stoppage stopped, PoolNow pool)
    {
        if (pool.Terms.SpendingRefusal != LedgerRefusal.None || stopped.Reason is ProblemCodes.LimitReached or "usage_type_off") return false;
        return pool.Pool.Allowance.IsUnlimited || pool.Pool.Balance.Available >= stopped.Wanted;
    }
}
