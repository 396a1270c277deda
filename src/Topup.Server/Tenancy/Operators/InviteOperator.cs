using Topup.Contracts;
using Topup.Domain;
using Topup.Server.Http;
using Topup.Server.Storage;

namespace Topup.Server.Tenancy.Operators;

/// <summary><c>POST /v1/staff</c>: makes a link by which somebody comes into the staff. It is handed over by whoever asked for it.</summary>
internal sealed class InviteOperator(Database database, OperatorLinks links, TimeProvider clock)
{
    private const int StaffMax = 500;

    public async Task<IResult> Handle(HttpContext context)
    {
        var author = Author.Of(context);
        if ((OperatorProblems.OfOneTenant(context.Caller()) ?? author.Problem) is { } refused) return refused.AsResult();
        var body = await Body.Read(context, Json.Wire.StaffInvitation);
        if (body.Problem is { } unread) return unread.AsResult();
        context.Response.Headers.CacheControl = "no-store";
        return Reply.Of(await Run(body.Value, context.Caller(), author.Value, context.RequestAborted), Json.Wire.StaffLink, StatusCodes.Status201Created);
    }

    public async Task<Outcome<StaffLink>> Run(StaffInvitation asked, Caller caller, Author author, CancellationToken stop)
    {
        var (email, role) = (OperatorForm.EmailOf(asked.Email), OperatorForm.RoleOf(asked.Role));
        if ((Fields.Email("email", email) ?? role.Problem) is { } wrong) return wrong;
        if (OperatorProblems.Reach(caller, role.Value) is { } forbidden) return forbidden;
        return await database.Transact<Outcome<StaffLink>>(async (connection, transaction) =>
        {
            var now = Instant.From(clock.GetUtcNow());
            await OperatorStore.LockStaff(connection, transaction, database.Dialect);
            if (await OperatorStore.FindByEmail(connection, email, transaction) is not null) return OperatorProblems.Exists();
            if (await OperatorStore.Count(connection, transaction) >= StaffMax) return OperatorProblems.TooMany(StaffMax);
            var row = OperatorForm.New(email, "", role.Value, "", now);
            await OperatorStore.Insert(connection, transaction, row);
            await Audit.Add(connection, transaction, author, now, "staff.invited", row.Id, "", null, OperatorForm.Words(row));
            return await links.Make(connection, transaction, LinkPurpose.Invitation, row.Id, author, now);
        }, stop);
    }
}
