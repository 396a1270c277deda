using Topup.Domain;
using Topup.Domain.Tenancy;

namespace Topup.Server.Tenancy.Operators;

/// <summary>One of the operator's staff who has signed in.</summary>
/// <param name="ConfirmedAt">When the password or a code was given last; see <see cref="Confirmation"/>.</param>
/// <param name="Locale">Empty: as the browser says.</param>
/// <param name="Theme"><c>light</c>, <c>dark</c> or <c>auto</c>.</param>
internal sealed record OperatorSession(
    string SessionId, string OperatorId, string Email, string Name, OperatorRole Role, bool HasSecondFactor, Instant ConfirmedAt, string Locale, string Theme)
{
    /// <summary>The same as the caller of a verb.</summary>
    public Caller Caller => new(OperatorRow.ActorOf(OperatorId), Name, OperatorRoles.ScopesOf(Role), null);
}

/// <summary>A session as its owner sees it in a list.</summary>
internal sealed record ListedSession(string SessionId, Instant BeganAt, Instant SeenAt, string Address, string UserAgent, bool IsThis);
