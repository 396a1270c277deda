using Topup.Contracts;
using Topup.Server.Http;

namespace Topup.Server.Tenancy;

internal static class TenancyProblems
{
    /// <summary>The same whether the tenant does not exist or only may not be seen.</summary>
    public static Problem TenantUnknown(string id) => Problems.Of(StatusCodes.Status404NotFound, ProblemCodes.TenantUnknown,
        $"There is no tenant {Shown(id)}. Create it with PUT /v1/tenants/{{id}}.", "tenant");

    public static Problem PlanUnknown(string plan) => Problems.Of(StatusCodes.Status400BadRequest, ProblemCodes.PlanUnknown,
        $"There is no plan {Shown(plan)}. Create it with PUT /v1/plans/{{code}}.", "plan");

    public static Problem ApiKeyUnknown() => Problems.Of(StatusCodes.Status404NotFound, ProblemCodes.ApiKeyUnknown,
        "There is no API key with this id.", "id");

    private static string Shown(string id) => id.Length <= 64 ? id : string.Concat(id.AsSpan(0, 64), "...");
}
