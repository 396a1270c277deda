using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Tenancy;
using Topup.Server.Http;
using Topup.Server.Storage;

namespace Topup.Server.Tenancy.Operators;

/// <summary><c>PUT /v1/staff/{id}</c>: another role, or whether somebody may sign in. An owner who can sign in always stays.</summary>
internal sealed class ChangeOperator(Database database, TimeProvider clock)
{
    public async Task<IResult> Handle(HttpContext context, string id)
    {
        var author = Author.Of(context);
        if ((OperatorProblems.OfOneTenant(context.Caller()) ?? author.Problem) is { } refused) return refused.AsResult();
        var body = await Body.Read(context, Json.Wire.StaffRequest);
        if (body.Problem is { } unread) return unread.AsResult();
        return Reply.Of(await Run(id, body.Value, context.Caller(), author.Value, context.RequestAborted), Json.Wire.StaffView);
    }

    public async Task<Outcome<StaffView>> Run(string id, StaffRequest asked, Caller caller, Author author, CancellationToken stop)
    {
        var role = OperatorForm.RoleOf(asked.Role);
        if (role.Problem is { } wrong) return wrong;
        return await database.Transact<Outcome<StaffView>>(async (connection, transaction) =>
        {
            var now = Instant.From(clock.GetUtcNow());
            await OperatorStore.LockStaff(connection, transaction, database.Dialect);
            if (await OperatorStore.Lock(connection, transaction, database.Dialect, id) is not { } before) return OperatorProblems.Unknown();
            if ((OperatorProblems.Reach(caller, before.RoleOf) ?? OperatorProblems.Reach(caller, role.Value)) is { } forbidden) return forbidden;
            var after = before with { Role = (long)role.Value, Enabled = asked.Enabled ? 1 : 0 };
            if (after == before) return OperatorForm.View(before);
            if (IsOwner(before) && !IsOwner(after) && await OperatorStore.OtherOwners(connection, transaction, id) == 0) return OperatorProblems.LastOwner();

            await OperatorStore.Update(connection, transaction, after with { UpdatedAt = now.UnixMs });
            if (!after.IsEnabled)
            {
                await OperatorStore.EndSessions(connection, transaction, id, "", now);
                await OperatorStore.DeleteLinksOf(connection, transaction, id);
            }
            await Audit.Add(connection, transaction, author, now, "staff.changed", id, "", OperatorForm.Words(before), OperatorForm.Words(after));
            return OperatorForm.View(after);
        }, stop);
    }

    private static bool IsOwner(OperatorRow row) => row is { RoleOf: OperatorRole.Owner, IsEnabled: true, IsInvited: false };
}
