using Topup.Contracts;
using Topup.Domain;
using Topup.Server.Http;
using Topup.Server.Storage;

namespace Topup.Server.Tenancy.Operators;

/// <summary>
/// <c>POST /v1/staff/{id}/reset-link</c>: a link by which somebody sets a new password, or, where they have not come yet,
/// another invitation. It is handed over by whoever asked for it.
/// </summary>
internal sealed class MakeResetLink(Database database, OperatorLinks links, TimeProvider clock)
{
    public async Task<IResult> Handle(HttpContext context, string id)
    {
        var author = Author.Of(context);
        if ((OperatorProblems.OfOneTenant(context.Caller()) ?? author.Problem) is { } refused) return refused.AsResult();
        var body = await Body.Read(context, Json.Wire.StaffResetRequest);
        if (body.Problem is { } unread) return unread.AsResult();
        context.Response.Headers.CacheControl = "no-store";
        return Reply.Of(await Run(id, body.Value, context.Caller(), author.Value, context.RequestAborted), Json.Wire.StaffLink, StatusCodes.Status201Created);
    }

    public Task<Outcome<StaffLink>> Run(string id, StaffResetRequest asked, Caller caller, Author author, CancellationToken stop) =>
        database.Transact<Outcome<StaffLink>>(async (connection, transaction) =>
        {
            var now = Instant.From(clock.GetUtcNow());
            if (await OperatorStore.Lock(connection, transaction, database.Dialect, id) is not { } row) return OperatorProblems.Unknown();
            if (OperatorProblems.Reach(caller, row.RoleOf) is { } forbidden) return forbidden;
            if (!row.IsEnabled) return OperatorProblems.Disabled();
            var purpose = row.IsInvited ? LinkPurpose.Invitation : asked.SecondFactor == true ? LinkPurpose.NewPasswordAndFactor : LinkPurpose.NewPassword;
            await Audit.Add(connection, transaction, author, now, "staff.link_made", id, "", null, null);
            return await links.Make(connection, transaction, purpose, id, author, now);
        }, stop);
}
