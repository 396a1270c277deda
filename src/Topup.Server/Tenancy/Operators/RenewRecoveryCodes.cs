using Topup.Domain;
using Topup.Domain.Tenancy;
using Topup.Server.Http;
using Topup.Server.Storage;

namespace Topup.Server.Tenancy.Operators;

/// <summary>Ten new recovery codes; those before are worth nothing.</summary>
internal sealed class RenewRecoveryCodes(Database database, TimeProvider clock)
{
    /// <summary>How many have not been used.</summary>
    public Task<long> Left(OperatorSession session, CancellationToken stop) =>
        database.Read(connection => OperatorStore.CountRecoveryCodes(connection, session.OperatorId), stop);

    /// <summary>The codes, which are shown this once. Without a second factor there are none.</summary>
    public async Task<Outcome<List<string>>> Run(OperatorSession session, CancellationToken stop)
    {
        var now = Instant.From(clock.GetUtcNow());
        if (!Confirmation.IsFresh(session.ConfirmedAt, now)) return OperatorProblems.ConfirmationRequired();
        return await database.Transact<Outcome<List<string>>>(async (connection, transaction) =>
        {
            if (await OperatorStore.Lock(connection, transaction, database.Dialect, session.OperatorId) is not { } row) return OperatorProblems.Unknown();
            if (!row.HasSecondFactor) return new List<string>();
            await Audit.Add(connection, transaction, Author.Of(session.Caller), now, "staff.recovery_codes_renewed", row.Id, "", null, null);
            return await SecondFactor.NewRecoveryCodes(connection, transaction, row.Id);
        }, stop);
    }
}
