using Topup.Domain;
using Topup.Server.Storage;

namespace Topup.Server.Tenancy.Operators;

/// <summary>Asks somebody who has signed in for their password or a code again, before what is hard to undo.</summary>
internal sealed class ConfirmOperator(Database database, Passwords passwords, SecondFactor secondFactor, SignInGuard guard, TimeProvider clock)
{
    /// <param name="given">One of the two is enough; a code only where there is a second factor.</param>
    public async Task<ConfirmResult> Run(OperatorSession session, ConfirmRequest given, string address, CancellationToken stop)
    {
        var network = SignInGuard.NetworkOf(address);
        if (await guard.Enter(session.Email, network, stop) is > 0 and var wait) return new ConfirmResult(Proof.Wait, wait);
        var found = await database.Read(connection => OperatorStore.Find(connection, session.OperatorId), stop);
        var byCode = !string.IsNullOrWhiteSpace(given.Code);
        if (!byCode && await passwords.Check(found?.Password, given.Password ?? "", stop) == PasswordCheck.Wrong) return new ConfirmResult(Proof.Wrong, 0);
        return await database.Transact(async (connection, transaction) =>
        {
            var now = Instant.From(clock.GetUtcNow());
            if (await OperatorStore.Lock(connection, transaction, database.Dialect, session.OperatorId) is not { IsEnabled: true } row || row.Password != found!.Password)
                return new ConfirmResult(Proof.Wrong, 0);
            if (byCode && (!row.HasSecondFactor || await secondFactor.Accept(connection, transaction, row, given.Code!, now) is null))
                return new ConfirmResult(Proof.CodeWrong, 0);
            await OperatorStore.SaveConfirmed(connection, transaction, session.SessionId, now);
            await guard.Leave(connection, transaction, session.Email, network, forget: true);
            return new ConfirmResult(Proof.Right, 0);
        }, stop);
    }
}

internal sealed record ConfirmRequest(string? Password = null, string? Code = null)
{
    /// <summary>A record would write the password into a log.</summary>
    public override string ToString() => "(secret)";
}

/// <param name="WaitSeconds">After how long to try again.</param>
internal sealed record ConfirmResult(Proof Proof, int WaitSeconds);
