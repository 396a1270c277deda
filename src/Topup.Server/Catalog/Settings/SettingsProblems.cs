using Topup.Contracts;
using Topup.Server.Http;
using Topup.Server.Tenancy;

namespace Topup.Server.Catalog.Settings;

internal static class SettingsProblems
{
    /// <summary>Settings are the operator's: a key that is bound to one tenant does not see them.</summary>
    public static Problem? OfOneTenant(HttpContext context) => context.Caller().TenantId is null
        ? null
        : Problems.Of(StatusCodes.Status403Forbidden, ProblemCodes.Forbidden, "This API key is bound to one tenant, and settings are the operator's.");
}
