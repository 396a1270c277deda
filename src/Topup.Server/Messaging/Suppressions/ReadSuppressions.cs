using Topup.Contracts;
using Topup.Server.Http;

namespace Topup.Server.Messaging.Suppressions;

/// <summary>Who gets no more messages: all, one, or what keeps them from a certain recipient.</summary>
internal sealed class ReadSuppressions(SuppressionList list)
{
    public async Task<IResult> Handle(HttpContext context, string? channel, string? tenant, string? limit, string? cursor)
    {
        var paging = Paging.Read(limit, cursor);
        if ((Fields.Code("channel", channel) ?? Fields.TenantId("tenant", tenant) ?? paging.Problem) is { } problem) return problem.AsResult();
        if (!PlaceInSuppressions.TryParse(paging.Value.After, out var before))
            return Problems.Invalid("cursor", "cursor must be the next_cursor of an earlier page of this list.").AsResult();
        var rows = await list.List(channel, tenant, before, paging.Value.Rows, context.RequestAborted);
        var page = paging.Value.Of(rows, row => new PlaceInSuppressions(row.CreatedAt, row.Id).ToString());
        return Reply.Of<Page<SuppressionView>>(
            new Page<SuppressionView> { Data = [.. page.Data.Select(SuppressionForm.View)], NextCursor = page.NextCursor }, Json.Wire.PageSuppressionView);
    }

    public async Task<IResult> HandleOne(HttpContext context, string id) =>
        SuppressionId.TryParse(id, out var key) && await list.Find(key, context.RequestAborted) is { } row
            ? Reply.Of<SuppressionView>(SuppressionForm.View(row), Json.Wire.SuppressionView)
            : MessageProblems.SuppressionUnknown().AsResult();

    public async Task<IResult> HandleFind(HttpContext context)
    {
        var body = await Body.Read(context, Json.Wire.SuppressionRequest);
        if ((body.Problem ?? SuppressionForm.Check(body.Value)) is { } problem) return problem.AsResult();
        var asked = body.Value;
        var found = await list.Of(asked.Channel, asked.Recipient, asked.Tenant, context.RequestAborted);
        return found.Problem is { } unreadable
            ? unreadable.AsResult()
            : Reply.Of<Page<SuppressionView>>(new Page<SuppressionView> { Data = [.. found.Value.Select(SuppressionForm.View)] }, Json.Wire.PageSuppressionView);
    }
}
