using Topup.Domain;
using Topup.Domain.Tenancy;
using Topup.Server.Storage;

namespace Topup.Server.Tenancy.Operators;

/// <summary>Who has signed in. Sessions live in the database alone, so what is ended here is ended on every server at once.</summary>
internal sealed class OperatorSessions(Database database, TimeProvider clock)
{
    /// <summary>The session of a token, or null when there is none that goes on.</summary>
    public async Task<OperatorSession?> Find(string? token, CancellationToken stop)
    {
        if (Token.HashOf(token) is not { } hash) return null;
        if (await database.Read(connection => OperatorStore.FindSession(connection, hash), stop) is not var (session, its)) return null;
        var now = Now();
        if (IsOver(session, now)) return null;
        if (SessionLimits.IsWorthNoting(new Instant(session.SeenAt), now))
        {
            await database.Transact(async (connection, transaction) =>
            {
                await OperatorStore.SaveSeen(connection, transaction, session.Id, now);
                return true;
            }, stop);
        }
        return new OperatorSession(session.Id, its.Id, its.Email, its.Name, its.RoleOf, its.HasSecondFactor, new Instant(session.ConfirmedAt), its.Locale, its.Theme);
    }

    /// <summary>The sessions of an operator that go on, the newest first.</summary>
    public async Task<IReadOnlyList<ListedSession>> List(OperatorSession of, CancellationToken stop)
    {
        var (rows, now) = (await database.Read(connection => OperatorStore.ListSessions(connection, of.OperatorId), stop), Now());
        return
        [
            .. rows.Where(row => !IsOver(row, now)).Select(row => new ListedSession(
                row.Id, new Instant(row.CreatedAt), new Instant(row.SeenAt), row.Address, row.UserAgent, row.Id == of.SessionId)),
        ];
    }

    /// <summary>Signs out: the token is worth nothing from now on.</summary>
    public Task End(OperatorSession session, CancellationToken stop) => End(session, session.SessionId, stop);

    /// <summary>Ends a session of the same operator; false: they have none of this id.</summary>
    public Task<bool> End(OperatorSession by, string sessionId, CancellationToken stop) => database.Transact(async (connection, transaction) =>
    {
        var now = Now();
        if (!await OperatorStore.EndSession(connection, transaction, by.OperatorId, sessionId, now)) return false;
        await Audit.Add(connection, transaction, Author.Of(by.Caller), now, "staff.session_ended", by.OperatorId, "", null, null);
        return true;
    }, stop);

    /// <summary>Ends all sessions of the operator but this one, and says how many there were.</summary>
    public Task<int> EndOthers(OperatorSession by, CancellationToken stop) => database.Transact(async (connection, transaction) =>
    {
        var now = Now();
        var ended = await OperatorStore.EndSessions(connection, transaction, by.OperatorId, by.SessionId, now);
        await Audit.Add(connection, transaction, Author.Of(by.Caller), now, "staff.sessions_ended", by.OperatorId, "", null, null);
        return ended;
    }, stop);

    private static bool IsOver(SessionRow session, Instant now) =>
        SessionLimits.OfOperators.IsOver(new Instant(session.CreatedAt), new Instant(session.SeenAt), now);

    private Instant Now() => Instant.From(clock.GetUtcNow());
}
