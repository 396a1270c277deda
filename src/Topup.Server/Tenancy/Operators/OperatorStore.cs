using System.Data.Common;
using Dapper;
using Topup.Domain;
using Topup.Domain.Tenancy;
using Topup.Server.Http;
using Topup.Server.Storage;

namespace Topup.Server.Tenancy.Operators;

/// <summary>All SQL of the staff, their sessions and links.</summary>
internal static class OperatorStore
{
    private const string Columns =
        """
        o.id as Id, o.email as Email, o.name as Name, o.role as Role, o.enabled as Enabled, o.password as Password,
        o.second_factor as SecondFactor, o.code_step as CodeStep, o.locale as Locale, o.theme as Theme,
        o.created_at as CreatedAt, o.updated_at as UpdatedAt, o.signed_in_at as SignedInAt
        """;

    private const string SessionColumns =
        """
        s.id as Id, s.hash as Hash, s.operator_id as OperatorId, s.created_at as CreatedAt, s.seen_at as SeenAt,
        s.confirmed_at as ConfirmedAt, s.ended_at as EndedAt, s.address as Address, s.network as Network, s.user_agent as UserAgent
        """;

    /// <summary>To be called before the staff changes: nobody else can change it until the transaction ends.</summary>
    public static Task LockStaff(DbConnection connection, DbTransaction transaction, Dialect dialect) =>
        connection.ExecuteScalarAsync<long>($"select value from counters where name = 'operators'{dialect.Lock}", transaction: transaction);

    public static async Task<bool> Any(DbConnection connection, DbTransaction? transaction = null) =>
        await connection.ExecuteScalarAsync<long>("select count(*) from (select 1 from operators limit 1) o", transaction: transaction) > 0;

    public static Task<OperatorRow?> Find(DbConnection connection, string id) =>
        connection.QuerySingleOrDefaultAsync<OperatorRow>($"select {Columns} from operators o where o.id = @id", new { id });

    public static Task<OperatorRow?> FindByEmail(DbConnection connection, string email, DbTransaction? transaction = null) =>
        connection.QuerySingleOrDefaultAsync<OperatorRow>($"select {Columns} from operators o where o.email = @email", new { email }, transaction);

    /// <summary>The row, which nobody else can change until the transaction ends.</summary>
    public static Task<OperatorRow?> Lock(DbConnection connection, DbTransaction transaction, Dialect dialect, string id) =>
        connection.QuerySingleOrDefaultAsync<OperatorRow>($"select {Columns} from operators o where o.id = @id{dialect.Lock}", new { id }, transaction);

    /// <summary>In the order in which they came; ids sort by time.</summary>
    public static async Task<List<OperatorRow>> List(DbConnection connection, Paging page) => (await connection.QueryAsync<OperatorRow>(
        $"select {Columns} from operators o where o.id > @after order by o.id limit @rows", new { after = page.After, rows = (long)page.Rows })).AsList();

    public static Task<long> Count(DbConnection connection, DbTransaction transaction) =>
        connection.ExecuteScalarAsync<long>("select count(*) from operators", transaction: transaction);

    /// <summary>How many others are owners who can sign in. To be called under <see cref="LockStaff"/>.</summary>
    public static Task<long> OtherOwners(DbConnection connection, DbTransaction transaction, string id) => connection.ExecuteScalarAsync<long>(
        "select count(*) from operators where id <> @id and role = @owner and enabled = 1 and password <> ''", new { id, owner = (long)OperatorRole.Owner }, transaction);

    public static Task Insert(DbConnection connection, DbTransaction transaction, OperatorRow row) => connection.ExecuteAsync(
        """
        insert into operators (id, email, name, role, enabled, password, second_factor, code_step, locale, theme, created_at, updated_at, signed_in_at)
        values (@Id, @Email, @Name, @Role, @Enabled, @Password, @SecondFactor, @CodeStep, @Locale, @Theme, @CreatedAt, @UpdatedAt, @SignedInAt)
        """, row, transaction);

    /// <summary>To be called under the lock of the row.</summary>
    public static Task Update(DbConnection connection, DbTransaction transaction, OperatorRow row) => connection.ExecuteAsync(
        """
        update operators set name = @Name, role = @Role, enabled = @Enabled, password = @Password, second_factor = @SecondFactor, code_step = @CodeStep,
            locale = @Locale, theme = @Theme, updated_at = @UpdatedAt, signed_in_at = @SignedInAt
        where id = @Id
        """, row, transaction);

    public static Task InsertSession(DbConnection connection, DbTransaction transaction, SessionRow row) => connection.ExecuteAsync(
        """
        insert into operator_sessions (id, hash, operator_id, created_at, seen_at, confirmed_at, ended_at, address, network, user_agent)
        values (@Id, @Hash, @OperatorId, @CreatedAt, @SeenAt, @ConfirmedAt, @EndedAt, @Address, @Network, @UserAgent)
        """, row, transaction);

    public static async Task<(SessionRow Session, OperatorRow Operator)?> FindSession(DbConnection connection, byte[] hash)
    {
        var session = await connection.QuerySingleOrDefaultAsync<SessionRow>(
            $"select {SessionColumns} from operator_sessions s where s.hash = @hash and s.ended_at = 0", new { hash });
        if (session is null || await Find(connection, session.OperatorId) is not { IsEnabled: true } its) return null;
        return (session, its);
    }

    /// <summary>The newest first.</summary>
    public static async Task<List<SessionRow>> ListSessions(DbConnection connection, string operatorId) => (await connection.QueryAsync<SessionRow>(
        $"select {SessionColumns} from operator_sessions s where s.operator_id = @operatorId and s.ended_at = 0 order by s.id desc", new { operatorId })).AsList();

    public static Task SaveSeen(DbConnection connection, DbTransaction transaction, string session, Instant at) =>
        connection.ExecuteAsync("update operator_sessions set seen_at = @at where id = @session and seen_at < @at", new { session, at = at.UnixMs }, transaction);

    public static Task SaveConfirmed(DbConnection connection, DbTransaction transaction, string session, Instant at) =>
        connection.ExecuteAsync("update operator_sessions set confirmed_at = @at where id = @session and ended_at = 0", new { session, at = at.UnixMs }, transaction);

    /// <summary>Ends one session of an operator, and the portals they look at; false: there is none of this id that goes on.</summary>
    public static async Task<bool> EndSession(DbConnection connection, DbTransaction transaction, string operatorId, string session, Instant at)
    {
        await EndViews(connection, transaction, operatorId);
        return await connection.ExecuteAsync("update operator_sessions set ended_at = @at where id = @session and operator_id = @operatorId and ended_at = 0",
            new { session, operatorId, at = at.UnixMs }, transaction) > 0;
    }

    /// <summary>Ends all sessions of an operator but one, and the portals they look at. Says how many sessions there were.</summary>
    /// <param name="but">Empty: all.</param>
    public static async Task<int> EndSessions(DbConnection connection, DbTransaction transaction, string operatorId, string but, Instant at)
    {
        await EndViews(connection, transaction, operatorId);
        return await connection.ExecuteAsync("update operator_sessions set ended_at = @at where operator_id = @operatorId and id <> @but and ended_at = 0",
            new { operatorId, but, at = at.UnixMs }, transaction);
    }

    /// <summary>Whether the operator with this address has signed in from the network since then.</summary>
    public static async Task<bool> HasComeFrom(DbConnection connection, DbTransaction transaction, string email, string network, Instant since) =>
        await connection.ExecuteScalarAsync<long>(
            """
            select count(*) from operators o join operator_sessions s on s.operator_id = o.id
            where o.email = @email and s.network = @network and s.created_at >= @since
            """, new { email, network, since = since.UnixMs }, transaction) > 0;

    public static Task InsertLink(DbConnection connection, DbTransaction transaction, LinkRow row) => connection.ExecuteAsync(
        """
        insert into operator_links (hash, purpose, operator_id, expires_at) values (@Hash, @Purpose, @OperatorId, @ExpiresAt)
        on conflict (hash) do nothing
        """, row, transaction);

    public static Task<LinkRow?> FindLink(DbConnection connection, byte[] hash) => connection.QuerySingleOrDefaultAsync<LinkRow>(
        "select hash as Hash, purpose as Purpose, operator_id as OperatorId, expires_at as ExpiresAt from operator_links where hash = @hash", new { hash });

    /// <summary>Whether it was still there: of all who come at once, one gets it.</summary>
    public static async Task<bool> TakeLink(DbConnection connection, DbTransaction transaction, byte[] hash) =>
        await connection.ExecuteAsync("delete from operator_links where hash = @hash", new { hash }, transaction) > 0;

    public static Task DeleteLinksOf(DbConnection connection, DbTransaction transaction, string operatorId) =>
        connection.ExecuteAsync("delete from operator_links where operator_id = @operatorId and operator_id <> ''", new { operatorId }, transaction);

    public static Task DeleteLinksFor(DbConnection connection, DbTransaction transaction, LinkPurpose purpose) =>
        connection.ExecuteAsync("delete from operator_links where purpose = @purpose", new { purpose = (long)purpose }, transaction);

    public static async Task ReplaceRecoveryCodes(DbConnection connection, DbTransaction transaction, string operatorId, IEnumerable<byte[]> hashes)
    {
        await connection.ExecuteAsync("delete from operator_recovery_codes where operator_id = @operatorId", new { operatorId }, transaction);
        foreach (var hash in hashes)
            await connection.ExecuteAsync("insert into operator_recovery_codes (operator_id, hash) values (@operatorId, @hash)", new { operatorId, hash }, transaction);
    }

    /// <summary>Whether it was one of the operator's that was not used yet.</summary>
    public static async Task<bool> TakeRecoveryCode(DbConnection connection, DbTransaction transaction, string operatorId, byte[] hash) =>
        await connection.ExecuteAsync("delete from operator_recovery_codes where operator_id = @operatorId and hash = @hash", new { operatorId, hash }, transaction) > 0;

    public static Task<long> CountRecoveryCodes(DbConnection connection, string operatorId) =>
        connection.ExecuteScalarAsync<long>("select count(*) from operator_recovery_codes where operator_id = @operatorId", new { operatorId });

    /// <summary>What is known of a name, which nobody else can change until the transaction ends.</summary>
    public static async Task<SignInFailures> LockFailures(DbConnection connection, DbTransaction transaction, Dialect dialect, string name)
    {
        await connection.ExecuteAsync("insert into sign_in_failures (name, failures, last_at, free_at) values (@name, 0, 0, 0) on conflict (name) do nothing",
            new { name }, transaction);
        var row = await connection.QuerySingleAsync<FailuresRow>(
            $"select failures as Failures, last_at as LastAt, free_at as FreeAt from sign_in_failures where name = @name{dialect.Lock}", new { name }, transaction);
        return new SignInFailures(row.Failures, new Instant(row.LastAt), new Instant(row.FreeAt));
    }

    /// <summary>To be called under <see cref="LockFailures"/>.</summary>
    public static Task SaveFailures(DbConnection connection, DbTransaction transaction, string name, SignInFailures failures) => connection.ExecuteAsync(
        "update sign_in_failures set failures = @count, last_at = @lastAt, free_at = @freeAt where name = @name",
        new { name, count = failures.Count, lastAt = failures.LastAt.UnixMs, freeAt = failures.FreeAt.UnixMs }, transaction);

    /// <summary>Forgets sessions that no rule asks for any more, and says how many there were. So do the next two.</summary>
    public static Task<int> DeleteOldSessions(DbConnection connection, DbTransaction transaction, Instant now) => connection.ExecuteAsync(
        "delete from operator_sessions where created_at < @before", new { before = now.UnixMs - (long)SignInFailures.KnownFor.TotalMilliseconds }, transaction);

    public static Task<int> DeleteOldLinks(DbConnection connection, DbTransaction transaction, Instant now) =>
        connection.ExecuteAsync("delete from operator_links where expires_at <= @now", new { now = now.UnixMs }, transaction);

    /// <summary>Whether the form made nothing before. Of two at once the second waits here for the first.</summary>
    public static async Task<bool> InsertForm(DbConnection connection, DbTransaction transaction, FormRow row) => await connection.ExecuteAsync(
        "insert into operator_forms (hash, made, made_at) values (@Hash, @Made, @MadeAt) on conflict (hash) do nothing", row, transaction) > 0;

    public static Task<FormRow?> FindForm(DbConnection connection, byte[] hash) => connection.QuerySingleOrDefaultAsync<FormRow>(
        "select hash as Hash, made as Made, made_at as MadeAt from operator_forms where hash = @hash", new { hash });

    /// <summary>Those whose session is over in any case.</summary>
    public static Task<int> DeleteOldForms(DbConnection connection, DbTransaction transaction, Instant now) => connection.ExecuteAsync(
        "delete from operator_forms where made_at < @before",
        new { before = now.UnixMs - (long)SessionLimits.OfOperators.Absolute.TotalMilliseconds }, transaction);

    public static Task<int> DeleteOldFailures(DbConnection connection, DbTransaction transaction, Instant now) => connection.ExecuteAsync(
        "delete from sign_in_failures where last_at < @before", new { before = now.UnixMs - (long)SignInFailures.ForgottenAfter.TotalMilliseconds }, transaction);

    private static Task<int> EndViews(DbConnection connection, DbTransaction transaction, string operatorId) =>
        connection.ExecuteAsync("delete from portal_sessions where made_by = @actor", new { actor = OperatorRow.ActorOf(operatorId) }, transaction);

    private sealed record FailuresRow(long Failures, long LastAt, long FreeAt);
}
