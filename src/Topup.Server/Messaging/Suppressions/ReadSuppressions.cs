using Topup.Contracts;
using Topup.Server.Http;

namespace Topup.Server.Messaging.Suppressions;

/// <summary>Who gets no more messages: all, one, or what keeps them from a certain recipient.</summary>
internal sealed class ReadSuppressions(SuppressionList list)
{
    public async Task<IResult> Handle(HttpContext context, string? channel, string? tenant, string? limit, string? cursor) =>
        Reply.Of(await List(channel, tenant, limit, cursor, context.RequestAborted), Json.Wire.PageSuppressionView);

    public async Task<Outcome<Page<SuppressionView>>> List(string? channel, string? tenant, string? limit, string? cursor, CancellationToken stop)
    {
        var paging = Paging.Read(limit, cursor);
        if ((Fields.Code("channel", channel) ?? Fields.TenantId("tenant", tenant) ?? paging.Problem) is { } problem) return problem;
        if (!PlaceInSuppressions.TryParse(paging.Value.After, out var before))
            return Problems.Invalid("cursor", "cursor must be the next_cursor of an earlier page of this list.");
        var rows = await list.List(channel, tenant, before, paging.Value.Rows, stop);
        var page = paging.Value.Of(rows, row => new PlaceInSuppressions(row.CreatedAt, row.Id).ToString());
        return new Page<SuppressionView> { Data = [.. page.Data.Select(SuppressionForm.View)], NextCursor = page.NextCursor };
    }

    public async Task<IResult> HandleOne(HttpContext context, string id) => Reply.Of(await One(id, context.RequestAborted), Json.Wire.SuppressionView);

    public async Task<Outcome<SuppressionView>> One(string id, CancellationToken stop) =>
        SuppressionId.TryParse(id, out var key) && await list.Find(key, stop) is { } row ? SuppressionForm.View(row) : MessageProblems.SuppressionUnknown();

    public async Task<IResult> HandleFind(HttpContext context)
    {
        var body = await Body.Read(context, Json.Wire.SuppressionRequest);
        return body.Problem is { } problem ? problem.AsResult() : Reply.Of(await Find(body.Value, context.RequestAborted), Json.Wire.PageSuppressionView);
    }

    public async Task<Outcome<Page<SuppressionView>>> Find(SuppressionRequest asked, CancellationToken stop)
    {
        if (SuppressionForm.Check(asked) is { } invalid) return invalid;
        var found = await list.Of(asked.Channel, asked.Recipient, asked.Tenant, stop);
        return found.Problem is { } unreadable ? unreadable : new Page<SuppressionView> { Data = [.. found.Value.Select(SuppressionForm.View)] };
    }
}
