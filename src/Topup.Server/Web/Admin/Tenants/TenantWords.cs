using Topup.Contracts;

namespace Topup.Server.Web.Admin.Tenants;

/// <summary>Tenants between their pages and the verb that saves them.</summary>
internal static class TenantWords
{
    /// <summary>A tenant as it is, to be saved with what differs.</summary>
    public static TenantRequest RequestOf(TenantView tenant) => new()
    {
        Name = tenant.Name, Plan = tenant.Plan, RenewalDay = tenant.RenewalDay, Email = tenant.Email, Phone = tenant.Phone, Locale = tenant.Locale,
        Status = tenant.Status,
    };
}
