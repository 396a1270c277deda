using System.Data.Common;
using Dapper;
using Topup.Domain;
using Topup.Domain.Tenancy;

namespace Topup.Server.Tenancy.Portal;

/// <summary>All SQL of portal sessions.</summary>
internal static class PortalStore
{
    private const string Opened =
        """
        select id as Id, link_hash as LinkHash, link_until as LinkUntil, hash as Hash, tenant_id as TenantId, scopes as Scopes, locale as Locale,
            theme as Theme, return_url as ReturnUrl, embed_origin as EmbedOrigin, made_by as MadeBy, opened_at as OpenedAt, seen_at as SeenAt
        from portal_sessions where opened_at > 0 and
        """ + " ";

    public static Task Insert(DbConnection connection, DbTransaction transaction, PortalRow row) => connection.ExecuteAsync(
        """
        insert into portal_sessions (id, link_hash, link_until, hash, tenant_id, scopes, locale, theme, return_url, embed_origin, made_by, opened_at, seen_at)
        values (@Id, @LinkHash, @LinkUntil, @Hash, @TenantId, @Scopes, @Locale, @Theme, @ReturnUrl, @EmbedOrigin, @MadeBy, 0, 0)
        """, row, transaction);

    /// <summary>Whether the link could still be opened: of all who come at once, one opens it.</summary>
    public static async Task<bool> Open(DbConnection connection, DbTransaction transaction, byte[] link, byte[] hash, Instant now) =>
        await connection.ExecuteAsync(
            """
            update portal_sessions set hash = @hash, opened_at = @now, seen_at = @now
            where link_hash = @link and opened_at = 0 and link_until > @now
            """, new { link, hash, now = now.UnixMs }, transaction) > 0;

    public static Task<PortalRow?> Find(DbConnection connection, byte[] hash) =>
        connection.QuerySingleOrDefaultAsync<PortalRow>(Opened + "hash = @hash", new { hash });

    public static Task<PortalRow?> FindById(DbConnection connection, string id) =>
        connection.QuerySingleOrDefaultAsync<PortalRow>(Opened + "id = @id", new { id });

    public static Task SaveSeen(DbConnection connection, DbTransaction transaction, string id, Instant at) =>
        connection.ExecuteAsync("update portal_sessions set seen_at = @at where id = @id and seen_at < @at", new { id, at = at.UnixMs }, transaction);

    public static Task SaveLook(DbConnection connection, DbTransaction transaction, string id, string locale, string theme) =>
        connection.ExecuteAsync("update portal_sessions set locale = @locale, theme = @theme where id = @id", new { id, locale, theme }, transaction);

    public static Task Delete(DbConnection connection, DbTransaction transaction, string id) =>
        connection.ExecuteAsync("delete from portal_sessions where id = @id", new { id }, transaction);

    /// <summary>Forgets links and sessions that are over, and says how many there were.</summary>
    public static Task<int> DeleteExpired(DbConnection connection, DbTransaction transaction, Instant now) => connection.ExecuteAsync(
        """
        delete from portal_sessions
        where (opened_at = 0 and link_until <= @now) or (opened_at > 0 and (seen_at <= @idle or opened_at <= @absolute))
        """,
        new
        {
            now = now.UnixMs,
            idle = now.UnixMs - (long)SessionLimits.OfPortals.Idle.TotalMilliseconds,
            absolute = now.UnixMs - (long)SessionLimits.OfPortals.Absolute.TotalMilliseconds,
        }, transaction);
}

internal sealed record PortalRow(
    string Id, byte[] LinkHash, long LinkUntil, byte[] Hash, string TenantId, long Scopes, string Locale, string Theme, string ReturnUrl,
    string EmbedOrigin, string MadeBy, long OpenedAt, long SeenAt);
