using System.Buffers.Text;
using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Tenancy;
using Topup.Server.Http;
using Topup.Server.Storage;
using Topup.Server.Tenancy.Operators;

namespace Topup.Server.Tenancy.Portal;

/// <summary>
/// Who looks at a portal. A session begins with a link that works once, so that no address bar, history or log holds what
/// opens it again, and goes on by a token of its own. Both live in the database alone.
/// </summary>
internal sealed class PortalSessions(Database database, PublicAddress address, TimeProvider clock)
{
    /// <summary>The page that opens a link.</summary>
    public const string OpenPath = "/portal/open/";

    /// <summary>Makes a link, in the transaction of what else there is to save.</summary>
    /// <param name="form">Of a page, which makes one link however often it is sent; null: another one each time.</param>
    public async Task<PortalSessionView> Create(DbConnection connection, DbTransaction transaction, NewPortalSession wanted, SentForm? form = null)
    {
        var (link, now) = (form is null ? Token.New() : Token.Of(form.Secret), Now());
        var (id, until) = (Guid.CreateVersion7(now.ToDateTimeOffset()).ToString(), now.Plus(SessionLimits.PortalLink));
        // Before the link, of which there can be no second.
        if (form is not null && !await OperatorStore.InsertForm(connection, transaction, new FormRow(form.Hash, id, now.UnixMs))) throw new FormSentTwiceException();
        await PortalStore.Insert(connection, transaction, new PortalRow(id, Token.HashOf(link)!, until.UnixMs, [],
            wanted.Tenant, (long)(wanted.Scopes | PortalScope.View), wanted.Locale, wanted.Theme, wanted.ReturnUrl, wanted.EmbedOrigin, wanted.MadeBy, 0, 0));
        return View(link, until);
    }

    /// <summary>The link that a form made when it was sent first; null: it opens no more.</summary>
    public PortalSessionView? MadeBy(SentForm form, FormRow made)
    {
        var until = new Instant(made.MadeAt).Plus(SessionLimits.PortalLink);
        return Now() < until ? View(Token.Of(form.Secret), until) : null;
    }

    /// <summary>The session of a token, or null when there is none that goes on.</summary>
    /// <param name="isUse">Somebody asks; else it is a page that looks for itself, for which no session goes on.</param>
    public async Task<PortalSession?> Find(string? token, CancellationToken stop, bool isUse = true)
    {
        if (Token.HashOf(token) is not { } hash) return null;
        if (await database.Read(connection => PortalStore.Find(connection, hash), stop) is not { } row) return null;
        var now = Now();
        if (IsOver(row, now)) return null;
        if (isUse && SessionLimits.IsWorthNoting(new Instant(row.SeenAt), now)) await Save(row.Id, now, stop);
        return Of(row);
    }

    /// <summary>
    /// What opens one thing of a session in a new tab. The cookie of a session in a frame is kept apart there, so a tab that the frame
    /// opens comes without it. The pass is worth something for as long as the session goes on, and for this one thing.
    /// </summary>
    /// <param name="token">Of the session.</param>
    /// <param name="what">What it opens.</param>
    public static string PassFor(string token, string what) => Base64Url.EncodeToString(Pass(Token.HashOf(token)!, what));

    /// <summary>The session that a pass for this thing is of, or null when there is none that goes on. It does not go on for this.</summary>
    public async Task<PortalSession?> FindByPass(string id, string pass, string what, CancellationToken stop)
    {
        if (await database.Read(connection => PortalStore.FindById(connection, id), stop) is not { } row || IsOver(row, Now())) return null;
        var right = Base64Url.EncodeToString(Pass(row.Hash, what));
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(right), Encoding.UTF8.GetBytes(pass)) ? Of(row) : null;
    }

    /// <summary>Keeps how somebody wants to read, for as long as the session lasts. Null: as before.</summary>
    public Task<bool> SaveLook(PortalSession session, string? locale, string? theme, CancellationToken stop) => database.Transact(async (connection, transaction) =>
    {
        await PortalStore.SaveLook(connection, transaction, session.SessionId, locale ?? session.Locale, theme ?? session.Theme);
        return true;
    }, stop);

    /// <summary>Ends a session: its token is worth nothing from now on.</summary>
    public Task End(PortalSession session, CancellationToken stop) => database.Transact(async (connection, transaction) =>
    {
        await PortalStore.Delete(connection, transaction, session.SessionId);
        return true;
    }, stop);

    private PortalSessionView View(string link, Instant until) => new() { Url = address.Of(OpenPath + link), ExpiresAt = until.ToDateTimeOffset() };

    private static byte[] Pass(byte[] hash, string what) => HMACSHA256.HashData(hash, Encoding.UTF8.GetBytes("topup pass " + what));

    private static bool IsOver(PortalRow row, Instant now) => SessionLimits.OfPortals.IsOver(new Instant(row.OpenedAt), new Instant(row.SeenAt), now);

    private static PortalSession Of(PortalRow row) =>
        new(row.Id, row.TenantId, (PortalScope)row.Scopes, row.Locale, row.Theme, row.ReturnUrl, row.EmbedOrigin,
            // A link that staff made for the tenant may buy; one to look may nothing else.
            (PortalScope)row.Scopes == PortalScope.View && row.MadeBy.StartsWith(OperatorRow.ActorOf(""), StringComparison.Ordinal));

    private Task<bool> Save(string id, Instant seenAt, CancellationToken stop) => database.Transact(async (connection, transaction) =>
    {
        await PortalStore.SaveSeen(connection, transaction, id, seenAt);
        return true;
    }, stop);

    private Instant Now() => Instant.From(clock.GetUtcNow());
}
