namespace Topup.Domain.Tenancy;

/// <summary>
/// What a decision needs to know of a tenant. Who the tenant is (name, e-mail, phone) stands elsewhere and decides nothing.
/// </summary>
/// <param name="Plan">The code of the plan, or null for none.</param>
/// <param name="RenewalDay">Day of the month on which the allowance comes back, 1 to 31.</param>
/// <param name="Period">The last stored period. The current one is <c>Period.At(now, RenewalDay, zone)</c>.</param>
public sealed record Tenant(string Id, string? Plan, TenantStatus Status, int RenewalDay, BillingPeriod Period);
