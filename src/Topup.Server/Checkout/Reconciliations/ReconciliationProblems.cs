using Topup.Contracts;
using Topup.Server.Http;
using Topup.Server.Tenancy;

namespace Topup.Server.Checkout.Reconciliations;

internal static class ReconciliationProblems
{
    public static Problem Unknown() => Problems.Of(404, ProblemCodes.ReconciliationUnknown, "There is no reconciliation of this id.");

    /// <summary>A reconciliation shows everybody's payments: a key that is bound to one tenant does not see it.</summary>
    public static Problem? OfOneTenant(Caller caller) => caller.TenantId is null
        ? null
        : Problems.Of(StatusCodes.Status403Forbidden, ProblemCodes.Forbidden, "This API key is bound to one tenant, and a reconciliation is about all of them.");
}
