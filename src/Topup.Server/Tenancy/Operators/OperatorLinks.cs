using System.Data.Common;
using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Tenancy;
using Topup.Server.Http;
using Topup.Server.Storage;

namespace Topup.Server.Tenancy.Operators;

/// <summary>Links that work once: to come into the staff, and to get a new password.</summary>
internal sealed class OperatorLinks(Database database, PublicAddress address, TimeProvider clock)
{
    /// <summary>What a page needs to know of the link it is opened by; null: it was used, or is over.</summary>
    public async Task<OperatorLink?> Find(string? token, CancellationToken stop)
    {
        if (Token.HashOf(token) is not { } hash) return null;
        return await database.Read(async connection =>
        {
            if (await OperatorStore.FindLink(connection, hash) is not { } link || IsOver(link)) return null;
            if (link.For == LinkPurpose.FirstOwner && await OperatorStore.Any(connection)) return null;
            if (link.OperatorId.Length == 0) return new OperatorLink(link.For, "", "");
            return await OperatorStore.Find(connection, link.OperatorId) is { IsEnabled: true } its ? new OperatorLink(link.For, its.Email, its.Name) : null;
        }, stop);
    }

    /// <summary>The stored link of a token; null: it was used, is over, or is for something else.</summary>
    public async Task<LinkRow?> FindRow(string? token, CancellationToken stop, params LinkPurpose[] purposes)
    {
        if (Token.HashOf(token) is not { } hash) return null;
        var link = await database.Read(connection => OperatorStore.FindLink(connection, hash), stop);
        return link is not null && !IsOver(link) && purposes.Contains(link.For) ? link : null;
    }

    /// <summary>A new link in the place of all others of the operator.</summary>
    public async Task<StaffLink> Make(DbConnection connection, DbTransaction transaction, LinkPurpose purpose, string operatorId, Author author, Instant now)
    {
        var (token, until) = (Token.Of(author.SecretBytes()), now.Plus(SessionLimits.StaffLink));
        await OperatorStore.DeleteLinksOf(connection, transaction, operatorId);
        await OperatorStore.InsertLink(connection, transaction, new LinkRow(Token.HashOf(token)!, (long)purpose, operatorId, until.UnixMs));
        return View(purpose, operatorId, token, until);
    }

    /// <summary>The link that a form made when it was sent first; null: it was used, is over, or another took its place.</summary>
    public async Task<StaffLink?> MadeBy(SentForm form, CancellationToken stop)
    {
        var token = Token.Of(form.Secret);
        var link = await database.Read(connection => OperatorStore.FindLink(connection, Token.HashOf(token)!), stop);
        return link is null || IsOver(link) ? null : View(link.For, link.OperatorId, token, new Instant(link.ExpiresAt));
    }

    /// <summary>The page that a link leads to.</summary>
    public static string PathOf(LinkPurpose purpose, string token) => purpose switch
    {
        LinkPurpose.FirstOwner or LinkPurpose.FurtherOwner => "/admin/setup/" + token,
        LinkPurpose.Invitation => "/admin/join/" + token,
        LinkPurpose.NewPassword or LinkPurpose.NewPasswordAndFactor => "/admin/reset/" + token,
    };

    private StaffLink View(LinkPurpose purpose, string operatorId, string token, Instant until) =>
        new() { Id = operatorId, Url = address.Of(PathOf(purpose, token)), ExpiresAt = until.ToDateTimeOffset() };

    private bool IsOver(LinkRow link) => clock.GetUtcNow().ToUnixTimeMilliseconds() >= link.ExpiresAt;
}

/// <param name="Email">Empty: whoever it is says so themselves.</param>
internal sealed record OperatorLink(LinkPurpose Purpose, string Email, string Name);
