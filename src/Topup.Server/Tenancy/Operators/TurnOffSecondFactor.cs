using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Tenancy;
using Topup.Server.Storage;

namespace Topup.Server.Tenancy.Operators;

/// <summary>Turns the own second factor off. All other sessions end.</summary>
internal sealed class TurnOffSecondFactor(Database database, TimeProvider clock)
{
    public async Task<Problem?> Run(OperatorSession session, CancellationToken stop)
    {
        var now = Instant.From(clock.GetUtcNow());
        if (!Confirmation.IsFresh(session.ConfirmedAt, now)) return OperatorProblems.ConfirmationRequired();
        return await database.Transact(async (connection, transaction) =>
        {
            if (await OperatorStore.Lock(connection, transaction, database.Dialect, session.OperatorId) is not { } before) return OperatorProblems.Unknown();
            if (!before.HasSecondFactor) return null;
            var after = before with { SecondFactor = 0, CodeStep = 0, UpdatedAt = now.UnixMs };
            await SecondFactor.Forget(connection, transaction, before.Id);
            await OperatorStore.Update(connection, transaction, after);
            await OperatorStore.EndSessions(connection, transaction, before.Id, session.SessionId, now);
            await Audit.Add(connection, transaction, Author.Of(session.Caller), now, "staff.second_factor_off", before.Id, "",
                OperatorForm.Words(before), OperatorForm.Words(after));
            return (Problem?)null;
        }, stop);
    }
}
