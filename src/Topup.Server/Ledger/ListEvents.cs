using System.Globalization;
using System.Text.Json;
using Topup.Contracts;
using Topup.Domain.Ledger;
using Topup.Server.Http;
using Topup.Server.Storage;
using Topup.Server.Tenancy;

namespace Topup.Server.Ledger;

/// <summary>
/// <c>GET /v1/events</c>: the outbox as a log. A reader that asks again after the last position it saw misses nothing
/// and sees nothing twice.
/// </summary>
internal sealed class ListEvents(Outbox outbox)
{
    private const int TypeLengthMax = 64;

    public async Task<IResult> Handle(HttpContext context, string? after, string? tenant, string? type, string? limit, string? cursor)
    {
        var paging = Paging.Read(limit, cursor);
        if ((paging.Problem ?? Fields.TenantId("tenant", tenant) ?? Fields.Text("type", type, TypeLengthMax)) is { } problem) return problem.AsResult();
        var caller = context.Caller();
        if (tenant is not null && !caller.MaySee(tenant)) return LedgerProblems.Of(LedgerRefusal.TenantUnknown, 0, null).AsResult();
        var start = paging.Value.After.Length > 0 ? paging.Value.After : after ?? "0";
        if (!long.TryParse(start, NumberStyles.None, CultureInfo.InvariantCulture, out var position))
            return Problems.Invalid("after", "after must be a position, 0 or larger.").AsResult();

        // What was acknowledged before this question is in the answer: events get their positions now, if they have none.
        while (await outbox.Sequence(context.RequestAborted) == Outbox.SequenceMax) { }
        var rows = await outbox.Read(position, tenant ?? caller.TenantId, type, paging.Value.Rows, context.RequestAborted);
        var page = paging.Value.Of(rows, row => row.Position.ToString(CultureInfo.InvariantCulture));
        return Reply.Of<Page<EventView>>(
            new Page<EventView> { Data = [.. page.Data.Select(View)], NextCursor = page.NextCursor }, Json.Wire.PageEventView);
    }

    private static EventView View(SequencedEvent row)
    {
        using var data = JsonDocument.Parse(row.Payload);
        return new EventView
        {
            Position = row.Position, Id = row.Id, Type = row.Type, Tenant = row.Tenant, At = row.At.ToDateTimeOffset(), Data = data.RootElement.Clone(),
        };
    }
}
