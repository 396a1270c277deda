using Topup.Contracts;
using Topup.Server.Http;
using Topup.Server.Storage;

namespace Topup.Server.Tenancy.Operators;

/// <summary><c>GET /v1/staff</c>: who is among the staff, in the order in which they came.</summary>
internal sealed class ReadOperators(Database database)
{
    public async Task<IResult> Handle(HttpContext context, string? limit, string? cursor)
    {
        var page = Paging.Read(limit, cursor);
        if ((OperatorProblems.OfOneTenant(context.Caller()) ?? page.Problem) is { } refused) return refused.AsResult();
        return Reply.Of<Page<StaffView>>(await Run(page.Value, context.RequestAborted), Json.Wire.PageStaffView);
    }

    public async Task<Page<StaffView>> Run(Paging page, CancellationToken stop)
    {
        var rows = await database.Read(connection => OperatorStore.List(connection, page), stop);
        return page.Of([.. rows.Select(OperatorForm.View)], staff => staff.Id);
    }

    /// <summary>Null: there is nobody with this id.</summary>
    public async Task<StaffView?> One(string id, CancellationToken stop) =>
        await database.Read(connection => OperatorStore.Find(connection, id), stop) is { } row ? OperatorForm.View(row) : null;
}
