using Topup.Domain.Checkout;

namespace Topup.Server.Web.Admin.Tenants;

/// <summary>What the top-up button depends on, in words.</summary>
internal static class TopUpWords
{
    /// <param name="plan">Code of the tenant's plan; null: none.</param>
    /// <param name="channel">Over which the credits are spent; null: none.</param>
    /// <returns>Words for when it holds and for when it does not, and the page that would change it.</returns>
    public static (string Holds, string Fails, string Path) Of(Locale l, TopUpNeed need, string type, string tenant, string? plan, string? channel)
    {
        var ofTenant = $"/admin/tenants/{tenant}/plan";
        var ofPlan = plan is null ? ofTenant : "/admin/plans/" + plan;
        return need switch
        {
            TopUpNeed.TypeEnabled => (l.Words("The credit type is enabled"), l.Words("The credit type is disabled"), "/admin/credit-types/" + type),
            TopUpNeed.TenantNotSuspended => (l.Words("The tenant is not suspended"), l.Words("The tenant is suspended"), ofTenant),
            TopUpNeed.PlanNotLapsed => (l.Words("The plan is paid, or need not be"), l.Words("The plan is not paid, and these credits need one that is"), ofTenant),
            TopUpNeed.DriverWorks => (
                channel is null ? l.Words("Nothing has to be sent for these credits") : l.Words("Messages over {0} can be sent", channel),
                l.Words("No driver sends over {0}", channel ?? ""), "/admin/messages"),
            TopUpNeed.PlanAllows => (l.Words("The plan allows it"), l.Words("The plan does not allow it"), ofPlan),
            TopUpNeed.NotUnlimited => (l.Words("The plan has an end, so more can be needed"), l.Words("The plan is unlimited, so nobody needs more"), ofPlan),
            TopUpNeed.PackForSale => (
                l.Words("A top-up plan is for sale to this tenant"), l.Words("No top-up plan of it is for sale to this tenant"), "/admin/packs?type=" + type),
            TopUpNeed.MethodReady => (l.Words("A way to pay is ready"), l.Words("No way to pay is ready"), "/admin/settings"),
        };
    }
}
