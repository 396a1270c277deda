using Topup.Contracts;
using Topup.Domain.Tenancy;
using Topup.Server.Http;
using Topup.Server.Tenancy;
using Topup.Server.Tenancy.Portal;

namespace Topup.Server.Web;

/// <summary>A page of a tenant's portal. Whose it is, the session says, and nothing that comes with the request.</summary>
public abstract class PortalPage : PageBase
{
    internal PortalSession Session => Context.Features.Get<PortalSession>() ?? throw new InvalidOperationException("The page names no scope of the portal.");

    internal string Tenant => Session.Tenant;

    internal Caller Caller => Session.Caller;

    internal bool May(PortalScope scope) => (Session.PortalScopes & scope) == scope;

    internal Author By() => Author.Of(Caller);

    /// <summary>The page stands in a frame of the platform's, so what must be at the top is opened there.</summary>
    internal bool IsFramed => Context.Request.Headers["Sec-Fetch-Dest"] == "iframe";

    /// <summary>Runs what a form asks for, if the session may do it. Everybody sees the page, so each form asks for itself.</summary>
    /// <returns>Whether it was done; else <see cref="PageBase.Problem"/> says why not.</returns>
    internal async Task<bool> Try<T>(PortalScope scope, Func<Task<Outcome<T>>> act) => Took(May(scope) ? (await act()).Problem : Forbidden());

    internal async Task<bool> Try(PortalScope scope, Func<Task<Problem?>> act) => Took(May(scope) ? await act() : Forbidden());

    private bool Took(Problem? problem) => (Problem = problem) is null;

    private static Problem Forbidden() => Problems.Of(StatusCodes.Status403Forbidden, ProblemCodes.Forbidden, "You may look at this, and not change it.");
}
